"""One Entra tenant as the simulator keeps it: Graph's own JSON objects, by id."""

import copy
from collections.abc import Iterator
from dataclasses import dataclass, field, fields
from datetime import UTC, datetime
from typing import Any

Json = dict[str, Any]


def timestamp(moment: datetime) -> str:
    """Write an aware datetime as Graph does: UTC, whole seconds, a Z."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


@dataclass
class Tenant:
    """Everything a tenant holds. Relationships stand apart from the objects.

    `role_activations` are those made by a person for a time; `provisioning_jobs` are
    by service principal, `usage` by user; the logs stand in no order.

    Object ids are keys everywhere. `secrets` and `certificates` are what Graph never
    gives back: the value of a client secret, the PEM of a certificate, by keyId.
    """

    id: str
    display_name: str
    cloud: str
    domains: tuple[str, ...]
    organization: Json
    bot_client_id: str
    users: dict[str, Json] = field(default_factory=dict)
    groups: dict[str, Json] = field(default_factory=dict)
    applications: dict[str, Json] = field(default_factory=dict)
    service_principals: dict[str, Json] = field(default_factory=dict)
    members: dict[str, list[str]] = field(default_factory=dict)
    devices: dict[str, Json] = field(default_factory=dict)
    group_owners: dict[str, list[str]] = field(default_factory=dict)
    app_owners: dict[str, list[str]] = field(default_factory=dict)
    principal_owners: dict[str, list[str]] = field(default_factory=dict)
    managers: dict[str, str] = field(default_factory=dict)
    methods: dict[str, list[Json]] = field(default_factory=dict)
    default_methods: dict[str, str] = field(default_factory=dict)
    role_assignments: dict[str, Json] = field(default_factory=dict)
    app_role_assignments: dict[str, Json] = field(default_factory=dict)
    grants: dict[str, Json] = field(default_factory=dict)
    federated: dict[str, list[Json]] = field(default_factory=dict)
    role_eligibilities: dict[str, Json] = field(default_factory=dict)
    role_activations: dict[str, Json] = field(default_factory=dict)
    managed_devices: dict[str, Json] = field(default_factory=dict)
    identity_providers: dict[str, Json] = field(default_factory=dict)
    provisioning_jobs: dict[str, list[Json]] = field(default_factory=dict)
    usage: dict[str, Json] = field(default_factory=dict)
    audits: list[Json] = field(default_factory=list)
    sign_ins: list[Json] = field(default_factory=list)
    provisioning_log: list[Json] = field(default_factory=list)
    skus: list[Json] = field(default_factory=list)
    deleted_users: dict[str, Json] = field(default_factory=dict)
    secrets: dict[str, str] = field(default_factory=dict)
    certificates: dict[str, str] = field(default_factory=dict)
    bot_certificate_pem: str = ""

    def answers_to(self, name: str) -> bool:
        """Tell whether a tenant segment of a login URL means this tenant."""
        return name.lower() in {self.id, *self.domains}

    def find_user(self, id_or_upn: str) -> Json | None:
        """Return the user of that object id or user principal name."""
        wanted = id_or_upn.lower()
        for user in self.users.values():
            if wanted in (user["id"], user["userPrincipalName"].lower()):
                return user
        return None

    def find_application(self, name: str) -> Json | None:
        """Return the app registration of that object id, appId or display name."""
        for app in self.applications.values():
            if name in (app["id"], app["appId"], app["displayName"]):
                return app
        return None

    def find_service_principal(self, app_id: str) -> Json | None:
        """Return the service principal of the app of that client id."""
        for principal in self.service_principals.values():
            if principal["appId"] == app_id:
                return principal
        return None

    def groups_of(self, member_id: str) -> list[Json]:
        """Return the groups that the object is a direct member of."""
        return [g for key, g in self.groups.items() if member_id in self.members[key]]

    def transitive_groups_of(self, member_id: str) -> list[Json]:
        """Return the groups that the object is in, itself or through other groups."""
        found: dict[str, Json] = {}
        waiting = [member_id]
        while waiting:
            for group in self.groups_of(waiting.pop()):
                if group["id"] not in found:
                    found[group["id"]] = group
                    waiting.append(group["id"])
        return list(found.values())

    def roles_of(self, principal_id: str) -> Iterator[str]:
        """Yield the role template ids that the principal holds directly."""
        for assignment in self.role_assignments.values():
            if assignment["principalId"] == principal_id:
                yield assignment["roleDefinitionId"]

    def all_roles_of(self, user_id: str) -> set[str]:
        """Return the role template ids held directly and through groups."""
        roles = set(self.roles_of(user_id))
        for group in self.transitive_groups_of(user_id):
            roles.update(self.roles_of(group["id"]))
        return roles

    def granted_roles(self, principal_id: str) -> list[Json]:
        """Return the app role assignments of a service principal, user or group."""
        return [
            assignment
            for assignment in self.app_role_assignments.values()
            if assignment["principalId"] == principal_id
        ]

    def clone(self) -> "Tenant":
        """Return a copy that later changes do not reach."""
        return copy.deepcopy(self)

    def restore(self, earlier: "Tenant") -> None:
        """Become what a clone holds, so that everybody who holds this tenant sees it.

        Takes the clone's parts as they are: a clone is restored once.
        """
        for part in fields(self):
            setattr(self, part.name, getattr(earlier, part.name))
