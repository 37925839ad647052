"""Ways of storing the same pages in the same tables, a transaction for each page."""

import sqlite3
from collections.abc import AsyncIterator, Iterable, Sequence
from contextlib import asynccontextmanager, closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlalchemy import Connection

from bot.domain.directory import DataSet, DataSetState, Standing
from bot.domain.ids import ConnectionId
from bot.domain.rows import DirectoryRow
from store import data_set_writing as marks
from store import directory_writing as writing
from store import tenants
from store.bulk import bulk
from store.directory_statements import TABLES
from store.engine import Database, open_database
from store.keyring import KeyRing
from tests.store.people import SECRET, a_tenant

PlainRow = tuple[Any, ...]
PlainPage = tuple[DataSet, list[PlainRow]]
Page = tuple[DataSet, list[DirectoryRow]]
GENERATION = 1


@asynccontextmanager
async def opened(url: str) -> AsyncIterator[Database]:
    """An open database with all tables, closed in the end."""
    database = open_database(url)
    try:
        await database.upgrade()
        yield database
    finally:
        await database.close()


async def new_connection(database: Database) -> ConnectionId:
    """Connect one more tenant, whose directory is empty."""
    tenant = a_tenant()
    async with database.sessions.begin() as session:
        await tenants.add(session, tenant, SECRET, KeyRing([KeyRing.generate_key()]))
    return tenant.id


async def ours(
    database: Database, connection_id: ConnectionId, pages: Iterable[Page]
) -> None:
    """Store pages as a sync does: each with how far it got, in one transaction."""
    async with bulk(database) as writer:
        for data_set, rows in pages:
            state = DataSetState(connection_id, data_set, Standing.READING)
            await writer.write(_commit_page, state, rows)


def _commit_page(
    connection: Connection, state: DataSetState, rows: Sequence[DirectoryRow]
) -> None:
    writing.upsert(connection, state.connection_id, state.data_set, rows, GENERATION)
    marks.record_mark(connection, state, "a mark")


async def by_orm(
    database: Database, connection_id: ConnectionId, pages: Iterable[Page]
) -> None:
    """Store pages as new objects in ORM sessions: inserts only, no conflicts."""
    for data_set, rows in pages:
        table = TABLES[data_set]
        async with database.sessions.begin() as session:
            session.add_all(
                table(
                    connection_id=connection_id, **row._asdict(), generation=GENERATION
                )
                for row in rows
            )


def raw_sqlite(
    file: Path, connection_id: ConnectionId, pages: Iterable[PlainPage]
) -> int:
    """Store pages by sqlite3 alone, as safe from a power cut as ours.

    Returns:
        How many rows.
    """
    stored = 0
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("PRAGMA synchronous = FULL")
        for data_set, rows in pages:
            with connection:
                connection.executemany(_insert(data_set, connection_id, "?"), rows)
            stored += len(rows)
    return stored


def raw_postgres(
    url: str, connection_id: ConnectionId, pages: Iterable[PlainPage]
) -> int:
    """Store pages by psycopg's executemany alone.

    Returns:
        How many rows.
    """
    import psycopg  # many megabytes, which a reader into SQLite should not hold

    stored = 0
    with psycopg.connect(url.replace("+psycopg", "", 1)) as connection:
        for data_set, rows in pages:
            with connection.transaction(), connection.cursor() as cursor:
                cursor.executemany(
                    _insert(data_set, connection_id, "%s").encode(), rows
                )
            stored += len(rows)
    return stored


def plain(page: Page) -> PlainPage:
    """The same page as SQLite's own types."""
    data_set, rows = page
    return data_set, [tuple(map(_plain, row)) for row in rows]


def _plain(value: object) -> object:
    if isinstance(value, UUID):
        return str(value)
    if isinstance(value, datetime):
        return value.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S.%f")
    return value


def _insert(data_set: DataSet, connection_id: ConnectionId, mark: str) -> str:
    """Insert, or change nothing but the generation: the cheapest upsert there is.

    What all rows share stands in the text, so that rows go in as they are.
    """
    table = TABLES[data_set]
    columns = table.__table__.columns  # type: ignore[attr-defined]  # SQLAlchemy's
    names = [column.name for column in columns]
    keys = [column.name for column in columns if column.primary_key]
    marks = ", ".join([mark] * (len(names) - 2))
    return (
        f"INSERT INTO {table.__tablename__} ({', '.join(names)}) "  # noqa: S608 - our own names only
        f"VALUES ('{connection_id}', {marks}, {GENERATION}) "
        f"ON CONFLICT ({', '.join(keys)}) "
        "DO UPDATE SET generation = excluded.generation"
    )
