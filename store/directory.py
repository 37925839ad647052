"""A connection's directory: rows in, rows out of date deleted.

Within one transaction of the caller's, who commits a page with how far it got.
"""

from collections.abc import Hashable, Iterable, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import TextClause, delete, func
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.domain.directory import DataSet
from bot.domain.ids import ConnectionId
from bot.domain.rows import ROWS, DirectoryRow
from store import directory_statements as statements
from store.directory_statements import TABLES, key_columns
from store.tables import Table

ROWS_AT_ONCE = 5_000  # of one statement; bounds its parameter to a few megabytes
# Whose objects may be members of groups, and are told of when they are gone.
MEMBERS = frozenset(
    {DataSet.USERS, DataSet.GROUPS, DataSet.SERVICE_PRINCIPALS, DataSet.DEVICES}
)
_TOLD_ALL: frozenset[str] = frozenset()


async def upsert(
    session: AsyncSession,
    connection_id: ConnectionId,
    data_set: DataSet,
    rows: Sequence[DirectoryRow],
    generation: int,
    *,
    untold: frozenset[str] = _TOLD_ALL,
) -> int:
    """Insert rows, or change those that are there. Of two with one key the later stays.

    A row without anything but its key ("limited information") shows that the object is
    there, and changes nothing of it. A missing name never overwrites a stored one.
    Where `untold` names columns the others are told: None in all of them clears them.

    Args:
        generation: of the complete read that saw them.
        untold: columns that the rows say nothing of.

    Returns:
        How many different rows.
    """
    width = len(key_columns(data_set))
    full = {row[:width]: row for row in rows if untold or not _is_bare(row, width)}
    bare = {row[:width]: row for row in rows if row[:width] not in full}
    is_sqlite = _is_sqlite(session)
    everything = frozenset(ROWS[data_set]._fields)
    for by_key, kept in ((full, untold), (bare, everything)):
        group = list(by_key.values())
        statement = statements.upsert(data_set, kept, is_sqlite=is_sqlite)
        for start in range(0, len(group), ROWS_AT_ONCE):
            chunk = group[start : start + ROWS_AT_ONCE]
            values = {"generation": generation, "rows": _json(chunk)}
            await _run(session, statement, connection_id, values)
    return len(full) + len(bare)


async def remove(
    session: AsyncSession,
    connection_id: ConnectionId,
    data_set: DataSet,
    keys: Iterable[Hashable],
) -> int:
    """Delete rows by their keys: an ID, or (group, member); returns how many.

    What is gone is a member of nothing, so its memberships go too.
    """
    listed = [key if isinstance(key, tuple) else (key,) for key in keys]
    if not listed:
        return 0
    is_sqlite = _is_sqlite(session)
    statement = statements.delete_keys(data_set, is_sqlite=is_sqlite)
    gone = await _run(session, statement, connection_id, {"keys": _json(listed)})
    if data_set in MEMBERS:
        await _remove_memberships(session, connection_id, "member_id", listed)
    return gone


async def empty_groups(
    session: AsyncSession, connection_id: ConnectionId, group_ids: Iterable[UUID]
) -> int:
    """Delete all memberships of groups that are gone; returns how many."""
    listed = [(group_id,) for group_id in group_ids]
    return await _remove_memberships(session, connection_id, "group_id", listed)


async def keep(
    session: AsyncSession,
    connection_id: ConnectionId,
    data_set: DataSet,
    owner_ids: Iterable[UUID],
    generation: int,
) -> int:
    """Let a sweep pass over what owners own, who would not tell; returns how many."""
    listed = [(owner_id,) for owner_id in owner_ids]
    if not listed:
        return 0
    owner = key_columns(data_set)[:1]
    statement = statements.see_where(data_set, owner, is_sqlite=_is_sqlite(session))
    values = {"generation": generation, "keys": _json(listed)}
    return await _run(session, statement, connection_id, values)


async def sweep(
    session: AsyncSession,
    connection_id: ConnectionId,
    data_set: DataSet,
    generation: int,
) -> int:
    """Delete what no complete read since that generation saw; returns how many."""
    table = TABLES[data_set]
    statement = delete(table).where(
        _column(table, "connection_id") == connection_id,
        _column(table, "generation") < generation,
    )
    return (await session.exec(statement)).rowcount


async def count(
    session: AsyncSession,
    connection_id: ConnectionId,
    data_set: DataSet,
    *,
    generation: int | None = None,
) -> int:
    """How many rows are stored, or how many of them a generation saw."""
    table = TABLES[data_set]
    statement = (
        select(func.count())
        .select_from(table)
        .where(_column(table, "connection_id") == connection_id)
    )
    if generation is not None:
        statement = statement.where(_column(table, "generation") == generation)
    return (await session.exec(statement)).one()


async def purge(
    session: AsyncSession,
    connection_id: ConnectionId,
    data_set: DataSet,
    before: datetime,
) -> int:
    """Delete a log's entries from before a moment; returns how many.

    Raises:
        AttributeError: the data set is no log; only entries of one have a time.
    """
    table = TABLES[data_set]
    statement = delete(table).where(
        _column(table, "connection_id") == connection_id,
        _column(table, "at") < before,
    )
    return (await session.exec(statement)).rowcount


async def _remove_memberships(
    session: AsyncSession,
    connection_id: ConnectionId,
    column: str,
    ids: Sequence[Sequence[Hashable]],
) -> int:
    if not ids:
        return 0
    statement = statements.delete_where(
        DataSet.MEMBERSHIPS, (column,), is_sqlite=_is_sqlite(session)
    )
    return await _run(session, statement, connection_id, {"keys": _json(ids)})


async def _run(
    session: AsyncSession,
    statement: TextClause,
    connection_id: ConnectionId,
    values: dict[str, Any],
) -> int:
    connection = await session.connection()
    result = await connection.execute(
        statement, {"connection_id": str(connection_id), **values}
    )
    return result.rowcount


def _is_bare(row: DirectoryRow, width: int) -> bool:
    return all(value is None for value in row[width:])


def _json(rows: Sequence[Sequence[Any]]) -> str:
    return msgspec.json.encode(rows).decode()


def _is_sqlite(session: AsyncSession) -> bool:
    return session.get_bind().dialect.name == "sqlite"


def _column(table: type[Table], name: str) -> Any:
    """A column that all of these tables have; `Any`, since no base declares it."""
    return col(getattr(table, name))
