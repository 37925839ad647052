"""A connection's directory, within a session's transaction.

The statements are `store.directory_writing`'s, which documents them.
"""

from typing import Any

from sqlalchemy import delete
from sqlmodel import col
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.domain.ids import ConnectionId
from store import directory_writing as writing
from store.bulk import within
from store.directory_statements import TABLES
from store.directory_tables import DataSetRow, DirectorySyncRow
from store.tables import Table

upsert = within(writing.upsert)
remove = within(writing.remove)
empty_groups = within(writing.empty_groups)
sweep = within(writing.sweep)
count = within(writing.count)


async def clear(session: AsyncSession, connection_id: ConnectionId) -> None:
    """Delete the whole directory of a connection, and how it stands.

    The claim goes first: a read that still runs takes its row before it writes, so it
    is either before this or finds nothing to go on with.
    """
    tables: list[type[Table]] = [DirectorySyncRow, DataSetRow, *TABLES.values()]
    for table in tables:
        column: Any = getattr(table, "connection_id")  # noqa: B009 - no base declares it
        await session.exec(delete(table).where(col(column) == connection_id))
