"""What the page shows: the workspace, a channel, somebody's modals, the faults."""

from sandbox.slack.channels import Channel
from sandbox.slack.core import WorkspaceCore
from sandbox.slack.errors import ControlError, Json
from sandbox.slack.messages import Message


def overview(workspace: WorkspaceCore) -> Json:
    """Describe team, app, people and channels."""
    people = workspace.people.all()
    return {
        "team": {
            "id": workspace.team.id,
            "name": workspace.team.name,
            "domain": workspace.team.domain,
        },
        "app": _app(workspace),
        "people": [_with_dm(workspace, user) for user in people],
        "channels": [_channel(channel) for channel in workspace.channels.all()],
    }


def messages(workspace: WorkspaceCore, channel_id: str, user_id: str) -> Json:
    """Return what somebody sees in a conversation, oldest first."""
    workspace.channels.seen_by(user_id, channel_id)
    seen = workspace.messages.seen_by(user_id, channel_id)
    return {"messages": [_message(message) for message in seen]}


def views(workspace: WorkspaceCore, user_id: str) -> Json:
    """Return somebody's modals, bottom first, their Home tab and last notice."""
    home = workspace.views.home(user_id)
    return {
        "stack": [workspace.draw_view(v) for v in workspace.views.stack(user_id)],
        "home": workspace.draw_view(home) if home else None,
        "notice": workspace.notices.get(user_id),
    }


def faults(workspace: WorkspaceCore) -> Json:
    """List the faults with their switches."""
    return {"faults": [fault.to_json() for fault in workspace.faults.all()]}


def change_channel(workspace: WorkspaceCore, body: Json) -> None:
    """Archive a channel, invite or remove somebody, or kick the bot.

    Raises:
        ControlError: no such channel or person.
    """
    channel = workspace.channels.existing(body["id"])
    if "archive" in body:
        channel.is_archived = bool(body["archive"])
    if body.get("kick_bot"):
        _take_out(channel, workspace.app.bot_user_id)
    if "invite" in body:
        _put_in(workspace, channel, body["invite"])
    if "remove" in body:
        _take_out(channel, body["remove"])
    workspace.changed("workspace", "messages")


def _put_in(workspace: WorkspaceCore, channel: Channel, user_id: str) -> None:
    if user_id not in workspace.people:
        raise ControlError("user_not_found", f"Nobody here has the ID {user_id}.")
    if user_id not in channel.members:
        channel.members.append(user_id)


def _take_out(channel: Channel, user_id: str) -> None:
    if user_id in channel.members:
        channel.members.remove(user_id)


def _app(workspace: WorkspaceCore) -> Json:
    app, manifest = workspace.app, workspace.manifest
    return {
        "id": app.id,
        "name": app.name,
        "bot_user_id": app.bot_user_id,
        "connected": workspace.connected,
        "mode": workspace.mode,
        "commands": [command.to_json() for command in manifest.commands],
        "shortcuts": [shortcut.to_json() for shortcut in manifest.shortcuts],
        "home_tab": manifest.home_tab,
    }


def _with_dm(workspace: WorkspaceCore, user: Json) -> Json:
    if user["is_bot"]:
        return user
    return user | {"dm": workspace.channels.im_with(user["id"]).id}


def _channel(channel: Channel) -> Json:
    drawn: Json = {
        "id": channel.id,
        "name": channel.name,
        "is_private": channel.is_private,
        "is_archived": channel.is_archived,
        "is_im": channel.is_im,
        "members": list(channel.members),
    }
    return drawn | ({"user": channel.im_with} if channel.is_im else {})


def _message(message: Message) -> Json:
    drawn = message.to_slack()
    return drawn | ({"is_ephemeral": True} if message.ephemeral_to else {})
