"""Which conversations the bot can see and post to, and with which scopes."""

from sandbox.slack.channels import Channel
from sandbox.slack.core import WorkspaceCore
from sandbox.slack.errors import SlackError


def readable(workspace: WorkspaceCore, channel_id: object, right: str) -> Channel:
    """Return a conversation that the bot may see.

    Args:
        right: second half of the scope needed, `read` or `history`.

    Raises:
        SlackError: `channel_not_found` (also for private ones without the bot), or
            `missing_scope` for this kind of conversation.
    """
    channel = _visible(workspace, channel_id)
    require_scope(workspace, f"{channel.scope_family}:{right}")
    return channel


def postable(workspace: WorkspaceCore, channel_id: object) -> Channel:
    """Return where the bot may post: a conversation, or a person's direct messages.

    Raises:
        SlackError: `channel_not_found`, `is_archived`, `not_in_channel`,
            `messages_tab_disabled`.
    """
    if str(channel_id) in workspace.people:
        channel = _direct_messages(workspace, str(channel_id))
    else:
        channel = _visible(workspace, channel_id)
    if channel.is_archived:
        raise SlackError("is_archived")
    if channel.is_im and not workspace.manifest.messages_tab:
        raise SlackError("messages_tab_disabled")
    member = workspace.app.bot_user_id in channel.members
    if not member and "chat:write.public" not in workspace.scopes:
        raise SlackError("not_in_channel")
    return channel


def require_scope(workspace: WorkspaceCore, *any_of: str) -> None:
    """Raise `missing_scope` unless the token carries one of these scopes."""
    provided = workspace.scopes
    if any_of and not provided.intersection(any_of):
        raise SlackError(
            "missing_scope",
            needed=",".join(any_of),
            provided=",".join(sorted(provided)),
        )


def _direct_messages(workspace: WorkspaceCore, user_id: str) -> Channel:
    user = workspace.people.find(user_id)
    if user is None or user["deleted"] or user["is_bot"] or user.get("is_stranger"):
        raise SlackError("channel_not_found")
    return workspace.channels.im_with(user_id)


def _visible(workspace: WorkspaceCore, channel_id: object) -> Channel:
    channel = workspace.channels.find(str(channel_id))
    if channel is None or not channel.visible_to(workspace.app.bot_user_id):
        raise SlackError("channel_not_found")
    return channel
