"""How far the reads of a directory have come: written with the rows of each page."""

from dataclasses import asdict, fields
from datetime import datetime
from functools import cache

from sqlalchemy import Connection, Insert, bindparam, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import col

from bot.domain.directory import DataSetState
from bot.domain.ids import ConnectionId
from store.directory_tables import DataSetRow, DirectorySyncRow

_KEYS = ("connection_id", "data_set")
_COLUMNS = (*(each.name for each in fields(DataSetState)), "mark", "resource_units")


def save(connection: Connection, state: DataSetState) -> None:
    """Write how a data set stands, at the end of its read: its mark is forgotten."""
    record_mark(connection, state, None)


def record_mark(
    connection: Connection,
    state: DataSetState,
    mark: str | None,
    resource_units: int = 0,
) -> None:
    """Write how far a read has come, in the transaction that commits its rows."""
    values = {**asdict(state), "mark": mark, "resource_units": resource_units}
    connection.execute(_record(connection.dialect.name == "sqlite"), values)


def renew(
    connection: Connection, connection_id: ConnectionId, by: str, until: datetime
) -> bool:
    """Keep the turn, before each write; False if it is lost or the tenant is gone."""
    values = {"connection": connection_id, "by": by, "claimed_until": until}
    return connection.execute(_RENEW, values).rowcount == 1


# One statement each for good: to put them together anew takes longer than to run them.
_RENEW = (
    update(DirectorySyncRow)
    .where(
        col(DirectorySyncRow.connection_id) == bindparam("connection"),
        col(DirectorySyncRow.claimed_by) == bindparam("by"),
    )
    .values(claimed_until=bindparam("claimed_until"))
)


@cache
def _record(is_sqlite: bool) -> Insert:
    insert = sqlite.insert if is_sqlite else postgresql.insert
    statement = insert(DataSetRow).values({x: bindparam(x) for x in _COLUMNS})
    told = {x: statement.excluded[x] for x in _COLUMNS if x not in _KEYS}
    return statement.on_conflict_do_update(index_elements=_KEYS, set_=told)
