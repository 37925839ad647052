"""Deliveries from Slack: each worked on once, and none lost without a word.

That a delivery is begun is stored before Slack hears that we have it; so is who acted,
until the work has ended. A process that is killed in between tells them when it starts
again. Deliveries that come together are stored in one transaction.
"""

import asyncio
from dataclasses import dataclass, field
from datetime import timedelta

import structlog

from bot.domain.ids import SlackUserId
from bot.ports import Clock
from store import inbound
from store.engine import PASSING, Database
from store.inbound import Unended

log = structlog.get_logger(__name__)

REMEMBERED = timedelta(hours=48)  # Slack sends an event again for up to 24 hours
# Then a replica that is gone for good is believed not to work on it any more.
GIVEN_UP_AFTER = timedelta(minutes=5)
_ENDS_STORED_AFTER = 0.5  # seconds


@dataclass(frozen=True)
class _Claim:
    key: str
    user: SlackUserId | None
    is_new: "asyncio.Future[bool]" = field(
        default_factory=lambda: asyncio.get_running_loop().create_future()
    )


class Inbound:
    """Remembers in the database which deliveries were begun, and which have ended.

    Args:
        replica: this process's name among replicas, the same after a restart.
    """

    def __init__(self, database: Database, clock: Clock, replica: str = "") -> None:
        self._database, self._clock, self._replica = database, clock, replica
        self._claims: list[_Claim] = []
        self._ended: set[str] = set()
        self._storing: asyncio.Task[None] | None = None
        self._later: asyncio.Task[None] | None = None

    async def is_new(self, key: str | None, user: SlackUserId | None = None) -> bool:
        """Whether this delivery was not seen before; asks and remembers in one.

        A delivery without a key cannot be told from its double and counts as new.

        Args:
            user: who is to be told if `ended` is never called; None for nobody.
        """
        if key is None:
            return True
        claim = _Claim(key, user)
        self._claims.append(claim)
        self._store_now()
        return await claim.is_new

    def ended(self, key: str | None) -> None:
        """Note that a delivery's work has ended, be it with an error that was told."""
        if key is None:
            return
        self._ended.add(key)
        if self._later is None or self._later.done():
            self._later = asyncio.create_task(self._store_ends())

    async def unended(self) -> list[Unended]:
        """What was cut short: by this replica's last end, or by others' long ago.

        To be called before anything is delivered.
        """
        before = self._clock.now() - GIVEN_UP_AFTER
        async with self._database.snapshots() as session:
            return await inbound.unended(session, self._replica, before)

    async def unended_elsewhere(self) -> list[Unended]:
        """What other replicas took long ago, whose names may never start again."""
        before = self._clock.now() - GIVEN_UP_AFTER
        async with self._database.snapshots() as session:
            return await inbound.unended_elsewhere(session, self._replica, before)

    async def flush(self) -> None:
        """Store what has ended and was not stored yet."""
        ended = set(self._ended)
        try:
            async with self._database.prompt_sessions.begin() as session:
                await inbound.end(session, ended)
        except PASSING as error:
            # Kept for the next time; at worst somebody is told without need.
            log.warning("ends_not_stored", count=len(ended), exc_info=error)
        else:
            self._ended -= ended

    async def close(self) -> None:
        """The last `flush`; nothing is worked on any more."""
        if self._later is not None:
            self._later.cancel()
            await asyncio.gather(self._later, return_exceptions=True)
        await self.flush()

    async def forget_old(self) -> None:
        """Drop keys older than any retry."""
        async with self._database.sessions.begin() as session:
            await inbound.forget_before(session, self._clock.now() - REMEMBERED)

    def _store_now(self) -> None:
        if self._storing is None or self._storing.done():
            self._storing = asyncio.create_task(self._store())

    async def _store(self) -> None:
        """One transaction after the other, until nobody waits."""
        while self._claims:
            claims, self._claims = self._claims, []
            try:
                answers = await self._stored(claims)
            except Exception as error:  # noqa: BLE001 - raised where somebody waits
                _fail(claims, error)
                continue
            for claim, is_new in zip(claims, answers, strict=True):
                if not claim.is_new.done():  # whoever asked may be cancelled
                    claim.is_new.set_result(is_new)

    async def _stored(self, claims: list[_Claim]) -> list[bool]:
        now, replica = self._clock.now(), self._replica
        claims.sort(key=lambda each: each.key)  # or two replicas wait for each other
        async with self._database.urgent_sessions.begin() as session:
            return [
                await inbound.claim(
                    session, each.key, now, user=each.user, replica=replica
                )
                for each in claims
            ]

    async def _store_ends(self) -> None:
        """Later and together, so that no click waits for another's end."""
        while self._ended:
            await asyncio.sleep(_ENDS_STORED_AFTER)
            await self.flush()


def _fail(claims: list[_Claim], error: Exception) -> None:
    """Tell all who wait."""
    log.warning("deliveries_not_stored", count=len(claims), exc_info=error)
    for claim in claims:
        if not claim.is_new.done():
            claim.is_new.set_exception(error)
