"""Messages by channel, with threads, edits, reactions and ephemerals."""

import copy
from collections.abc import Iterator
from dataclasses import dataclass

from sandbox.slack.errors import Json


@dataclass
class Message:
    """A message as stored. `body` is what Slack shows, `metadata` stays apart.

    Slack hands metadata out only to those who ask with `include_all_metadata`.
    """

    channel: str
    body: Json
    metadata: Json | None = None
    ephemeral_to: str | None = None

    @property
    def ts(self) -> str:
        """Return the timestamp, which is the message's ID within its channel."""
        return str(self.body["ts"])

    @property
    def thread_ts(self) -> str | None:
        """Return the parent's timestamp, in replies and in parents themselves."""
        return self.body.get("thread_ts")

    @property
    def is_reply(self) -> bool:
        """Whether the message sits in a thread rather than in the channel."""
        return self.thread_ts not in (None, self.ts)

    @property
    def blocks(self) -> list[Json]:
        """Return the message's blocks; none for text alone."""
        blocks: list[Json] = self.body.get("blocks", [])
        return blocks

    def to_slack(self, *, with_metadata: bool = False) -> Json:
        """Copy the message for an answer or a payload."""
        seen = copy.deepcopy(self.body)
        if with_metadata and self.metadata is not None:
            seen["metadata"] = copy.deepcopy(self.metadata)
        return seen


class Messages:
    """Every message of a workspace, oldest first in each channel."""

    def __init__(self) -> None:
        self._by_channel: dict[str, list[Message]] = {}

    def add(self, message: Message) -> None:
        """Store a message and count it in its thread."""
        self._by_channel.setdefault(message.channel, []).append(message)
        self._recount(message)

    def remove(self, message: Message) -> None:
        """Delete a message and count its thread again."""
        self._by_channel[message.channel].remove(message)
        self._recount(message)

    def find(self, channel: str, ts: str) -> Message | None:
        """Return the message with that timestamp, ephemeral ones included."""
        return next((m for m in self._of(channel) if m.ts == ts), None)

    def find_kept(self, channel: str, ts: str) -> Message | None:
        """Return a message that Slack stores, so never an ephemeral one."""
        found = self.find(channel, ts)
        return None if found is None or found.ephemeral_to else found

    def seen_by(self, user_id: str | None, channel: str) -> list[Message]:
        """Return a channel's messages; ephemerals only to whom they were sent."""
        return [m for m in self._of(channel) if m.ephemeral_to in (None, user_id)]

    def top_level(self, channel: str) -> Iterator[Message]:
        """Yield stored messages that stand in the channel itself, oldest first."""
        for message in self.seen_by(None, channel):
            broadcast = message.body.get("subtype") == "thread_broadcast"
            if not message.is_reply or broadcast:
                yield message

    def thread(self, channel: str, ts: str) -> list[Message]:
        """Return a parent and its replies, oldest first."""
        kept = self.seen_by(None, channel)
        return [m for m in kept if ts in (m.ts, m.thread_ts)]

    def _of(self, channel: str) -> list[Message]:
        return self._by_channel.get(channel, [])

    def _recount(self, changed: Message) -> None:
        if not changed.is_reply or changed.ephemeral_to:
            return
        parent = self.find_kept(changed.channel, str(changed.thread_ts))
        if parent is None:
            return
        replies = [m for m in self.thread(parent.channel, parent.ts) if m is not parent]
        users = list(dict.fromkeys(m.body["user"] for m in replies))
        parent.body |= {
            "thread_ts": parent.ts,
            "reply_count": len(replies),
            "reply_users": users,
            "reply_users_count": len(users),
        }
        if replies:
            parent.body["latest_reply"] = replies[-1].ts
