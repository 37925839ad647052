"""SQLite without a thread in between, for the few short statements a click waits for.

The async driver hands each call to a thread and back, four times a statement: of the
7 ms that a click took, more than 4 were spent on that (measured). SQLite itself answers
such a statement in microseconds, so here they run on the loop itself. Only a commit
waits for the disk, and so has a thread of its own.
"""

import asyncio
import sqlite3
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from sqlalchemy import pool
from sqlalchemy.dialects import registry
from sqlalchemy.dialects.sqlite.pysqlite import SQLiteDialect_pysqlite
from sqlalchemy.engine import URL
from sqlalchemy.util import await_only

DRIVER = "sqlite+prompt"
COMMITS_AT_ONCE = 4  # connections that are flushed side by side; SQLite orders them

_commits = ThreadPoolExecutor(COMMITS_AT_ONCE, thread_name_prefix="commit")


class PromptDialect(SQLiteDialect_pysqlite):
    """The standard library's driver, called within SQLAlchemy's greenlets."""

    driver = "prompt"
    is_async = True
    supports_statement_cache = True

    @classmethod
    def get_pool_class(cls, url: URL) -> type[pool.Pool]:
        """One that waits for a connection without holding up the loop."""
        return pool.AsyncAdaptedQueuePool

    def create_connect_args(self, url: URL) -> Any:
        """Allow the commit's thread to use the connection."""
        arguments, options = super().create_connect_args(url)
        return arguments, {**options, "check_same_thread": False}

    def do_execute(
        self, cursor: Any, statement: str, parameters: Any, context: Any = None
    ) -> None:
        """Execute, after letting others go on: they come between two statements."""
        await_only(asyncio.sleep(0))
        cursor.execute(statement, parameters)

    def do_commit(self, dbapi_connection: Any) -> None:
        """Commit in a thread; whoever is cancelled meanwhile is so after its end."""
        await_only(_committed(dbapi_connection))


async def _committed(connection: sqlite3.Connection) -> None:
    running = asyncio.get_running_loop().run_in_executor(_commits, connection.commit)
    try:
        await asyncio.shield(running)
    except asyncio.CancelledError:
        await asyncio.wait([running])
        raise


registry.register("sqlite.prompt", __name__, PromptDialect.__name__)
