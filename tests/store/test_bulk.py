"""Whole transactions in a thread: all or nothing, in order, and never half known."""

import asyncio
import threading
import time

import pytest
from sqlalchemy import Connection, text

from bot.domain.directory import DataSet, DataSetState, Standing
from bot.domain.tenants import Tenant
from store import data_set_writing as marks
from store import data_sets
from store.bulk import bulk
from store.engine import Database

USERS = DataSet.USERS


def reading(tenant: Tenant, pages: int = 0) -> DataSetState:
    """Users of a tenant after so many pages."""
    return DataSetState(tenant.id, USERS, Standing.READING, pages_done=pages)


async def pages_of(database: Database, tenant: Tenant) -> int:
    """How many pages are committed."""
    async with database.snapshots() as session:
        return (await data_sets.get(session, tenant.id, USERS)).pages_done


async def test_what_fails_leaves_nothing_behind(
    database: Database, tenant: Tenant
) -> None:
    def fails(connection: Connection) -> None:
        marks.save(connection, reading(tenant, 7))
        raise ValueError("cut")

    async with bulk(database) as writer:
        with pytest.raises(ValueError, match="cut"):
            await writer.write(fails)
        assert await pages_of(database, tenant) == 0

        await writer.write(marks.save, reading(tenant, 1))
    assert await pages_of(database, tenant) == 1


async def test_the_event_loop_goes_on_meanwhile(
    database: Database, tenant: Tenant
) -> None:
    begun, gate = threading.Event(), threading.Event()

    def waits(connection: Connection) -> int:
        begun.set()
        assert gate.wait(5)
        return int(connection.execute(text("SELECT 42")).scalar_one())

    async with bulk(database) as writer:
        writing = asyncio.create_task(writer.write(waits))
        async with asyncio.timeout(5):
            while not begun.is_set():  # noqa: ASYNC110 - set by a thread
                await asyncio.sleep(0.01)
        gate.set()
        assert await writing == 42


async def test_whoever_is_cancelled_learns_it_after_the_commit(
    database: Database, tenant: Tenant
) -> None:
    """A sync that was broken off must not write after it gave its turn back."""
    begun = threading.Event()

    def slow(connection: Connection) -> None:
        begun.set()
        time.sleep(0.1)
        marks.save(connection, reading(tenant, 3))

    async with bulk(database) as writer:
        writing = asyncio.create_task(writer.write(slow))
        await asyncio.to_thread(begun.wait, 5)
        writing.cancel()
        with pytest.raises(asyncio.CancelledError):
            await writing

        assert await pages_of(database, tenant) == 3


async def test_others_may_write_between_two_transactions(
    sqlite_database: Database,
) -> None:
    """Beside a sync without a pause a click still finds the lock free soon."""
    is_over = False

    def writes(connection: Connection) -> None:
        connection.execute(text("CREATE TABLE IF NOT EXISTS busy (number INTEGER)"))
        connection.execute(text("INSERT INTO busy VALUES (1)"))
        time.sleep(0.005)

    async def without_a_pause() -> None:
        while not is_over:
            await writer.write(writes)

    async with bulk(sqlite_database) as writer:
        syncing = asyncio.create_task(without_a_pause())
        try:
            async with asyncio.timeout(5):
                for _ in range(20):
                    async with sqlite_database.sessions.begin() as session:
                        await session.exec(text("SELECT 1"))  # type: ignore[call-overload]  # plain SQL
        finally:
            is_over = True
            await syncing
