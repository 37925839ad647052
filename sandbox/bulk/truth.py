"""What is true of the generated directory, data set by data set.

Names are those of collections; owners carry the id of what they own as `objectId`,
members that of the group as `groupId`, and what an app holds that of the app. What the
ordinary simulator answers (roles, schedules, identity providers) is in its tenant.
"""

import json
from collections.abc import Callable, Iterator
from functools import partial
from typing import TYPE_CHECKING, Any

from sandbox.bulk.activity import uses_of
from sandbox.bulk.identifiers import object_id

if TYPE_CHECKING:
    from sandbox.bulk.directory import BulkDirectory

Json = dict[str, Any]
Told = Callable[[], Iterator[Json]]

_SEGMENTS = {
    "users": "users",
    "groups": "groups",
    "applications": "applications",
    "service_principals": "servicePrincipals",
    "oauth_grants": "oauth2PermissionGrants",
    "devices": "devices",
    "managed_devices": "managedDevices",
    "registrations": "userRegistrationDetails",
}
_LOGS = {
    "directory_audits": "directoryAudits",
    "sign_ins": "signIns",
    "provisioning_logs": "provisioning",
}
_OWNED = {
    "group_owners": "groups",
    "application_owners": "applications",
    "service_principal_owners": "servicePrincipals",
}
_USAGE = ("usage_office", "usage_teams", "usage_apps")


def truth_of(directory: "BulkDirectory", data_set: str) -> Iterator[Json]:
    """Yield every object of a data set. Raises KeyError for an unknown one."""
    return _told(directory)[data_set]()


def count_of(directory: "BulkDirectory", data_set: str) -> int:
    """Return how many objects a data set has. Raises KeyError for an unknown one."""
    if data_set == "memberships":
        return directory.memberships.count()
    if data_set in _SEGMENTS:
        return len(directory.collections[_SEGMENTS[data_set]])
    if data_set in _LOGS:
        return len(directory.logs[_LOGS[data_set]])
    return sum(1 for _ in truth_of(directory, data_set))


def _told(directory: "BulkDirectory") -> dict[str, Told]:
    collections = directory.collections
    return {
        **{name: collections[seg].everything for name, seg in _SEGMENTS.items()},
        **{name: directory.logs[seg].everything for name, seg in _LOGS.items()},
        **{name: partial(_owners, directory, seg) for name, seg in _OWNED.items()},
        **dict.fromkeys(_USAGE, partial(uses_of, directory.users)),
        "users": partial(directory.users.everything, expand="manager"),
        "memberships": partial(_memberships, directory),
        "app_role_assignments": partial(_role_assignments, directory),
        "federated_credentials": directory.federated.everything,
        "provisioning_jobs": directory.jobs.everything,
        "sign_in_activity": partial(_sign_in_activity, directory),
    }


def _memberships(directory: "BulkDirectory") -> Iterator[Json]:
    for group_id, member in directory.memberships.everything():
        kind = member.odata_type
        yield {"groupId": group_id, "id": member.id, "@odata.type": kind}


def _owners(directory: "BulkDirectory", segment: str) -> Iterator[Json]:
    owned, owners = directory.collections[segment], directory.owners[segment]
    for number in owned.live(range(owned.size)):
        for owner in owners.of(number):
            yield {
                "objectId": object_id(owned.kind, number),
                "id": owner.id,
                "@odata.type": owner.odata_type,
            }


def _role_assignments(directory: "BulkDirectory") -> Iterator[Json]:
    principals = directory.service_principals
    for resource in principals.live(range(principals.size)):
        yield from map(json.loads, directory.roles.rows(resource))


def _sign_in_activity(directory: "BulkDirectory") -> Iterator[Json]:
    for user in directory.users.everything():
        if user["signInActivity"] is not None:
            yield {"id": user["id"], "signInActivity": user["signInActivity"]}
