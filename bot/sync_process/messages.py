"""What the bot and a reading process say to each other: JSON lines over its pipes.

The task passes over a pipe too: it holds keys, and a command line or an environment
can be looked at from outside.
"""

from datetime import datetime
from uuid import UUID

import msgspec

from bot.graph.quota_costs import Group


class Account(msgspec.Struct, frozen=True, tag="account"):
    """The bot tells what changed of the quota since it told before.

    Attributes:
        spent: units or requests that it spent.
        paused_until: groups that Graph wants to be left alone; the same time told
            twice is the same pause.
    """

    spent: dict[Group, float] = {}
    paused_until: dict[Group, datetime] = {}


class Balance(msgspec.Struct, frozen=True, tag="balance"):
    """A reading process tells what it leaves of the quota.

    Attributes:
        left: share of each bucket that has less; below 0 where it is owed.
    """

    left: dict[Group, float] = {}
    paused_until: dict[Group, datetime] = {}


class WidePause(msgspec.Struct, frozen=True, tag="wide_pause"):
    """Graph refused with a scope that is about other tenants or apps as well."""

    whose: str
    groups: list[Group]
    until: datetime


class Task(msgspec.Struct, frozen=True, tag="task"):
    """What to read and with what; the first line.

    Attributes:
        by: ID of the workflow that has the turn.
        granted: permissions in the tenant's token.
        balance: what is left at the start of the quota of this app in this tenant.
    """

    connection_id: str
    tenant_id: UUID
    client_id: UUID
    by: str
    granted: list[str]
    database_url: str
    encryption_keys: list[str]
    data_dir: str
    clouds: dict[str, dict[str, str]]
    ca_bundle: str | None
    log_as_json: bool
    log_level: str
    balance: Balance

    def __repr__(self) -> str:
        """Without keys and passwords."""
        return f"Task(connection_id={self.connection_id!r}, by={self.by!r})"


class Done(msgspec.Struct, frozen=True, tag="done"):
    """The read came to its end; the last line.

    Attributes:
        standings: how each data set stands.
        peak_mib: the most memory the process held.
    """

    standings: dict[str, str]
    peak_mib: float


class Failed(msgspec.Struct, frozen=True, tag="failed"):
    """The read ended with an error; the last line.

    Attributes:
        is_passing: the database's trouble, so the same may well succeed in a while.
    """

    code: str
    message: str
    remedy: str
    is_passing: bool = False


ToChild = Task | Account
ToParent = Balance | WidePause | Done | Failed

_to_child: msgspec.json.Decoder[ToChild] = msgspec.json.Decoder(ToChild)
_to_parent: msgspec.json.Decoder[ToParent] = msgspec.json.Decoder(ToParent)


class UnreadableLineError(Exception):
    """A line that the other side of this version never writes. Holds nothing of it."""


def line(message: ToChild | ToParent) -> bytes:
    """A message as it passes over a pipe, with its end."""
    return msgspec.json.encode(message) + b"\n"


def heard_by_child(text: bytes) -> ToChild:
    """Read what the bot says. Raises UnreadableLineError."""
    try:
        return _to_child.decode(text)
    except (msgspec.DecodeError, UnicodeDecodeError):
        raise UnreadableLineError from None


def heard_by_parent(text: bytes) -> ToParent:
    """Read what a reading process says. Raises UnreadableLineError."""
    try:
        return _to_parent.decode(text)
    except (msgspec.DecodeError, UnicodeDecodeError):
        raise UnreadableLineError from None
