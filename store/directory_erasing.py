"""Erasing a connection's directory a little at a time.

A whole one in one transaction would keep every other writer of SQLite waiting, and
would begin from nothing again if the process ended in between.
"""

from sqlalchemy import Table, delete, exists, or_, tuple_
from sqlalchemy import select as select_columns
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.domain.directory import DataSet
from bot.domain.ids import ConnectionId
from bot.domain.tenants import TenantStatus
from store import tables
from store.directory_statements import TABLES, key_columns, table_of
from store.directory_tables import DataSetRow, DirectorySyncRow

ROWS_AT_ONCE = 2_000  # of one transaction


async def forget(session: AsyncSession, connection_id: ConnectionId) -> None:
    """Delete how a directory stands and whose turn it is; its rows are `erase`'s.

    A read that still runs renews its turn before it writes, so it is either before
    this or finds nothing to go on with.
    """
    for row in (DirectorySyncRow, DataSetRow):
        await session.exec(delete(row).where(col(row.connection_id) == connection_id))


async def erase(
    session: AsyncSession, connection_id: ConnectionId, at_most: int = ROWS_AT_ONCE
) -> int:
    """Delete some rows of a directory; returns how many, less than asked at the end."""
    left = at_most
    for data_set in TABLES:
        if left:
            left -= await _delete_some(session, connection_id, data_set, left)
    return at_most - left


async def left_over(session: AsyncSession) -> list[ConnectionId]:
    """Connections that were disconnected and have rows still."""
    tenant = tables.TenantRow
    has_rows = [
        exists().where(_of(data_set).c.connection_id == col(tenant.id))
        for data_set in TABLES
    ]
    statement = select(tenant.id).where(
        col(tenant.status) == TenantStatus.DISCONNECTED, or_(*has_rows)
    )
    return [ConnectionId(id) for id in (await session.exec(statement)).all()]


async def _delete_some(
    session: AsyncSession, connection_id: ConnectionId, data_set: DataSet, at_most: int
) -> int:
    rows = _of(data_set)
    keys = [rows.c[name] for name in key_columns(data_set)]
    is_of = rows.c.connection_id == connection_id
    some = select_columns(*keys).where(is_of).limit(at_most)
    statement = delete(rows).where(is_of, tuple_(*keys).in_(some))
    return (await session.exec(statement)).rowcount


def _of(data_set: DataSet) -> Table:
    return tables.Table.metadata.tables[table_of(data_set)]
