"""Transactions that run whole in a thread of their own.

An async driver hands every single statement to a thread and waits for it: beside a
busy event loop each of those turns costs milliseconds, and a page of a directory takes
a dozen. So its statements are plain functions of a connection, which run here one
after the other, or inside a session where only one of them is wanted.
"""

import asyncio
import time
from collections.abc import AsyncGenerator, Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from typing import Any, Concatenate, ParamSpec, TypeVar

from sqlalchemy import Connection, Engine, create_engine, event
from sqlmodel.ext.asyncio.session import AsyncSession

from store.engine import BUSY_TIMEOUT_MS, Database

P = ParamSpec("P")
T = TypeVar("T")

WRITERS = 4  # transactions at once on PostgreSQL; SQLite has one writer
# How long SQLite's lock is left to others between two transactions: longer than
# `store.turns` takes to look again, so that a click waits for one page at most.
REST_SECONDS = 0.0015
# Beside what SQLite has cached for other connections, which stays small (2 MB each).
_CACHE_KIB = 8_192


class Bulk:
    """Writes much, and lets others pass."""

    def __init__(self, database: Database) -> None:
        self._rest = REST_SECONDS if database.is_sqlite else 0.0
        self._free_at = 0.0
        writers = 1 if database.is_sqlite else WRITERS
        self._engine = _engine(database, writers)
        self._threads = ThreadPoolExecutor(writers, thread_name_prefix="bulk")

    async def write(
        self,
        work: Callable[Concatenate[Connection, P], T],
        *args: P.args,
        **kw: P.kwargs,
    ) -> T:
        """Run `work` in a transaction, after those that were asked for before it.

        Whoever is cancelled meanwhile is so after its end: it is then known whether
        it was committed.
        """
        running = self._threads.submit(lambda: self._in_transaction(work, *args, **kw))
        ended = asyncio.wrap_future(running)
        try:
            return await asyncio.shield(ended)
        except asyncio.CancelledError:
            if not running.cancel():  # it has begun
                await asyncio.wait([ended])
            raise

    def _in_transaction(
        self,
        work: Callable[Concatenate[Connection, P], T],
        *args: P.args,
        **kw: P.kwargs,
    ) -> T:
        time.sleep(max(self._free_at - time.monotonic(), 0))
        try:
            with self._engine.begin() as connection:
                return work(connection, *args, **kw)
        finally:
            self._free_at = time.monotonic() + self._rest

    async def close(self) -> None:
        """Wait for what is being written, and close the connections."""
        await asyncio.to_thread(self._threads.shutdown)
        self._engine.dispose()


@asynccontextmanager
async def bulk(database: Database) -> AsyncGenerator[Bulk]:
    """A writer for as long as there is much to write."""
    writer = Bulk(database)
    try:
        yield writer
    finally:
        await writer.close()


def within(
    work: Callable[Concatenate[Connection, P], T],
) -> Callable[Concatenate[AsyncSession, P], Awaitable[T]]:
    """The same work as a part of a session's transaction."""

    async def run(session: AsyncSession, /, *args: P.args, **kw: P.kwargs) -> T:
        return await session.run_sync(
            lambda plain: work(plain.connection(), *args, **kw)
        )

    run.__doc__ = work.__doc__
    return run


def _engine(database: Database, writers: int) -> Engine:
    if not database.is_sqlite:
        return create_engine(
            database.url,
            pool_size=writers,
            max_overflow=0,
            pool_pre_ping=True,
            hide_parameters=True,
        )
    engine = create_engine(
        database.url.set(drivername="sqlite"), pool_size=1, hide_parameters=True
    )
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _prepare_sqlite(connection: Any, _: Any) -> None:
    connection.isolation_level = None  # we begin transactions ourselves
    connection.execute(f"PRAGMA busy_timeout = {BUSY_TIMEOUT_MS}")
    connection.execute("PRAGMA foreign_keys = ON")
    # A power cut may take the last pages, but with them their mark: they are read
    # again. What others commit is flushed by them, and all that was written before.
    connection.execute("PRAGMA synchronous = NORMAL")
    connection.execute(f"PRAGMA cache_size = -{_CACHE_KIB}")
    # To undo half a statement SQLite copies each page that it changes, to a file else.
    connection.execute("PRAGMA temp_store = MEMORY")


def _begin_sqlite(connection: Connection) -> None:
    connection.exec_driver_sql("BEGIN IMMEDIATE")
