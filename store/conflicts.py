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
    """Run an INSERT … DO NOTHING of one row; False if a row was already there."""
    connection = await session.connection()
    # Without the option psycopg's count of inserted rows is thrown away.
    options = {"preserve_rowcount": True}
    result = await connection.execute(statement, execution_options=options)
    return result.rowcount == 1
