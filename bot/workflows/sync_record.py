"""Writing a read of a directory down: each page with how far it came, or not at all."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Concatenate, ParamSpec, TypeVar

from sqlalchemy import Connection

from bot.domain.directory import DataSet, DataSetState, Standing, is_suspicious
from bot.domain.errors import BotError
from bot.domain.ids import ConnectionId
from bot.domain.readings import READINGS
from bot.graph.reading import ChangePage, ReadPage
from bot.ports import Clock
from bot.workflows import read_states as states
from store import data_set_writing as marks
from store import data_sets
from store import directory_writing as writing
from store.bulk import Bulk
from store.data_sets import Progress
from store.engine import Database

P = ParamSpec("P")
T = TypeVar("T")

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
        bulk: writes to the same database, whole transactions in a thread.
    """

    database: Database
    clock: Clock
    connection_id: ConnectionId
    by: str
    bulk: Bulk

    async def progress(self, data_set: DataSet) -> Progress:
        """How a data set stands, and where a read that was cut short goes on."""
        async with self.database.snapshots() as session:
            return await data_sets.progress(session, self.connection_id, data_set)

    async def begin(self, state: DataSetState) -> DataSetState:
        """Note that a complete read begins, or a log's window."""
        begun = states.begun(state, self.clock.now())
        await self._write(lambda connection: marks.save(connection, begun))
        return begun

    async def add(self, progress: Progress, pages: Sequence[ReadPage]) -> Progress:
        """Store pages with the last one's mark; with the very last, judge the whole.

        One with a caveat that is not the very last ends a read for now: what is there
        is partial, and the mark stays.

        Raises:
            TurnLostError: nothing was written.
        """
        return await self._write(self._add, progress, pages)

    def _add(
        self, connection: Connection, progress: Progress, pages: Sequence[ReadPage]
    ) -> Progress:
        state, data_set, last = progress.state, progress.state.data_set, pages[-1]
        units = progress.resource_units + sum(page.resource_units for page in pages)
        rows = [row for page in pages for row in page.rows]
        mark = None if last.is_last else last.mark
        id, seen = self.connection_id, state.generation
        unread = [owner for page in pages for owner in page.unread]
        writing.upsert(connection, id, data_set, rows, seen)
        writing.keep(connection, id, data_set, unread, seen)
        state = states.further(state, len(rows), pages=len(pages))
        if last.is_last:
            state = self._complete(connection, state, last)
        elif last.caveat is not None:
            state = states.paused(state, last.caveat)
            state = self._counted(connection, state)
        marks.record_mark(connection, state, mark, units)
        return Progress(state, mark, units)

    async def change(self, progress: Progress, pages: Sequence[ChangePage]) -> Progress:
        """Store changes with where the next ones are told. Raises as `add`.

        Args:
            pages: of one answer; only the last says where it goes on.
        """
        return await self._write(self._change, progress, pages)

    def _change(
        self, connection: Connection, progress: Progress, pages: Sequence[ChangePage]
    ) -> Progress:
        state, last = progress.state, pages[-1]
        units = progress.resource_units + sum(page.resource_units for page in pages)
        rows = sum(len(page.upserts) + len(page.removed) for page in pages)
        link = last.delta_link or last.next or state.delta_link
        for page in pages:
            self._apply(connection, state, page)
        state = replace(states.further(state, rows), delta_link=link)
        if last.delta_link is not None:
            state = states.completed(state, self.clock.now())
            state = self._counted(connection, state)
        marks.record_mark(connection, state, None, units)
        return Progress(state, None, units)

    async def end(
        self, progress: Progress, standing: Standing, reason: str
    ) -> DataSetState:
        """Note why a data set could not be read; its rows stay.

        The progress keeps its mark, if it has one, for the next read to go on from.
        """
        return await self._write(self._end, progress, standing, reason)

    def _end(
        self,
        connection: Connection,
        progress: Progress,
        standing: Standing,
        reason: str,
    ) -> DataSetState:
        state = states.unread(progress.state, standing, reason)
        state = self._counted(connection, state)
        marks.record_mark(connection, state, progress.mark, progress.resource_units)
        return state

    def _apply(
        self, connection: Connection, state: DataSetState, page: ChangePage
    ) -> None:
        id, data_set, seen = self.connection_id, state.data_set, state.generation
        writing.upsert(connection, id, data_set, page.upserts, seen, untold=page.untold)
        writing.remove(connection, id, data_set, page.removed)
        writing.empty_groups(connection, id, page.emptied)

    def _complete(
        self, connection: Connection, state: DataSetState, last: ReadPage
    ) -> DataSetState:
        """Remove what a complete read did not see, unless it saw suspiciously little.

        A held read gets no delta link: the next one is complete again. Of a log only
        what is old goes.
        """
        id, data_set, now = self.connection_id, state.data_set, self.clock.now()
        if (kept := READINGS[data_set].kept) is not None:
            writing.purge(connection, id, data_set, now - kept)
            state = self._counted(connection, state)
        else:
            stored, seen = writing.count(connection, id, data_set, state.generation)
            if is_suspicious(state.rows, seen):
                return replace(states.held(state, seen), rows=stored)
            if stored > seen:
                stored -= writing.sweep(connection, id, data_set, state.generation)
            state = replace(state, rows=stored)
        state = replace(state, delta_link=last.delta_link)
        return states.completed(state, now, last.caveat)

    def _counted(self, connection: Connection, state: DataSetState) -> DataSetState:
        counted = writing.count(connection, self.connection_id, state.data_set)
        return replace(state, rows=counted.stored)

    async def _write(
        self,
        work: Callable[Concatenate[Connection, P], T],
        *args: P.args,
        **kw: P.kwargs,
    ) -> T:
        """Write in a transaction that first makes sure that the turn is still ours."""
        until = self.clock.now() + TURN_LASTS

        def in_turn(connection: Connection) -> T:
            if not marks.renew(connection, self.connection_id, self.by, until):
                raise TurnLostError
            return work(connection, *args, **kw)

        return await self.bulk.write(in_turn)
