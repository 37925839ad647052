"""A connection's directory: rows in, rows out of date deleted.

Statements of a transaction, which commits a page with how far it got.
"""

from collections.abc import Hashable, Iterable, Sequence
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

import msgspec
from sqlalchemy import Connection, TextClause, case, delete, func
from sqlmodel import col, select

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


class Counted(NamedTuple):
    """How many rows are stored, and how many of them a complete read saw."""

    stored: int
    seen: int


def upsert(
    connection: Connection,
    connection_id: ConnectionId,
    data_set: DataSet,
    rows: Sequence[DirectoryRow],
    generation: int,
    *,
    untold: frozenset[str] = _TOLD_ALL,
) -> None:
    """Insert rows, or change those that are there. Of two with one key the later stays.

    A row without anything but its key ("limited information") shows that the object is
    there, and changes nothing of it. A missing name never overwrites a stored one.
    Where `untold` names columns the others are told: None in all of them clears them.

    Args:
        generation: of the complete read that saw them.
        untold: columns that the rows say nothing of.
    """
    fields = ROWS[data_set]._fields
    bare_from = len(fields) - len(key_columns(data_set))  # as many times None
    bare = [] if untold else [row for row in rows if row.count(None) == bare_from]
    full = [row for row in rows if row.count(None) < bare_from] if bare else rows
    for kept, group in ((untold, full), (frozenset(fields), bare)):
        for start in range(0, len(group), ROWS_AT_ONCE):
            chunk = group[start : start + ROWS_AT_ONCE]
            _insert(connection, connection_id, data_set, chunk, kept, generation)


def _insert(
    connection: Connection,
    connection_id: ConnectionId,
    data_set: DataSet,
    rows: Sequence[DirectoryRow],
    untold: frozenset[str],
    generation: int,
) -> None:
    is_sqlite = _is_sqlite(connection)
    if not is_sqlite:  # PostgreSQL refuses a statement that changes a row twice
        width = len(key_columns(data_set))
        rows = list({row[:width]: row for row in rows}.values())
    statement = statements.upsert(data_set, untold, is_sqlite=is_sqlite)
    values = {"generation": generation, "rows": _json(rows)}
    _run(connection, statement, connection_id, values)


def remove(
    connection: Connection,
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
    statement = statements.delete_keys(data_set, is_sqlite=_is_sqlite(connection))
    gone = _run(connection, statement, connection_id, {"keys": _json(listed)})
    if data_set in MEMBERS:
        _remove_memberships(connection, connection_id, "member_id", listed)
    return gone


def empty_groups(
    connection: Connection, connection_id: ConnectionId, group_ids: Iterable[UUID]
) -> int:
    """Delete all memberships of groups that are gone; returns how many."""
    listed = [(group_id,) for group_id in group_ids]
    return _remove_memberships(connection, connection_id, "group_id", listed)


def keep(
    connection: Connection,
    connection_id: ConnectionId,
    data_set: DataSet,
    owner_ids: Iterable[UUID],
    generation: int,
) -> int:
    """Let a sweep pass over what owners own, who would not tell; returns how many."""
    listed = [(owner_id,) for owner_id in owner_ids]
    if not listed:
        return 0
    owner, is_sqlite = key_columns(data_set)[:1], _is_sqlite(connection)
    statement = statements.see_where(data_set, owner, is_sqlite=is_sqlite)
    values = {"generation": generation, "keys": _json(listed)}
    return _run(connection, statement, connection_id, values)


def sweep(
    connection: Connection,
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
    return connection.execute(statement).rowcount


def purge(
    connection: Connection,
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
    return connection.execute(statement).rowcount


def count(
    connection: Connection,
    connection_id: ConnectionId,
    data_set: DataSet,
    generation: int = 0,
) -> Counted:
    """How many rows are stored, and how many of them that generation saw."""
    table = TABLES[data_set]
    is_seen = _column(table, "generation") == generation
    statement = select(func.count(), func.count(case((is_seen, 1)))).where(
        _column(table, "connection_id") == connection_id
    )
    return Counted(*connection.execute(statement).one())


def _remove_memberships(
    connection: Connection,
    connection_id: ConnectionId,
    column: str,
    ids: Sequence[Sequence[Hashable]],
) -> int:
    if not ids:
        return 0
    statement = statements.delete_where(
        DataSet.MEMBERSHIPS, (column,), is_sqlite=_is_sqlite(connection)
    )
    return _run(connection, statement, connection_id, {"keys": _json(ids)})


def _run(
    connection: Connection,
    statement: TextClause,
    connection_id: ConnectionId,
    values: dict[str, Any],
) -> int:
    told = {"connection_id": str(connection_id), **values}
    return connection.execute(statement, told).rowcount


def _json(rows: Sequence[Sequence[Any]]) -> str:
    return msgspec.json.encode(rows).decode()


def _is_sqlite(connection: Connection) -> bool:
    return connection.dialect.name == "sqlite"


def _column(table: type[Table], name: str) -> Any:
    """A column that all of these tables have; `Any`, since no base declares it."""
    return col(getattr(table, name))
