"""Credentials of app registrations: when they end, and when that is worth saying."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import IntEnum, StrEnum

from bot.domain.ids import ClientId, KeyId, ObjectId

NEVER_YEAR = 2299  # Entra's way of saying that a credential does not end
NEVER = datetime(NEVER_YEAR, 12, 31, tzinfo=UTC)
STALE_AFTER = timedelta(days=30)  # expired for longer: whoever used it knows by now


class CredentialKind(StrEnum):
    """What a registration may hold to sign in with."""

    SECRET = "client secret"  # noqa: S105 - a kind, not a secret
    CERTIFICATE = "certificate"


@dataclass(frozen=True)
class Credential:
    """A client secret or certificate of an app registration, as Graph last told.

    Graph never returns a secret's value; `hint` is its first three characters.
    `owners` are display names with addresses, as far as they could be read.
    """

    app_object_id: ObjectId
    client_id: ClientId
    app_name: str
    key_id: KeyId
    kind: CredentialKind
    ends_at: datetime
    starts_at: datetime | None = None
    display_name: str = ""
    hint: str = ""
    owners: tuple[str, ...] = ()

    @property
    def never_ends(self) -> bool:
        """Whether the end date is Entra's stand-in for "never"."""
        return self.ends_at.year >= NEVER_YEAR

    def is_stale(self, *, now: datetime) -> bool:
        """Whether it expired so long ago that it is clutter, not a coming outage."""
        return self.ends_at < now - STALE_AFTER


class Stage(IntEnum):
    """How near an end is; the number is whole days left, EXPIRED after the end.

    A lower stage is more urgent. People hear once at each stage.
    """

    EXPIRED = -1
    TODAY = 0
    ONE_DAY = 1
    THREE_DAYS = 3
    SEVEN_DAYS = 7
    FOURTEEN_DAYS = 14
    THIRTY_DAYS = 30


def stage_of(ends_at: datetime, *, now: datetime) -> Stage | None:
    """The stage an end date is in, None while it is more than 30 days away.

    Days left are counted whole, so TODAY is the last 24 hours and ONE_DAY begins 48
    hours before the end.
    """
    left = ends_at - now
    if left < timedelta(0):
        return Stage.EXPIRED
    days = left.days
    reached = [stage for stage in Stage if stage >= 0 and days <= stage]
    return min(reached, default=None)


def days_left(ends_at: datetime, *, now: datetime) -> int:
    """Whole days until the end, rounded down; negative once it has passed."""
    return (ends_at - now).days


def successor_of(
    credential: Credential, others: Iterable[Credential]
) -> Credential | None:
    """A later credential of the same app and kind that outlives this one.

    Whether it is already in use cannot be told from Graph, so the alert's closing
    words say that the old one may be removed once nothing uses it.
    """
    later = [
        other
        for other in others
        if other.app_object_id == credential.app_object_id
        and other.kind is credential.kind
        and other.key_id != credential.key_id
        and other.ends_at > credential.ends_at
    ]
    return max(later, key=lambda other: other.ends_at, default=None)
