"""Writing a read of a directory down: each page with how far it came, or not at all."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.domain.directory import DataSet, DataSetState, Standing, is_suspicious
from bot.domain.errors import BotError
from bot.domain.ids import ConnectionId
from bot.domain.readings import READINGS
from bot.graph.reading import ChangePage, ReadPage
from bot.ports import Clock
from bot.workflows import read_states as states
from store import data_sets, directory
from store.data_sets import Progress
from store.engine import Database

# Longer than the client waits for Graph between two pages, or another would begin.
TURN_LASTS = timedelta(minutes=20)


class TurnLostError(BotError):
    """This read may write no more: its tenant is gone, or another read has the turn."""

    code = "turn_lost"

    def __init__(self) -> None:
        super().__init__(
            "This read of the directory was overtaken, or its tenant disconnected.",
            remedy="Nothing to do; /entra sync shows how the directory stands.",
        )


@dataclass(frozen=True)
class SyncRecord:
    """Writes one connection's directory for one workflow, while it has the turn.

    Attributes:
        writers: how many transactions may write at once. SQLite has one writer, and
            those who wait for it inside the database are not served in their order.
    """

    database: Database
    clock: Clock
    connection_id: ConnectionId
    by: str
    writers: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(1))

    async def progress(self, data_set: DataSet) -> Progress:
        """How a data set stands, and where a read that was cut short goes on."""
        async with self.database.snapshots() as session:
            return await data_sets.progress(session, self.connection_id, data_set)

    async def begin(self, state: DataSetState) -> DataSetState:
        """Note that a complete read begins, or a log's window."""
        state = states.begun(state, self.clock.now())
        async with self._turn() as session:
            await data_sets.save(session, state)
        return state

    async def add(self, progress: Progress, pages: Sequence[ReadPage]) -> Progress:
        """Store pages with the last one's mark; with the very last, judge the whole.

        One with a caveat that is not the very last ends a read for now: what is there
        is partial, and the mark stays.

        Raises:
            TurnLostError: nothing was written.
        """
        state, data_set, last = progress.state, progress.state.data_set, pages[-1]
        units = progress.resource_units + sum(page.resource_units for page in pages)
        rows = [row for page in pages for row in page.rows]
        mark = None if last.is_last else last.mark
        async with self._turn() as session:
            await directory.upsert(
                session, self.connection_id, data_set, rows, state.generation
            )
            unread = [owner for page in pages for owner in page.unread]
            await directory.keep(
                session, self.connection_id, data_set, unread, state.generation
            )
            state = states.further(state, len(rows), pages=len(pages))
            if last.is_last:
                state = await self._complete(session, state, last)
            elif last.caveat is not None:
                state = states.paused(state, last.caveat)
                state = await self._counted(session, state)
            await data_sets.record_mark(session, state, mark, units)
        return Progress(state, mark, units)

    async def change(self, progress: Progress, pages: Sequence[ChangePage]) -> Progress:
        """Store changes with where the next ones are told. Raises as `add`.

        Args:
            pages: of one answer; only the last says where it goes on.
        """
        state, last = progress.state, pages[-1]
        units = progress.resource_units + sum(page.resource_units for page in pages)
        rows = sum(len(page.upserts) + len(page.removed) for page in pages)
        link = last.delta_link or last.next or state.delta_link
        async with self._turn() as session:
            for page in pages:
                await self._apply(session, state, page)
            state = replace(states.further(state, rows), delta_link=link)
            if last.delta_link is not None:
                state = states.completed(state, self.clock.now())
                state = await self._counted(session, state)
            await data_sets.record_mark(session, state, None, units)
        return Progress(state, None, units)

    async def end(
        self, progress: Progress, standing: Standing, reason: str
    ) -> DataSetState:
        """Note why a data set could not be read; its rows stay.

        The progress keeps its mark, if it has one, for the next read to go on from.
        """
        async with self._turn() as session:
            state = states.unread(progress.state, standing, reason)
            state = await self._counted(session, state)
            await data_sets.record_mark(
                session, state, progress.mark, progress.resource_units
            )
        return state

    async def _apply(
        self, session: AsyncSession, state: DataSetState, page: ChangePage
    ) -> None:
        id, data_set = self.connection_id, state.data_set
        await directory.upsert(
            session, id, data_set, page.upserts, state.generation, untold=page.untold
        )
        await directory.remove(session, id, data_set, page.removed)
        await directory.empty_groups(session, id, page.emptied)

    async def _complete(
        self, session: AsyncSession, state: DataSetState, last: ReadPage
    ) -> DataSetState:
        """Remove what a complete read did not see, unless it saw suspiciously little.

        A held read gets no delta link: the next one is complete again. Of a log only
        what is old goes.
        """
        id, data_set, now = self.connection_id, state.data_set, self.clock.now()
        if (kept := READINGS[data_set].kept) is not None:
            await directory.purge(session, id, data_set, now - kept)
        else:
            after = await directory.count(
                session, id, data_set, generation=state.generation
            )
            if is_suspicious(state.rows, after):
                return await self._counted(session, states.held(state, after))
            await directory.sweep(session, id, data_set, state.generation)
        state = replace(state, delta_link=last.delta_link)
        return await self._counted(session, states.completed(state, now, last.caveat))

    async def _counted(
        self, session: AsyncSession, state: DataSetState
    ) -> DataSetState:
        rows = await directory.count(session, self.connection_id, state.data_set)
        return replace(state, rows=rows)

    @asynccontextmanager
    async def _turn(self) -> AsyncIterator[AsyncSession]:
        """A transaction that first makes sure that the turn is still ours."""
        async with self.writers, self.database.sessions.begin() as session:
            until = self.clock.now() + TURN_LASTS
            if not await data_sets.renew(session, self.connection_id, self.by, until):
                raise TurnLostError
            yield session
