"""Parts of app registrations: credentials, and what an app asks for and was granted."""

from datetime import datetime, timedelta
from uuid import uuid4

from sandbox.graph.permissions import (
    APP_ROLE_IDS,
    GRAPH_APP_ID,
    permission_name,
    scope_id,
)
from sandbox.graph.tenant import Json, Tenant, timestamp
from sandbox.graph.tokens import granted_permissions


def secret_object(
    key_id: str, name: str, hint: str, now: datetime, ends_at: datetime
) -> Json:
    """Return a passwordCredential; its value is never part of it."""
    return {
        "customKeyIdentifier": None,
        "displayName": name,
        "endDateTime": timestamp(ends_at),
        "hint": hint,
        "keyId": key_id,
        "secretText": None,
        "startDateTime": timestamp(min(now, ends_at) - timedelta(days=180)),
    }


def certificate_object(
    key_id: str, name: str, thumbprint: str, now: datetime, ends_at: datetime
) -> Json:
    """Return a keyCredential of an uploaded certificate."""
    return {
        "customKeyIdentifier": thumbprint,
        "displayName": name,
        "endDateTime": timestamp(ends_at),
        "key": None,
        "keyId": key_id,
        "startDateTime": timestamp(min(now, ends_at) - timedelta(days=345)),
        "type": "AsymmetricX509Cert",
        "usage": "Verify",
    }


def requested(app: Json, kind: str) -> list[str]:
    """Return the Graph permissions that an app asks for: kind "Role" or "Scope"."""
    names = (
        permission_name(access["id"])
        for resource in app["requiredResourceAccess"]
        if resource["resourceAppId"] == GRAPH_APP_ID
        for access in resource["resourceAccess"]
        if access["type"] == kind
    )
    return [name for name in names if name is not None]


def ask_for(app: Json, *, roles: list[str], scopes: list[str]) -> None:
    """Let an app ask for these application and delegated permissions of Graph.

    Raises:
        KeyError: a permission that Graph does not have.
    """
    wanted = [{"id": APP_ROLE_IDS[name], "type": "Role"} for name in roles]
    wanted += [{"id": scope_id(name), "type": "Scope"} for name in scopes]
    app["requiredResourceAccess"] = [
        {"resourceAppId": GRAPH_APP_ID, "resourceAccess": wanted}
    ]


class Consent:
    """What an administrator of the tenant does about one app's permissions."""

    def __init__(self, tenant: Tenant, client_id: str) -> None:
        app = tenant.find_application(client_id)
        principal = tenant.find_service_principal(client_id)
        if app is None or principal is None:
            raise KeyError(client_id)
        self._tenant, self._app, self._principal = tenant, app, principal

    @property
    def roles(self) -> list[str]:
        """Return the application permissions asked for."""
        return requested(self._app, "Role")

    @property
    def scopes(self) -> list[str]:
        """Return the delegated permissions asked for."""
        return requested(self._app, "Scope")

    @property
    def granted(self) -> list[str]:
        """Return the application permissions granted."""
        return granted_permissions(self._tenant, self._principal["id"])

    def grant_all(self, now: datetime) -> None:
        """Press "Grant admin consent": every application permission asked for."""
        self.grant(self.roles, now)

    def grant(self, names: list[str], now: datetime) -> None:
        """Grant application permissions, asking for them first where nobody did."""
        self._ask(as_roles=names)
        graph = self._tenant.find_service_principal(GRAPH_APP_ID)
        for name in set(names) - set(self.granted):
            assignment_id = str(uuid4())
            self._tenant.app_role_assignments[assignment_id] = {
                "id": assignment_id,
                "deletedDateTime": None,
                "appRoleId": APP_ROLE_IDS[name],
                "createdDateTime": timestamp(now),
                "principalDisplayName": self._principal["displayName"],
                "principalId": self._principal["id"],
                "principalType": "ServicePrincipal",
                "resourceDisplayName": "Microsoft Graph",
                "resourceId": graph["id"] if graph else None,
            }

    def ask(self, names: list[str]) -> None:
        """Add application permissions to what is asked for, granting nothing."""
        self._ask(as_roles=names)

    def revoke(self, names: list[str]) -> None:
        """Take permissions back; they stay asked for, as application permissions."""
        self._ask(as_roles=[name for name in names if name in self.scopes])
        self._drop(names)

    def ask_as_delegated(self, names: list[str]) -> None:
        """Make the classic mistake: ask for the delegated permission instead."""
        self._drop(names)
        roles = [name for name in self.roles if name not in names]
        ask_for(self._app, roles=roles, scopes=_united(self.scopes, names))

    def _ask(self, *, as_roles: list[str]) -> None:
        scopes = [name for name in self.scopes if name not in as_roles]
        ask_for(self._app, roles=_united(self.roles, as_roles), scopes=scopes)

    def _drop(self, names: list[str]) -> None:
        ids = {APP_ROLE_IDS[name] for name in names}
        for assignment in self._tenant.granted_roles(self._principal["id"]):
            if assignment["appRoleId"] in ids:
                del self._tenant.app_role_assignments[assignment["id"]]


def _united(first: list[str], second: list[str]) -> list[str]:
    return list(dict.fromkeys((*first, *second)))
