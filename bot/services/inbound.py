"""Deliveries from Slack, each worked on once."""

from datetime import timedelta

from bot.ports import Clock
from store import inbound
from store.engine import Database

REMEMBERED = timedelta(hours=48)  # Slack sends an event again for up to 24 hours


class Inbound:
    """Remembers in the database which deliveries were begun."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database, self._clock = database, clock

    async def is_new(self, key: str | None) -> bool:
        """Whether this delivery was not seen before; asks and remembers in one.

        A delivery without a key cannot be told from its double and counts as new.
        """
        if key is None:
            return True
        async with self._database.sessions.begin() as session:
            return await inbound.claim(session, key, self._clock.now())

    async def forget_old(self) -> None:
        """Drop keys older than any retry."""
        async with self._database.sessions.begin() as session:
            await inbound.forget_before(session, self._clock.now() - REMEMBERED)
