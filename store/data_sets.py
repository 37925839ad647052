"""How the data sets of a directory stand, and whose turn it is to read them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, or_, update
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.domain.directory import DataSet, DataSetState
from bot.domain.ids import ConnectionId
from store import data_set_writing as writing
from store.bulk import within
from store.conflicts import insert_into, was_inserted
from store.directory_tables import DataSetRow, DirectorySyncRow


@dataclass(frozen=True)
class Progress:
    """A data set's state with what only its reader needs.

    Attributes:
        mark: what the complete read that was begun goes on from; None where none was.
        resource_units: what the present or last read cost of Graph's quota.
    """

    state: DataSetState
    mark: str | None = None
    resource_units: int = 0


@dataclass(frozen=True)
class LastSync:
    """When a connection's directory was read last. `ended_at` is of that or before.

    Attributes:
        by: the workflow that has the turn.
    """

    started_at: datetime | None = None
    ended_at: datetime | None = None
    is_running: bool = False
    by: str | None = None


async def get(
    session: AsyncSession, connection_id: ConnectionId, data_set: DataSet
) -> DataSetState:
    """How a data set stands; NEVER_READ where nothing is stored."""
    return (await progress(session, connection_id, data_set)).state


async def progress(
    session: AsyncSession, connection_id: ConnectionId, data_set: DataSet
) -> Progress:
    """The same with its mark."""
    statement = select(DataSetRow).where(
        col(DataSetRow.connection_id) == connection_id,
        col(DataSetRow.data_set) == data_set,
    )
    row = (await session.exec(statement)).first()
    if row is None:
        return Progress(DataSetState(connection_id, data_set))
    return Progress(_state(row), row.mark, row.resource_units)


async def list_all(
    session: AsyncSession, connection_id: ConnectionId
) -> list[DataSetState]:
    """Every data set in the order of reading, those never read too."""
    return (await list_of(session, [connection_id]))[connection_id]


async def list_of(
    session: AsyncSession, connection_ids: Sequence[ConnectionId]
) -> dict[ConnectionId, list[DataSetState]]:
    """The same of several connections."""
    statement = select(DataSetRow).where(
        col(DataSetRow.connection_id).in_(connection_ids)
    )
    found = {
        (row.connection_id, row.data_set): _state(row)
        for row in (await session.exec(statement)).all()
    }
    return {
        id: [found.get((id, each), DataSetState(id, each)) for each in DataSet]
        for id in connection_ids
    }


save = within(writing.save)
record_mark = within(writing.record_mark)
renew = within(writing.renew)


async def claim(
    session: AsyncSession,
    connection_id: ConnectionId,
    by: str,
    now: datetime,
    lasts: timedelta,
) -> bool:
    """Take the turn to read a directory; False if another workflow has it.

    Args:
        by: the workflow; one that was cut short has its turn still.
        lasts: without `renew` for so long, another may take it.
    """
    row = DirectorySyncRow
    values = {
        "connection_id": connection_id,
        "claimed_by": by,
        "claimed_until": now + lasts,
        "started_at": now,
    }
    is_free = or_(
        col(row.claimed_by).is_(None),
        col(row.claimed_by) == by,
        col(row.claimed_until) < now,
    )
    statement = (
        insert_into(session, row)
        .values(values)
        .on_conflict_do_update(
            index_elements=["connection_id"], set_=values, where=is_free
        )
    )
    return await was_inserted(session, statement)


async def release(
    session: AsyncSession, connection_id: ConnectionId, by: str, now: datetime
) -> None:
    """Give the turn back at the end of a read."""
    await session.exec(
        update(DirectorySyncRow)
        .where(_is_of(connection_id), col(DirectorySyncRow.claimed_by) == by)
        .values(claimed_by=None, claimed_until=None, ended_at=now)
    )


async def pause(session: AsyncSession, connection_id: ConnectionId) -> None:
    """Let no sync write to a directory before this transaction ends."""
    await session.exec(
        select(DirectorySyncRow).where(_is_of(connection_id)).with_for_update()
    )


async def last_sync(
    session: AsyncSession, connection_id: ConnectionId, now: datetime
) -> LastSync:
    """When a directory was read last, and whether it is being read."""
    statement = select(DirectorySyncRow).where(_is_of(connection_id))
    row = (await session.exec(statement)).first()
    if row is None:
        return LastSync()
    running = row.claimed_until is not None and row.claimed_until >= now
    return LastSync(row.started_at, row.ended_at, running, row.claimed_by)


def _is_of(connection_id: ConnectionId) -> ColumnElement[bool]:
    return col(DirectorySyncRow.connection_id) == connection_id


def _state(row: DataSetRow) -> DataSetState:
    return DataSetState(
        connection_id=ConnectionId(row.connection_id),
        data_set=row.data_set,
        standing=row.standing,
        rows=row.rows,
        reason=row.reason,
        read_at=row.read_at,
        started_at=row.started_at,
        due_at=row.due_at,
        delta_link=row.delta_link,
        generation=row.generation,
        pages_done=row.pages_done,
        rows_done=row.rows_done,
    )
