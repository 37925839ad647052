"""Slash commands, shortcuts and plain messages."""

from sandbox.slack import payloads
from sandbox.slack.acts.origins import visible_message
from sandbox.slack.acts.outcomes import Outcome, outcome_of
from sandbox.slack.core import WorkspaceCore
from sandbox.slack.errors import ControlError, Json, SlackError
from sandbox.slack.events import tell
from sandbox.slack.messages import Message
from sandbox.slack.posting import post
from sandbox.slack.typed import escaped, resolved


async def run_command(
    workspace: WorkspaceCore, user_id: str, channel_id: str, line: str
) -> Outcome:
    """Type a slash command, such as `/entra connect`, and wait for the ack.

    Slack does not need the bot in the channel for this, only the person.
    """
    user = workspace.people.actor(user_id)
    channel = workspace.channels.written_by(user_id, channel_id)
    word, _, rest = line.strip().partition(" ")
    command = workspace.manifest.find_command(word)
    if command is None:
        return Outcome(acked=False, error="unknown_command")
    text = escaped(rest.strip())
    if command.should_escape:
        text = resolved(text, workspace.people, workspace.channels)
    payload = payloads.slash_command(workspace, user, channel, word, text)
    answer = await workspace.courier.ask("slash_commands", payload)
    workspace.notice(user_id, answer.error)
    if not answer.payload:
        return outcome_of(answer)
    shown = {"ephemeral_to": user_id}
    if answer.payload.get("response_type") == "in_channel":
        shown = {}
    try:
        post(workspace, channel, answer.payload, **shown)
    except SlackError as refusal:
        workspace.notice(user_id, "invalid_response", detail=refusal.code)
        return Outcome(acked=True, error="invalid_response", response=answer.payload)
    return outcome_of(answer)


async def use_shortcut(
    workspace: WorkspaceCore,
    user_id: str,
    callback_id: str,
    *,
    channel: str | None = None,
    message_ts: str | None = None,
) -> Outcome:
    """Pick a global shortcut, or a message shortcut on a message.

    Raises:
        ControlError: the manifest has no such shortcut, or the message is not visible.
    """
    user = workspace.people.actor(user_id)
    kind = "global" if message_ts is None else "message"
    if workspace.manifest.find_shortcut(callback_id, kind) is None:
        raise ControlError(
            "unknown_shortcut", f"The manifest has no {kind} shortcut {callback_id}."
        )
    if message_ts is None:
        payload = payloads.global_shortcut(workspace, user, callback_id)
    else:
        message = visible_message(workspace, user, str(channel), message_ts)
        payload = payloads.message_shortcut(workspace, user, callback_id, message)
    answer = await workspace.courier.ask("interactive", payload)
    workspace.notice(user_id, answer.error)
    return outcome_of(answer)


async def say(
    workspace: WorkspaceCore,
    user_id: str,
    channel_id: str,
    text: str,
    *,
    thread_ts: str | None = None,
) -> Message:
    """Write a message; the app hears of it where it is a member and subscribed."""
    user = workspace.people.actor(user_id)
    channel = workspace.channels.written_by(user_id, channel_id)
    body: Json = {
        "type": "message",
        "user": user_id,
        "text": resolved(escaped(text), workspace.people, workspace.channels),
        "ts": workspace.mint.ts(),
        "team": user["team_id"],
    }
    if thread_ts is not None:
        parent = visible_message(workspace, user, channel_id, thread_ts)
        body["thread_ts"] = parent.thread_ts or parent.ts
    message = Message(channel.id, body)
    workspace.messages.add(message)
    workspace.changed("messages")
    await _tell_of_message(workspace, message)
    return message


async def _tell_of_message(workspace: WorkspaceCore, message: Message) -> None:
    channel = workspace.channels.existing(message.channel)
    bot = workspace.app.bot_user_id
    if bot not in channel.members:
        return
    family = channel.scope_family
    event = message.to_slack() | {"channel": channel.id, "event_ts": message.ts}
    if f"message.{family}" in workspace.manifest.events:
        kind = {"channels": "channel", "groups": "group"}.get(family, family)
        await tell(workspace, event | {"channel_type": kind})
    if "app_mention" in workspace.manifest.events and f"<@{bot}" in event["text"]:
        await tell(workspace, event | {"type": "app_mention"})
