"""INSERT … ON CONFLICT, which both databases know but SQLAlchemy spells twice."""

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
