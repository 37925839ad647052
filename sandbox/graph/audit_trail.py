"""What writes through Graph leave in the directory's audit log, as the service does."""

from uuid import uuid4

from sandbox.graph.exchange import GraphRequest
from sandbox.graph.tenant import Json, Tenant, timestamp

_USERS, _GROUPS = "UserManagement", "GroupManagement"
# Method and path template -> activity and category.
ACTIVITIES = {
    ("PATCH", "/users/{user_id}"): ("Update user", _USERS),
    ("DELETE", "/users/{user_id}"): ("Delete user", _USERS),
    ("POST", "/users/{user_id}/revokeSignInSessions"): (
        "Update StsRefreshTokenValidFrom Timestamp",
        _USERS,
    ),
    ("POST", "/groups/{group_id}/members/$ref"): ("Add member to group", _GROUPS),
    ("DELETE", "/groups/{group_id}/members/{member_id}/$ref"): (
        "Remove member from group",
        _GROUPS,
    ),
    ("DELETE", "/groups/{group_id}/members/{member_id}"): ("Delete user", _USERS),
    ("DELETE", "/groups/{group_id}/owners/{owner_id}/$ref"): (
        "Remove owner from group",
        _GROUPS,
    ),
    ("DELETE", "/roleManagement/directory/roleAssignments/{assignment_id}"): (
        "Remove member from role",
        "RoleManagement",
    ),
}


def note_write(request: GraphRequest, template: str, before: Tenant) -> None:
    """Add the entry of a write that was carried out.

    Args:
        before: the tenant as it was, which still has what was deleted.
    """
    activity, category = _told(request, template)
    request.tenant.audits.append(
        {
            "id": f"Directory_{uuid4()}",
            "category": category,
            "correlationId": request.headers.get("client-request-id", str(uuid4())),
            "result": "success",
            "resultReason": "",
            "activityDisplayName": activity,
            "activityDateTime": timestamp(request.now),
            "loggedByService": "Core Directory",
            "operationType": "Update",
            "initiatedBy": {"app": _app(request), "user": None},
            "targetResources": _targets(request, before),
            "additionalDetails": [],
        }
    )


def _told(request: GraphRequest, template: str) -> tuple[str, str]:
    """Return what the log calls a write."""
    if "/authentication/" in template:
        deletes = request.method == "DELETE"
        verb = "deleted" if deletes else "registered"
        return f"Admin {verb} security info", _USERS
    body = request.body if isinstance(request.body, dict) else {}
    if request.method == "PATCH" and set(body) == {"accountEnabled"}:
        return ("Enable" if body["accountEnabled"] else "Disable") + " account", _USERS
    return ACTIVITIES[request.method, template]


def _app(request: GraphRequest) -> Json:
    principal = request.tenant.service_principals[request.token.principal_id]
    return {
        "appId": None,
        "displayName": principal["displayName"],
        "servicePrincipalId": principal["id"],
        "servicePrincipalName": None,
    }


def _targets(request: GraphRequest, before: Tenant) -> list[Json]:
    """Return the objects that a path names, in its order."""
    found = (_target(before, value) for value in request.keys.values())
    return [target for target in found if target is not None]


def _target(tenant: Tenant, key: str) -> Json | None:
    user = tenant.find_user(key)
    group = tenant.groups.get(key.lower())
    if user is None and group is None:
        return None
    item = user or group or {}
    return {
        "id": item["id"],
        "displayName": item["displayName"],
        "type": "User" if user else "Group",
        "userPrincipalName": item.get("userPrincipalName"),
        "groupType": None if user else "azureAD",
        "modifiedProperties": [],
    }
