"""Payloads in Slack's exact shapes: commands, interactions, events."""

from sandbox.slack.channels import Channel
from sandbox.slack.core import WorkspaceCore
from sandbox.slack.errors import Json
from sandbox.slack.messages import Message
from sandbox.slack.views import View


def slash_command(
    workspace: WorkspaceCore, user: Json, channel: Channel, command: str, text: str
) -> Json:
    """Draw a slash command: all members are strings, as in a form."""
    return {
        "token": workspace.app.verification_token,
        "team_id": workspace.team.id,
        "team_domain": workspace.team.domain,
        "channel_id": channel.id,
        "channel_name": _command_channel_name(channel),
        "user_id": user["id"],
        "user_name": user["name"],
        "command": command,
        "text": text,
        "api_app_id": workspace.app.id,
        "is_enterprise_install": "false",
        "response_url": workspace.response_url("commands", user["id"], channel.id),
        "trigger_id": workspace.triggers.make(user["id"], channel=channel.id),
    }


def on_message(workspace: WorkspaceCore, user: Json, message: Message) -> Json:
    """Draw the members of an interaction that came from a message.

    An ephemeral message is not sent along: Slack does not store it.
    """
    ephemeral = message.ephemeral_to is not None
    found = workspace.channels.existing(message.channel)
    payload: Json = {
        "container": {
            "type": "message",
            "message_ts": message.ts,
            "channel_id": message.channel,
            "is_ephemeral": ephemeral,
        },
        "channel": {"id": found.id, "name": found.name},
        "response_url": workspace.response_url(
            "actions", user["id"], message.channel, message.ts
        ),
    }
    return payload if ephemeral else payload | {"message": message.to_slack()}


def on_view(workspace: WorkspaceCore, view: View) -> Json:
    """Draw the members of an interaction that came from a modal or Home tab."""
    return {
        "container": {"type": "view", "view_id": view.id},
        "view": workspace.draw_view(view),
    }


def block_actions(
    workspace: WorkspaceCore,
    user: Json,
    action: Json,
    origin: Json,
    *,
    values: Json,
    view_id: str | None,
) -> Json:
    """Draw a use of one element. `origin` is from `on_message` or `on_view`."""
    channel = origin.get("channel", {}).get("id")
    trigger = workspace.triggers.make(user["id"], view_id=view_id, channel=channel)
    return (
        _common(workspace, "block_actions", user)
        | origin
        | {
            "trigger_id": trigger,
            "state": {"values": values},
            "actions": [action | {"action_ts": workspace.mint.ts()}],
        }
    )


def block_suggestion(
    workspace: WorkspaceCore,
    user: Json,
    origin: Json,
    *,
    action_id: str,
    block_id: str,
    value: str,
) -> Json:
    """Draw a question for the options of an external select."""
    seen = {name: each for name, each in origin.items() if name != "response_url"}
    asked = {"action_id": action_id, "block_id": block_id, "value": value}
    return _common(workspace, "block_suggestion", user) | seen | asked


def view_submission(workspace: WorkspaceCore, user: Json, view: View) -> Json:
    """Draw the submission of a modal."""
    return _common(workspace, "view_submission", user) | {
        "trigger_id": workspace.triggers.make(user["id"], view_id=view.id),
        "view": workspace.draw_view(view),
        "response_urls": [],
    }


def view_closed(
    workspace: WorkspaceCore, user: Json, view: View, *, cleared: bool
) -> Json:
    """Draw the closing of a modal. Slack sends no values along."""
    drawn = workspace.draw_view(view) | {"state": {"values": {}}}
    closed = {"view": drawn, "is_cleared": cleared}
    return _common(workspace, "view_closed", user) | closed


def global_shortcut(workspace: WorkspaceCore, user: Json, callback_id: str) -> Json:
    """Draw a global shortcut, which knows no channel."""
    return _common(workspace, "shortcut", user) | {
        "callback_id": callback_id,
        "trigger_id": workspace.triggers.make(user["id"]),
        "action_ts": workspace.mint.ts(),
    }


def message_shortcut(
    workspace: WorkspaceCore, user: Json, callback_id: str, message: Message
) -> Json:
    """Draw a message shortcut with the whole message."""
    found = workspace.channels.existing(message.channel)
    return _common(workspace, "message_action", user) | {
        "callback_id": callback_id,
        "trigger_id": workspace.triggers.make(user["id"], channel=found.id),
        "action_ts": workspace.mint.ts(),
        "message_ts": message.ts,
        "channel": {"id": found.id, "name": found.name},
        "message": message.to_slack(),
        "response_url": workspace.response_url("app", user["id"], found.id, message.ts),
    }


def _common(workspace: WorkspaceCore, kind: str, user: Json) -> Json:
    return {
        "type": kind,
        "token": workspace.app.verification_token,
        "team": workspace.team.to_payload(),
        "enterprise": None,
        "is_enterprise_install": False,
        "api_app_id": workspace.app.id,
        "user": {
            "id": user["id"],
            "username": user["name"],
            "name": user["name"],
            "team_id": user["team_id"],
        },
    }


def _command_channel_name(channel: Channel) -> str:
    if channel.is_im:
        return "directmessage"
    return "privategroup" if channel.is_private else channel.name
