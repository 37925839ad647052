"""Messages that people rely on: stored with the fact, sent at least once.

A message names its subject, never its words: the sender draws it anew from what is
stored, so a late or repeated send shows the present, and the last state always wins.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID, uuid5

from bot.domain.ids import ChannelId, ConnectionId, MessageId, SlackUserId, WorkspaceId

_KEYS = UUID("7d1f2a5e-93c4-4b52-8a64-5d0f7c0b9e21")  # namespace of message keys
FIRST_WAIT, LONGEST_WAIT = timedelta(seconds=2), timedelta(minutes=10)


def message_id(key: str) -> MessageId:
    """The ID of the message with a key, known before it is stored."""
    return MessageId(uuid5(_KEYS, key))


def connection_key(connection_id: ConnectionId) -> str:
    """The key of the message about a connection in its alerts channel."""
    return f"connection:{connection_id}"


class MessageKind(StrEnum):
    """What a message is about; picks the view that draws it."""

    CONNECTION = "connection"  # subject: connection; the outcome of a connect or check
    ALERT = "alert"  # subject: alert; one card per fact, updated in place
    ALERT_DIGEST = (
        "alert_digest"  # subject: connection; what opened at once, detail when
    )
    ALERT_ESCALATION = "alert_escalation"  # subject: alert; a reply in its thread
    CHANNEL_UNUSABLE = "channel_unusable"  # subject: connection; detail: which, why
    REQUEST = "request"  # subject: request; the card in the approvals channel
    REQUEST_OUTCOME = "request_outcome"  # subject: request; DM to the requester


@dataclass(frozen=True)
class Message:
    """One message in the outbox.

    Attributes:
        key: unique; the same fact told twice is one message ("alert:<id>").
        channel: where to post; a user's ID opens the DM with them.
        subject_id: what it is about; the view reads the present state of it.
        detail: a short word some kinds need ("7" for the escalation at 7 days).
        thread_of: the message under which this one is a reply.
        wanted: counts the changes that people should see.
        sent: the count that Slack has last taken; behind `wanted` means due.
        posted_channel, ts: where Slack put it; None before the first send.
    """

    id: MessageId
    workspace_id: WorkspaceId
    kind: MessageKind
    key: str
    channel: ChannelId | SlackUserId
    subject_id: UUID
    detail: str = ""
    thread_of: MessageId | None = None
    wanted: int = 1
    sent: int = 0
    posted_channel: ChannelId | None = None
    ts: str | None = None
    attempts: int = 0
    next_attempt_at: datetime | None = None
    sent_at: datetime | None = None
    last_error: str | None = None


def by_channel(due: Sequence[Message]) -> list[list[Message]]:
    """Messages apart by where they go, each in the order given."""
    apart: dict[str, list[Message]] = {}
    for message in due:
        apart.setdefault(message.channel, []).append(message)
    return list(apart.values())


def backoff(attempts: int) -> timedelta:
    """How long a failed send waits: 2 s, 4 s, 8 s … up to ten minutes."""
    grown: timedelta = FIRST_WAIT * 2 ** min(max(attempts - 1, 0), 9)
    return min(grown, LONGEST_WAIT)
