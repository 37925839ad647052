"""Who asks first writes first, and no turn is ever lost."""

import asyncio
import sqlite3
from collections.abc import Awaitable, Callable
from statistics import median

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError, OperationalError

from store import inbound
from store.engine import Database, open_database
from tests.store.people import NOW

HOLD = 0.05  # seconds; five of them fit into SQLite's own first few waits


async def write(database: Database, key: str, hold: float = 0.0) -> None:
    """A transaction that writes, then keeps the lock for a while."""
    async with database.sessions.begin() as session:
        await inbound.claim(session, key, NOW)
        await asyncio.sleep(hold)


async def test_writers_are_served_in_their_order(sqlite_database: Database) -> None:
    served: list[int] = []

    async def writer(number: int) -> None:
        async with sqlite_database.prompt_sessions.begin() as session:
            await session.connection()  # without a thread: asked for in their order
            await asyncio.sleep(HOLD)
            served.append(number)

    await asyncio.gather(*(writer(number) for number in range(8)))

    assert served == list(range(8))


async def test_readers_wait_for_nobody(sqlite_database: Database) -> None:
    writing = asyncio.create_task(write(sqlite_database, "a", hold=5))
    await asyncio.sleep(HOLD)
    async with asyncio.timeout(1), sqlite_database.snapshots() as session:
        await session.connection()
    writing.cancel()
    await asyncio.gather(writing, return_exceptions=True)


async def fail_in_sql(database: Database) -> None:
    """A transaction that the database refuses."""
    async with database.sessions.begin() as session:
        connection = await session.connection()
        await connection.execute(
            text("INSERT INTO inbound_delivery (key, seen_at) VALUES (NULL, 1)")
        )


async def fail_in_code(database: Database) -> None:
    """A transaction that ends with an error of ours."""
    async with database.sessions.begin() as session:
        await inbound.claim(session, "lost", NOW)
        raise KeyError("ours")


async def be_cancelled(database: Database) -> None:
    """A transaction whose task is cancelled in its midst."""
    task = asyncio.create_task(write(database, "cancelled", hold=5))
    await asyncio.sleep(HOLD)
    task.cancel()
    await task


async def be_cancelled_waiting(database: Database) -> None:
    """A task that is cancelled while it waits for its turn."""
    holder = asyncio.create_task(write(database, "holder", hold=HOLD))
    await asyncio.sleep(HOLD / 10)
    waiting = asyncio.create_task(write(database, "waiting"))
    await asyncio.sleep(HOLD / 10)
    waiting.cancel()
    await holder
    await waiting


@pytest.mark.parametrize(
    ("act", "error"),
    [
        (fail_in_sql, IntegrityError),
        (fail_in_code, KeyError),
        (be_cancelled, asyncio.CancelledError),
        (be_cancelled_waiting, asyncio.CancelledError),
    ],
)
async def test_a_turn_comes_back_however_it_ends(
    sqlite_database: Database,
    act: Callable[[Database], Awaitable[None]],
    error: type[BaseException],
) -> None:
    for _ in range(3):
        with pytest.raises(error):
            await act(sqlite_database)
        async with asyncio.timeout(2):
            await write(sqlite_database, "after")


async def test_a_transaction_inside_another_fails_instead_of_waiting_for_ever(
    tmp_path: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("store.engine.BUSY_TIMEOUT_MS", 100)
    database = open_database(f"sqlite+aiosqlite:///{tmp_path}/gatehouse.db")
    await database.upgrade()
    async with asyncio.timeout(5), database.sessions.begin() as session:
        await inbound.claim(session, "outer", NOW)
        with pytest.raises(OperationalError, match="locked"):
            await write(database, "inner")
    await write(database, "after")
    await database.close()


async def test_what_slack_waits_for_goes_first(sqlite_database: Database) -> None:
    """A click's claim comes before all that was asked for earlier and has to wait."""
    served: list[str] = []

    async def ordinary(number: int) -> None:
        await write(sqlite_database, str(number), HOLD)
        served.append(str(number))

    async def click() -> None:
        async with sqlite_database.urgent_sessions.begin() as session:
            await inbound.claim(session, "click", NOW)
        served.append("click")

    tasks = [asyncio.create_task(ordinary(number)) for number in range(4)]
    await asyncio.sleep(HOLD / 2)
    await asyncio.gather(*tasks, click())

    assert served.index("click") == 1, "only whoever wrote already was before it"


async def test_another_process_is_waited_for_without_holding_up_the_loop(
    sqlite_database: Database,
) -> None:
    """And its lock is noticed free within milliseconds, not tenths of a second."""
    loop, late = asyncio.get_running_loop(), list[float]()
    other = sqlite3.connect(str(sqlite_database.url.database), isolation_level=None)
    other.execute("BEGIN IMMEDIATE")

    async def watch() -> None:
        while True:
            began = loop.time()
            await asyncio.sleep(0.005)
            late.append(loop.time() - began - 0.005)

    async def claims() -> float:
        async with sqlite_database.urgent_sessions.begin() as session:
            await session.connection()
            return loop.time()

    watching, claiming = asyncio.create_task(watch()), asyncio.create_task(claims())
    await asyncio.sleep(0.3)
    other.execute("COMMIT")
    released = loop.time()
    other.close()
    taken = await claiming
    watching.cancel()

    assert 0 <= taken - released < 0.05
    assert median(late) < 0.005


async def test_a_prompt_commit_that_is_cancelled_is_whole_or_nothing(
    sqlite_database: Database,
) -> None:
    """The connection is as good as new, whatever moment the cancellation hits."""
    for number in range(30):
        task = asyncio.create_task(claim_promptly(sqlite_database, number))
        await asyncio.sleep(number / 10_000)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        async with asyncio.timeout(2):
            await claim_promptly(sqlite_database, 1_000 + number)


async def claim_promptly(database: Database, number: int) -> None:
    """One delivery, as the bot claims it."""
    async with database.prompt_sessions.begin() as session:
        assert await inbound.claim(session, f"prompt:{number}", NOW)
