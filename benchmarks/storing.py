"""`python -m benchmarks.storing`: rows a second into the database.

The pages are read first and held; each way stores all of them into a directory that
is empty, then once more over itself, a transaction for each page.
"""

import argparse
import asyncio
import tempfile
from collections.abc import Awaitable, Callable
from pathlib import Path

from benchmarks.bulk_process import bulk_process
from benchmarks.databases import postgres_urls
from benchmarks.measuring import begin, quantile, say, say_table, timed
from benchmarks.storage import (
    Page,
    by_orm,
    new_connection,
    opened,
    ours,
    plain,
    raw_postgres,
    raw_sqlite,
)
from bot.domain.directory import DataSet
from bot.domain.ids import ConnectionId
from bot.graph.reading import DirectoryReader
from store.engine import Database

USERS = 10_000
ROUNDS = 3
DATA_SETS = (DataSet.USERS, DataSet.MEMBERSHIPS)

Store = Callable[[Database, ConnectionId], Awaitable[None]]


async def read_pages(users: int) -> list[Page]:
    """Read a generated directory's people and memberships."""
    async with bulk_process(users, latency_ms=0, throttled=False) as bulk:
        graphs = bulk.address.graphs()
        try:
            reader = DirectoryReader(bulk.address.client_of(graphs))
            return [
                (data_set, page.rows)
                for data_set in DATA_SETS
                async for page in reader.full(data_set)
                if page.rows
            ]
        finally:
            await graphs.aclose()


def ways(pages: list[Page], database: Database) -> dict[str, Store]:
    """All ways of storing the pages; the first is the floor, the second ours."""
    values = [plain(page) for page in pages]

    async def raw(database: Database, connection_id: ConnectionId) -> None:
        url = database.url.render_as_string(hide_password=False)
        if database.is_sqlite:
            raw_sqlite(Path(str(database.url.database)), connection_id, values)
        else:
            raw_postgres(url, connection_id, values)

    async def gatehouse(database: Database, connection_id: ConnectionId) -> None:
        await ours(database, connection_id, pages)

    async def orm(database: Database, connection_id: ConnectionId) -> None:
        await by_orm(database, connection_id, pages)

    floor = "sqlite3" if database.is_sqlite else "psycopg"
    return {
        f"{floor}, executemany": raw,
        "store/directory.py": gatehouse,
        "ORM session, add_all": orm,
    }


async def sample(store: Store, database: Database) -> tuple[float, float | None]:
    """Seconds into an empty directory, and over the same rows once more."""
    connection_id = await new_connection(database)
    first = await timed(lambda: store(database, connection_id))
    if store.__name__ == "orm":
        return first, None  # it inserts only
    return first, await timed(lambda: store(database, connection_id))


async def measure(pages: list[Page], database: Database, rounds: int) -> None:
    """Run all ways side by side on one database, and print them."""
    samples: dict[str, list[tuple[float, float | None]]] = {}
    for _ in range(rounds):
        for name, store in ways(pages, database).items():
            samples.setdefault(name, []).append(await sample(store, database))
    rows = sum(len(rows) for _, rows in pages)
    kind = "SQLite" if database.is_sqlite else "PostgreSQL"
    floor = quantile([first for first, _ in next(iter(samples.values()))], 0.5)
    say_table(
        f"{kind}: {rows:,} rows in {len(pages)} pages",
        ("", "s", "rows/s", "of the floor", "again: s", "again: rows/s"),
        [_line(name, taken, rows, floor) for name, taken in samples.items()],
    )


def _line(
    name: str, taken: list[tuple[float, float | None]], rows: int, floor: float
) -> tuple[str, ...]:
    first = quantile([first for first, _ in taken], 0.5)
    again = [second for _, second in taken if second is not None]
    repeated = quantile(again, 0.5) if again else None
    return (
        name,
        f"{first:.2f}",
        f"{rows / first:,.0f}",
        f"{first / floor:.2f}",
        "" if repeated is None else f"{repeated:.2f}",
        "" if repeated is None else f"{rows / repeated:,.0f}",
    )


async def run(users: int, rounds: int) -> None:
    """Read once, then store into both kinds of database."""
    begin()
    pages = await read_pages(users)
    with tempfile.TemporaryDirectory(prefix="gatehouse-bench-") as folder:
        async with opened(f"sqlite+aiosqlite:///{folder}/gatehouse.db") as database:
            await measure(pages, database, rounds)
    with postgres_urls() as new_url:
        if new_url is None:
            say("PostgreSQL: left out, the embedded server is not installed.")
            return
        async with opened(new_url()) as database:
            await measure(pages, database, rounds)


def main() -> None:
    """Read the options and run."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--users", type=int, default=USERS)
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    arguments = parser.parse_args()
    asyncio.run(run(arguments.users, arguments.rounds))


if __name__ == "__main__":
    main()
