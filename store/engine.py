"""Opening the database: SQLite in one file by default, PostgreSQL to scale out."""

import json
import sqlite3
from functools import partial
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, event, make_url
from sqlalchemy.exc import (
    ArgumentError,
    InterfaceError,
    OperationalError,
)
from sqlalchemy.exc import TimeoutError as NoConnectionError
from sqlalchemy.ext.asyncio import (
    AsyncEngine,
    async_sessionmaker,
    create_async_engine,
)
from sqlalchemy.pool import ConnectionPoolEntry
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.domain.errors import BotError
from store.prompt_sqlite import DRIVER
from store.turns import Turns

BUSY_TIMEOUT_MS = 10_000  # how long a SQLite connection waits for another's write
# Locked, restarting, full, out of connections, a deadlock's loser: the same
# transaction may well succeed in a while.
PASSING = (OperationalError, InterfaceError, NoConnectionError)
_READS_ONLY = "gatehouse_reads_only"  # execution option of `Database.snapshots`
_URGENT = "gatehouse_urgent"  # execution option of `Database.urgent_sessions`
# Of 4 KiB. From so many on a commit writes the log back into the file, which nobody who
# waits should pay: other connections do so from SQLite's own thousand on.
_PROMPT_CHECKPOINT_PAGES = 10_000


class BadDatabaseUrlError(BotError):
    """The database's address cannot be used."""

    code = "bad_database_url"

    def __init__(self) -> None:
        super().__init__(
            "GATEHOUSE_DATABASE_URL is not an address of a database.",
            remedy="Write sqlite+aiosqlite:///path/to/gatehouse.db or "
            "postgresql+psycopg://user:password@host/database.",
        )


class Database:
    """One open database and the two ways to talk to it.

    Attributes:
        sessions: for everything that may write. On SQLite the transaction takes the
            write lock at its start: two that read first and write later could
            otherwise both wait for each other, and one would fail.
        snapshots: for reading alone: all of it as at one moment, holding nobody up.
        prompt_sessions: as `sessions`, for a few statements on few rows while somebody
            waits. On SQLite they run on the loop itself, which a long one would stop.
        prompt_snapshots: as `snapshots`, likewise.
        urgent_sessions: as `prompt_sessions`, before all who wait for their turn.
    """

    def __init__(self, engine: AsyncEngine, prompt: AsyncEngine | None = None) -> None:
        self.engine, self._prompt = engine, prompt or engine
        self.url = engine.url
        self.is_sqlite = engine.dialect.name == "sqlite"
        self.sessions = _session_maker(engine)
        self.snapshots = _session_maker(engine.execution_options(**self._snapshot()))
        self.prompt_sessions = _session_maker(self._prompt)
        self.urgent_sessions = _session_maker(
            self._prompt.execution_options(**{_URGENT: True})
        )
        self.prompt_snapshots = _session_maker(
            self._prompt.execution_options(**self._snapshot())
        )

    def _snapshot(self) -> dict[str, Any]:
        if self.is_sqlite:
            return {_READS_ONLY: True}
        return {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}

    async def upgrade(self) -> None:
        """Bring the tables to the newest revision; does nothing when they are."""
        # Here, because a process that only reads a directory never needs Alembic.
        from store.migrations.runner import upgrade_to_head

        async with self.engine.connect() as connection:
            await connection.run_sync(upgrade_to_head)
            await connection.commit()

    async def close(self) -> None:
        """Close all connections."""
        await self.engine.dispose()
        await self._prompt.dispose()


def open_database(url: str) -> Database:
    """Open a database without talking to it yet.

    Args:
        url: `sqlite+aiosqlite:///path` or `postgresql+psycopg://…`. A SQLite file is
            made when it is missing, and so is its folder.

    Raises:
        BadDatabaseUrlError: anything else.
    """
    parsed = _parse(url)
    if parsed.drivername == "sqlite+aiosqlite":
        return _open_sqlite(parsed)
    return Database(_open_postgres(parsed))


def _parse(url: str) -> URL:
    try:
        parsed = make_url(url)
    except ArgumentError:
        raise BadDatabaseUrlError from None  # the original repeats the password
    known = {"sqlite+aiosqlite", "postgresql+psycopg"}
    if parsed.drivername not in known or not parsed.database:
        raise BadDatabaseUrlError
    return parsed


def _session_maker(engine: AsyncEngine) -> async_sessionmaker[AsyncSession]:
    return async_sessionmaker(engine, class_=AsyncSession, expire_on_commit=False)


_READABLE_JSON = partial(json.dumps, ensure_ascii=False)


def _open_sqlite(url: URL) -> Database:
    Path(str(url.database)).parent.mkdir(parents=True, exist_ok=True)
    turns = Turns(BUSY_TIMEOUT_MS / 1000)  # of both: the file has one writer
    prompt = _sqlite_engine(url.set(drivername=DRIVER), turns)
    event.listen(prompt.sync_engine, "connect", _leave_checkpoints)
    return Database(_sqlite_engine(url, turns), prompt)


def _sqlite_engine(url: URL, turns: Turns) -> AsyncEngine:
    engine = create_async_engine(
        url, json_serializer=_READABLE_JSON, hide_parameters=True
    )
    event.listen(engine.sync_engine, "connect", _prepare_sqlite)
    turns.attend(engine.sync_engine)
    event.listen(engine.sync_engine, "begin", partial(_begin_sqlite, turns))
    return engine


def _prepare_sqlite(connection: Any, record: ConnectionPoolEntry) -> None:
    # Without this the driver begins transactions by itself, too late and deferred.
    connection.isolation_level = None
    cursor = connection.cursor()
    cursor.execute(f"PRAGMA busy_timeout = {BUSY_TIMEOUT_MS}")
    _keep_write_ahead_log(cursor)
    cursor.execute("PRAGMA synchronous = FULL")  # an approval outlives a power cut
    cursor.execute("PRAGMA foreign_keys = ON")
    cursor.close()


def _leave_checkpoints(connection: Any, record: ConnectionPoolEntry) -> None:
    connection.execute(f"PRAGMA wal_autocheckpoint = {_PROMPT_CHECKPOINT_PAGES}")


def _keep_write_ahead_log(cursor: Any) -> None:
    try:
        cursor.execute("PRAGMA journal_mode = WAL")
    except sqlite3.OperationalError as error:
        # SQLite does not wait here. The lock's holder is another of our connections
        # at the same switch, and the mode belongs to the file, so it is ours as well.
        if "locked" not in str(error):
            raise


def _begin_sqlite(turns: Turns, connection: Connection) -> None:
    options = connection.get_execution_options()
    if options.get(_READS_ONLY, False):
        connection.exec_driver_sql("BEGIN")
    else:
        turns.begin(connection, is_urgent=options.get(_URGENT, False))


def _open_postgres(url: URL) -> AsyncEngine:
    return create_async_engine(
        url,
        json_serializer=_READABLE_JSON,
        hide_parameters=True,
        pool_pre_ping=True,  # a restarted server costs a reconnect, not an error
        connect_args={"application_name": "gatehouse"},
    )
