"""chat.* and reactions.add."""

import re

from sandbox.slack.channels import Channel
from sandbox.slack.core import WorkspaceCore
from sandbox.slack.errors import Json, SlackError
from sandbox.slack.messages import Message
from sandbox.slack.methods.method import Method
from sandbox.slack.posting import CONTENT, edit, post, remove
from sandbox.slack.reach import postable

UPDATE_TEXT_LIMIT = 4000
WRITE = ("chat:write",)
_EMOJI = re.compile(r"[a-z0-9_+'\-]{1,100}(::skin-tone-[2-6])?")


def post_message(workspace: WorkspaceCore, args: Json) -> Json:
    """Post to a conversation, or to a person's direct messages by their ID."""
    channel = postable(workspace, args["channel"])
    message = post(workspace, channel, args)
    return {
        "channel": channel.id,
        "ts": message.ts,
        "message": message.to_slack(with_metadata=True),
    }


def update(workspace: WorkspaceCore, args: Json) -> Json:
    """Change one of the app's own messages."""
    channel = _conversation(workspace, args)
    message = _own(workspace, channel, str(args["ts"]), "cant_update_message")
    if len(str(args.get("text") or "")) > UPDATE_TEXT_LIMIT:
        raise SlackError("msg_too_long")
    if all(args.get(key) is None for key in (*CONTENT, "metadata")):
        raise SlackError("no_text")
    edit(workspace, message, args)
    return {
        "channel": channel.id,
        "ts": message.ts,
        "text": message.body["text"],
        "message": message.to_slack(with_metadata=True),
    }


def post_ephemeral(workspace: WorkspaceCore, args: Json) -> Json:
    """Show a message to one person only; Slack does not store it."""
    channel = postable(workspace, args["channel"])
    if args["user"] not in channel.members:
        raise SlackError("user_not_in_channel")
    if len(str(args.get("text") or "")) > UPDATE_TEXT_LIMIT:
        raise SlackError("msg_too_long")
    message = post(workspace, channel, args, ephemeral_to=args["user"])
    return {"message_ts": message.ts}


def delete(workspace: WorkspaceCore, args: Json) -> Json:
    """Delete one of the app's own messages."""
    channel = _conversation(workspace, args)
    message = _own(workspace, channel, str(args["ts"]), "cant_delete_message")
    remove(workspace, message)
    return {"channel": channel.id, "ts": message.ts}


def permalink(workspace: WorkspaceCore, args: Json) -> Json:
    """Return a link to a message."""
    channel = _conversation(workspace, args)
    ts = str(args["message_ts"])
    if workspace.messages.find_kept(channel.id, ts) is None:
        raise SlackError("message_not_found")
    path = f"archives/{channel.id}/p{ts.replace('.', '')}"
    return {"channel": channel.id, "permalink": f"{workspace.team.url}{path}"}


def add_reaction(workspace: WorkspaceCore, args: Json) -> Json:
    """React to a message as the bot."""
    channel, name = _conversation(workspace, args), str(args["name"])
    if not _EMOJI.fullmatch(name):
        raise SlackError("invalid_name")
    if channel.is_archived:
        raise SlackError("is_archived")
    message = workspace.messages.find_kept(channel.id, str(args["timestamp"]))
    if message is None:
        raise SlackError("message_not_found")
    _react(message, name, workspace.app.bot_user_id)
    workspace.changed("messages")
    return {}


def _react(message: Message, name: str, user: str) -> None:
    reactions = message.body.setdefault("reactions", [])
    for reaction in reactions:
        if reaction["name"] == name:
            if user in reaction["users"]:
                raise SlackError("already_reacted")
            reaction["users"].append(user)
            reaction["count"] += 1
            return
    reactions.append({"name": name, "users": [user], "count": 1})


def _conversation(workspace: WorkspaceCore, args: Json) -> Channel:
    channel = workspace.channels.find(str(args["channel"]))
    if channel is None or not channel.visible_to(workspace.app.bot_user_id):
        raise SlackError("channel_not_found")
    return channel


def _own(workspace: WorkspaceCore, channel: Channel, ts: str, refusal: str) -> Message:
    message = workspace.messages.find_kept(channel.id, ts)
    if message is None:
        raise SlackError("message_not_found")
    if message.body["user"] != workspace.app.bot_user_id:
        raise SlackError(refusal)
    return message


METHODS = {
    "chat.postMessage": Method(post_message, WRITE, ("channel",)),
    "chat.update": Method(update, WRITE, ("channel", "ts"), tier=3),
    "chat.postEphemeral": Method(post_ephemeral, WRITE, ("channel", "user"), tier=4),
    "chat.delete": Method(delete, WRITE, ("channel", "ts"), tier=3),
    "chat.getPermalink": Method(permalink, required=("channel", "message_ts")),
    "reactions.add": Method(
        add_reaction,
        ("reactions:write",),
        ("channel", "timestamp", "name"),
        tier=3,
    ),
}
