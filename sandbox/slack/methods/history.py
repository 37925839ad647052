"""conversations.history and conversations.replies."""

import re

from sandbox.slack.channels import Channel
from sandbox.slack.core import WorkspaceCore
from sandbox.slack.errors import Json, SlackError
from sandbox.slack.messages import Message
from sandbox.slack.methods.method import Method
from sandbox.slack.paging import page
from sandbox.slack.reach import readable

HISTORY = ("channels:history", "groups:history", "im:history", "mpim:history")
_TS = re.compile(r"\d+(\.\d{1,6})?")
HISTORY_PAGE, REPLIES_PAGE = 100, 1000


def history(workspace: WorkspaceCore, args: Json) -> Json:
    """Read a conversation, newest first; replies stay in their threads."""
    channel = _joined(workspace, args)
    found = list(workspace.messages.top_level(channel.id))
    return _answer(_between(found, args)[::-1], args, limit=HISTORY_PAGE)


def replies(workspace: WorkspaceCore, args: Json) -> Json:
    """Read a thread, its parent first."""
    channel = _joined(workspace, args)
    thread = workspace.messages.thread(channel.id, str(args["ts"]))
    if not thread:
        raise SlackError("thread_not_found")
    return _answer(_between(thread, args), args, limit=REPLIES_PAGE)


def _joined(workspace: WorkspaceCore, args: Json) -> Channel:
    channel = readable(workspace, args["channel"], "history")
    if workspace.app.bot_user_id not in channel.members:
        raise SlackError("not_in_channel")
    return channel


def _between(messages: list[Message], args: Json) -> list[Message]:
    oldest = _moment(args, "oldest", 0.0)
    latest = _moment(args, "latest", float("inf"))
    edges = (oldest, latest) if args.get("inclusive") else ()
    return [
        message
        for message in messages
        if oldest < float(message.ts) < latest or float(message.ts) in edges
    ]


def _moment(args: Json, name: str, default: float) -> float:
    given = args.get(name)
    if given in (None, "", "now"):
        return default
    if not _TS.fullmatch(str(given)):
        raise SlackError(f"invalid_ts_{name}")
    return float(str(given))


def _answer(messages: list[Message], args: Json, *, limit: int) -> Json:
    some, cursor = page(messages, args, limit=limit)
    with_metadata = bool(args.get("include_all_metadata"))
    answer: Json = {
        "messages": [each.to_slack(with_metadata=with_metadata) for each in some],
        "has_more": bool(cursor),
    }
    return answer | ({"response_metadata": {"next_cursor": cursor}} if cursor else {})


METHODS = {
    "conversations.history": Method(history, HISTORY, ("channel",), tier=3),
    "conversations.replies": Method(replies, HISTORY, ("channel", "ts"), tier=3),
}
