"""Writing a read of a directory down: each page with how far it came, or not at all."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Concatenate, ParamSpec, TypeVar

from sqlalchemy import Connection

from bot.domain.directory import DataSet, DataSetState, Standing, is_suspicious
from bot.domain.errors import BotError
from bot.domain.ids import ConnectionId
from bot.graph.reading import ChangePage, ReadPage
from bot.ports import Clock
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

HELD = (
    "Fewer than half as many were read as are stored ({after} after {before}), which a "
    "narrowed permission looks like too, so nothing was removed. Check in Entra; if "
    "they are really gone, an administrator presses Remove what is gone under "
    "/entra sync."
)


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
        """Note that a complete read begins, as a generation of its own."""
        begun = replace(
            reading(state, self.clock.now()),
            delta_link=None,
            generation=state.generation + 1,
        )
        await self._write(lambda connection: marks.save(connection, begun))
        return begun

    async def add(self, progress: Progress, pages: Sequence[ReadPage]) -> Progress:
        """Store pages with the last one's mark; with the very last, judge the whole.

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
        writing.upsert(connection, self.connection_id, data_set, rows, state.generation)
        state = _further(state, len(rows), pages=len(pages))
        if last.is_last:
            state = self._complete(connection, state, last.delta_link)
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
        state = replace(_further(state, rows), delta_link=link)
        if last.delta_link is not None:
            state = self._current(state, self._stored(connection, state))
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
        rows = self._stored(connection, progress.state)
        state = replace(progress.state, standing=standing, reason=reason, rows=rows)
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
        self, connection: Connection, state: DataSetState, delta_link: str | None
    ) -> DataSetState:
        """Remove what a complete read did not see, unless it saw suspiciously little.

        A held read gets no delta link: the next one is complete again.
        """
        id, data_set, generation = self.connection_id, state.data_set, state.generation
        stored, seen = writing.count(connection, id, data_set, generation)
        if is_suspicious(state.rows, seen):
            reason = HELD.format(before=state.rows, after=seen)
            return replace(state, standing=Standing.HELD, reason=reason, rows=stored)
        if stored > seen:
            stored -= writing.sweep(connection, id, data_set, generation)
        return self._current(replace(state, delta_link=delta_link), stored)

    def _current(self, state: DataSetState, rows: int) -> DataSetState:
        now = self.clock.now()
        return replace(
            state, standing=Standing.CURRENT, reason="", read_at=now, rows=rows
        )

    def _stored(self, connection: Connection, state: DataSetState) -> int:
        return writing.count(connection, self.connection_id, state.data_set).stored

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


def reading(state: DataSetState, now: datetime) -> DataSetState:
    """The state while a read runs: only its last page makes it current."""
    return replace(
        state,
        standing=Standing.READING,
        reason="It is being read.",
        started_at=now,
        pages_done=0,
        rows_done=0,
    )


def _further(state: DataSetState, rows: int, *, pages: int = 1) -> DataSetState:
    return replace(
        state, pages_done=state.pages_done + pages, rows_done=state.rows_done + rows
    )
