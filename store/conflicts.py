"""INSERT … ON CONFLICT, which both databases know but SQLAlchemy spells twice."""

from sqlalchemy import Insert
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel.ext.asyncio.session import AsyncSession

from store.tables import Table


def insert_into(
    session: AsyncSession, table: type[Table]
) -> sqlite.Insert | postgresql.Insert:
    """An INSERT that can be told what to do when a row is already there."""
    if session.get_bind().dialect.name == "sqlite":
        return sqlite.insert(table)
    return postgresql.insert(table)


async def was_inserted(session: AsyncSession, statement: Insert) -> bool:
    """Run an INSERT … DO NOTHING of one row; False if a row was already there.

    Past the session, whose inserts do not count rows on PostgreSQL.
    """
    connection = await session.connection()
    return (await connection.execute(statement)).rowcount == 1
