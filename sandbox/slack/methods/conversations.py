"""conversations.* without history, and users.conversations."""

from sandbox.slack.channels import Channel
from sandbox.slack.core import WorkspaceCore
from sandbox.slack.errors import Json, SlackError
from sandbox.slack.methods.method import Method
from sandbox.slack.paging import page
from sandbox.slack.reach import readable, require_scope

READ = ("channels:read", "groups:read", "im:read", "mpim:read")
OPEN = ("im:write", "mpim:write", "channels:manage", "groups:write")
SCOPE_BY_TYPE = {
    "public_channel": "channels:read",
    "private_channel": "groups:read",
    "im": "im:read",
    "mpim": "mpim:read",
}
PAGE = 100


def info(workspace: WorkspaceCore, args: Json) -> Json:
    """Describe one conversation; members are counted only on request."""
    channel = readable(workspace, args["channel"], "read")
    drawn = channel.to_slack(viewer=workspace.app.bot_user_id)
    if not args.get("include_num_members"):
        drawn.pop("num_members", None)
    return {"channel": drawn}


def list_(workspace: WorkspaceCore, args: Json) -> Json:
    """List conversations that the bot can see."""
    return _listed(workspace, args, workspace.app.bot_user_id)


def list_of_user(workspace: WorkspaceCore, args: Json) -> Json:
    """List conversations of a person, or of the bot, that the bot can see too."""
    user = str(args.get("user") or workspace.app.bot_user_id)
    return _listed(workspace, args, user, joined=True)


def members(workspace: WorkspaceCore, args: Json) -> Json:
    """List who is in a conversation."""
    channel = readable(workspace, args["channel"], "read")
    some, cursor = page(channel.members, args, limit=PAGE)
    return {"members": some, "response_metadata": {"next_cursor": cursor}}


def open_(workspace: WorkspaceCore, args: Json) -> Json:
    """Open direct messages with one person."""
    if args.get("channel"):
        channel = readable(workspace, args["channel"], "read")
    else:
        channel = _direct(workspace, str(args.get("users") or ""))
    drawn: Json = {"id": channel.id}
    if args.get("return_im"):
        drawn = channel.to_slack(viewer=workspace.app.bot_user_id)
    return {"channel": drawn, "no_op": True, "already_open": True}


def join(workspace: WorkspaceCore, args: Json) -> Json:
    """Have the bot join a public channel."""
    channel = workspace.channels.find(str(args["channel"]))
    if channel is None or not channel.visible_to(workspace.app.bot_user_id):
        raise SlackError("channel_not_found")
    if channel.kind != "public_channel":
        raise SlackError("method_not_supported_for_channel_type")
    if channel.is_archived:
        raise SlackError("is_archived")
    bot = workspace.app.bot_user_id
    if bot not in channel.members:
        channel.members.append(bot)
        workspace.changed("workspace")
    return {"channel": channel.to_slack(viewer=bot)}


def _listed(
    workspace: WorkspaceCore, args: Json, user: str, *, joined: bool = False
) -> Json:
    types = _types(workspace, args)
    bot = workspace.app.bot_user_id
    seen = [
        channel
        for channel in workspace.channels.all()
        if channel.kind in types
        and channel.visible_to(bot)
        and not (joined and user not in channel.members)
        and not (args.get("exclude_archived") and channel.is_archived)
    ]
    some, cursor = page(seen, args, limit=PAGE)
    return {
        "channels": [channel.to_slack(viewer=bot) for channel in some],
        "response_metadata": {"next_cursor": cursor},
    }


def _types(workspace: WorkspaceCore, args: Json) -> set[str]:
    types = set(str(args.get("types") or "public_channel").split(","))
    if not types <= set(SCOPE_BY_TYPE):
        raise SlackError("invalid_types")
    for kind in sorted(types):
        require_scope(workspace, SCOPE_BY_TYPE[kind])
    return types


def _direct(workspace: WorkspaceCore, users: str) -> Channel:
    ids = [each.strip() for each in users.split(",") if each.strip()]
    if not ids:
        raise SlackError("users_list_not_supplied")
    if len(ids) > 1:
        raise SlackError("method_not_supported_for_channel_type")
    require_scope(workspace, "im:write")
    user = workspace.people.find(ids[0])
    if user is None:
        raise SlackError("user_not_found")
    if user["deleted"]:
        raise SlackError("user_disabled")
    if user.get("is_stranger"):
        raise SlackError("user_not_visible")
    return workspace.channels.im_with(ids[0])


METHODS = {
    "conversations.info": Method(info, READ, ("channel",), tier=3),
    "conversations.list": Method(list_, READ, tier=2),
    "conversations.members": Method(members, READ, ("channel",), tier=4),
    "conversations.open": Method(open_, OPEN, tier=3),
    "conversations.join": Method(join, ("channels:join",), ("channel",), tier=3),
    "users.conversations": Method(list_of_user, READ, tier=3),
}
