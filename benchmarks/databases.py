"""Empty databases of one kind, with all tables, each used once or by a few runs.

They are made by the process that measures, as the bot makes them: whoever reads a
directory finds them ready, and spends no memory on migrations.
"""

import itertools
import tempfile
import warnings
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path

from store.engine import open_database

SQLITE, POSTGRESQL = "sqlite", "postgresql"
NewUrl = Callable[[], str]
NewDatabase = Callable[[], Awaitable[str]]


class NoDatabaseError(OSError):
    """The embedded PostgreSQL is not installed."""


@asynccontextmanager
async def databases(kind: str) -> AsyncIterator[NewDatabase]:
    """What makes an empty database and gives its URL; all are gone in the end.

    Raises:
        NoDatabaseError: there is no server of this kind here.
    """
    with _urls(kind) as new_url:

        async def new() -> str:
            database = open_database(new_url())
            await database.upgrade()
            await database.close()
            return database.url.render_as_string(hide_password=False)

        yield new


@contextmanager
def _urls(kind: str) -> Iterator[NewUrl]:
    if kind == POSTGRESQL:
        with postgres_urls() as new_url:
            if new_url is None:
                raise NoDatabaseError("the embedded PostgreSQL is not installed")
            yield new_url
        return
    numbers = itertools.count(1)
    with tempfile.TemporaryDirectory(prefix="gatehouse-bench-") as folder:
        yield lambda: f"sqlite+aiosqlite:///{folder}/{next(numbers)}.db"


@contextmanager
def postgres_urls() -> Iterator[NewUrl | None]:
    """An embedded PostgreSQL, None where it is not installed."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of a runtime folder that is missing
            from tests.store.databases import Postgres
    except ImportError:
        yield None
        return
    server = Postgres(Path(tempfile.mkdtemp(prefix="gatehouse-bench-")))
    try:
        yield server.new_database
    finally:
        server.stop()
