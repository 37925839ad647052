"""Users: read, change, revoke, delete."""

from typing import Any

from sandbox.graph.directory_roles import SENSITIVE_PROPERTIES, may_touch
from sandbox.graph.errors import GraphError, bad_request, denied, malformed, not_found
from sandbox.graph.exchange import GraphRequest, Reply, no_content
from sandbox.graph.licences import Plan, require_plan
from sandbox.graph.projection import Relation, Relations
from sandbox.graph.query import USUAL_SIZES, PageSizes, count_of, many, one
from sandbox.graph.resources import access
from sandbox.graph.resources.lookup import user_named
from sandbox.graph.routing import Route
from sandbox.graph.schema import USER
from sandbox.graph.tenant import Json, timestamp

_READ_ONLY = frozenset(
    {
        "id",
        "createdDateTime",
        "signInSessionsValidFromDateTime",
        "assignedLicenses",
        "licenseAssignmentStates",
        "proxyAddresses",
        "securityIdentifier",
    }
)
# A larger $top is answered with pages of this many.
ACTIVITY_PAGES = PageSizes(most=500, clamps=True)
# What an administrator may still change on a user that on-premises is the master of.
_CLOUD_MASTERED = frozenset({"accountEnabled", "usageLocation", "passwordProfile"})
SYNCED_REFUSAL = (
    "Unable to update the specified properties for on-premises mastered Directory Sync "
    "objects or objects currently undergoing migration."
)


def _relations(request: GraphRequest) -> Relations:
    def manager(user: Json) -> Json | None:
        manager_id = request.tenant.managers.get(user["id"], "")
        return request.tenant.users.get(manager_id)

    return {"manager": Relation(USER, manager)}


def check_sign_in_activity(request: GraphRequest) -> None:
    """Refuse a property of the sign-in logs to who may not read those."""
    if not asks_activity(request):
        return
    if not request.has("AuditLog.Read.All"):
        raise GraphError(
            403,
            "Authentication_MSGraphPermissionMissing",
            "The principal does not have required Microsoft Graph permission(s): "
            "AuditLog.Read.All to call this API.",
        )
    require_plan(request, Plan.P1)


def asks_activity(request: GraphRequest) -> bool:
    """Tell whether the request is about when users signed in last."""
    named = request.options.get("$select", "").split(",")
    filtered = request.options.get("$filter", "")
    return "signInActivity" in named or "signInActivity/" in filtered


def list_users(request: GraphRequest) -> Reply:
    """GET /users."""
    check_sign_in_activity(request)
    users = request.tenant.users.values()
    sizes = ACTIVITY_PAGES if asks_activity(request) else USUAL_SIZES
    return many(request, USER, users, "users", _relations(request), sizes)


def count_users(request: GraphRequest) -> Reply:
    """GET /users/$count."""
    return count_of(request, USER, request.tenant.users.values())


def get_user(request: GraphRequest) -> Reply:
    """GET /users/{id or user principal name}."""
    check_sign_in_activity(request)
    return one(request, USER, user_named(request), "users", _relations(request))


def get_manager(request: GraphRequest) -> Reply:
    """GET /users/{id}/manager; 404 where the user has none."""
    manager_id = request.tenant.managers.get(user_named(request)["id"])
    if manager_id is None:
        raise not_found("manager")
    manager = request.tenant.users[manager_id]
    typed = {"@odata.type": "#microsoft.graph.user", **manager}
    return one(request, USER, typed, "directoryObjects")


def patch_user(request: GraphRequest) -> Reply:
    """PATCH /users/{id}: all of it or nothing."""
    user, changes = user_named(request), _changes(request.body)
    for name in changes:
        request.require(*_permissions_for(name))
    # On its own this permission cannot even find the user.
    if "accountEnabled" in changes and not request.has(*access.WRITE_USERS):
        request.require(*access.READ_USERS)
    if SENSITIVE_PROPERTIES & set(changes):
        check_privilege(request, user["id"])
    _check_synced(request, user, changes)
    user.update(changes)
    return no_content()


def _changes(body: Any) -> Json:
    if not isinstance(body, dict) or not body:
        raise malformed("Empty Payload. JSON content expected.")
    for name, value in body.items():
        if name not in USER.properties:
            raise bad_request(
                f"Property '{name}' does not exist as a declared property or extension "
                "property."
            )
        if name in _READ_ONLY:
            raise bad_request(f"Property '{name}' is read-only and cannot be set.")
        if name == "accountEnabled" and not isinstance(value, bool):
            raise malformed(f"Cannot convert the value of '{name}' to Edm.Boolean.")
    return body


def _permissions_for(name: str) -> tuple[str, ...]:
    if name == "accountEnabled":
        return access.ENABLE_USERS
    if name in ("businessPhones", "mobilePhone"):
        return access.PHONE_USERS
    return access.WRITE_USERS


def _check_synced(request: GraphRequest, user: Json, changes: Json) -> None:
    if not user["onPremisesSyncEnabled"]:
        return
    protected = request.faults.is_on("protect_synced")
    if protected or not _CLOUD_MASTERED.issuperset(changes):
        raise bad_request(SYNCED_REFUSAL)


def check_privilege(request: GraphRequest, user_id: str) -> None:
    """Refuse a sensitive action on a privileged user unless the app's role allows it.

    Raises:
        GraphError: 403 Authorization_RequestDenied, the same as for a permission.
    """
    if not request.faults.is_on("forbid_privileged"):
        return
    if not may_touch(request.tenant, request.token.principal_id, user_id):
        raise denied()


def revoke_sessions(request: GraphRequest) -> Reply:
    """POST /users/{id}/revokeSignInSessions."""
    user = user_named(request)
    user["signInSessionsValidFromDateTime"] = timestamp(request.now)
    return Reply(
        body={"@odata.context": f"{request.root}/$metadata#Edm.Boolean", "value": True}
    )


def delete_user(request: GraphRequest) -> Reply:
    """DELETE /users/{id}."""
    remove_user(request, user_named(request)["id"])
    return no_content()


def remove_user(request: GraphRequest, user_id: str) -> None:
    """Move a user to the deleted ones, out of every group and role."""
    check_privilege(request, user_id)
    tenant = request.tenant
    tenant.deleted_users[user_id] = tenant.users.pop(user_id)
    for related in (
        tenant.members,
        tenant.group_owners,
        tenant.app_owners,
        tenant.principal_owners,
    ):
        for ids in related.values():
            if user_id in ids:
                ids.remove(user_id)
    for assignments in (
        tenant.role_assignments,
        tenant.role_eligibilities,
        tenant.role_activations,
        tenant.app_role_assignments,
    ):
        for key in [k for k, a in assignments.items() if a["principalId"] == user_id]:
            del assignments[key]


_USER = "/users/{user_id}"

ROUTES = (
    Route("GET", "/users", list_users, access.READ_USERS, cost=2),
    Route("GET", "/users/$count", count_users, access.READ_USERS),
    Route("GET", _USER, get_user, access.READ_USERS),
    Route(
        "PATCH",
        _USER,
        patch_user,
        (*access.ENABLE_USERS, "User-Phone.ReadWrite.All"),
    ),
    Route("DELETE", _USER, delete_user, access.DELETE_USERS),
    Route("GET", f"{_USER}/manager", get_manager, access.READ_USERS),
    Route(
        "POST",
        f"{_USER}/revokeSignInSessions",
        revoke_sessions,
        access.REVOKE_SESSIONS,
    ),
)
