"""users.* and usergroups.*"""

from sandbox.slack.core import WorkspaceCore
from sandbox.slack.errors import Json, SlackError
from sandbox.slack.identity import Usergroup
from sandbox.slack.methods.method import Method
from sandbox.slack.paging import page
from sandbox.slack.people import public_copy

READ = ("users:read",)
EMAIL = "users:read.email"
GROUPS = ("usergroups:read",)


def info(workspace: WorkspaceCore, args: Json) -> Json:
    """Describe one person."""
    user = workspace.people.find(str(args["user"]))
    if user is None:
        raise SlackError("user_not_found")
    return {"user": _drawn(workspace, user)}


def list_(workspace: WorkspaceCore, args: Json) -> Json:
    """List everybody, deactivated people and bots included."""
    people = workspace.people.all()
    some, cursor = page(people, args, limit=len(people))
    return {
        "members": [_drawn(workspace, user) for user in some],
        "cache_ts": int(workspace.clock.now()),
        "response_metadata": {"next_cursor": cursor},
    }


def lookup_by_email(workspace: WorkspaceCore, args: Json) -> Json:
    """Find an active person by address."""
    user = workspace.people.find_by_email(str(args["email"]))
    if user is None:
        raise SlackError("users_not_found")
    return {"user": _drawn(workspace, user)}


def usergroups_list(workspace: WorkspaceCore, args: Json) -> Json:
    """List user groups, with their people if asked."""
    groups = [
        _group(group, with_users=bool(args.get("include_users")))
        for group in _usergroups(workspace)
        if args.get("include_disabled") or not group.disabled
    ]
    return {"usergroups": groups}


def usergroups_users(workspace: WorkspaceCore, args: Json) -> Json:
    """List the people of one user group."""
    for group in _usergroups(workspace):
        if group.id == args["usergroup"]:
            return {"users": list(group.users)}
    raise SlackError("no_such_subteam")


def _drawn(workspace: WorkspaceCore, user: Json) -> Json:
    return public_copy(user, with_email=EMAIL in workspace.scopes)


def _usergroups(workspace: WorkspaceCore) -> tuple[Usergroup, ...]:
    if workspace.usergroups is None:
        raise SlackError("plan_upgrade_required")
    return workspace.usergroups


def _group(group: Usergroup, *, with_users: bool) -> Json:
    drawn: Json = {
        "id": group.id,
        "is_usergroup": True,
        "handle": group.handle,
        "name": group.name,
        "date_delete": 1 if group.disabled else 0,
        "user_count": len(group.users),
    }
    return drawn | ({"users": list(group.users)} if with_users else {})


METHODS = {
    "users.info": Method(info, READ, ("user",), tier=4),
    "users.list": Method(list_, READ, tier=2),
    "users.lookupByEmail": Method(lookup_by_email, (EMAIL,), ("email",), tier=3),
    "usergroups.list": Method(usergroups_list, GROUPS, tier=2),
    "usergroups.users.list": Method(usergroups_users, GROUPS, ("usergroup",), tier=2),
}
