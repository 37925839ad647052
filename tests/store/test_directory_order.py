"""Many rows at once: in the order of their keys, each once, the mark after them all."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import text

from bot.domain.directory import DataSet, DataSetState, Standing
from bot.domain.directory_rows import UserRow
from bot.domain.ids import ConnectionId
from bot.domain.tenants import Tenant
from bot.graph.reading import ReadPage
from bot.ports import SystemClock
from bot.workflows.sync_record import ROWS_IN_TRANSACTION, SyncRecord
from store import data_sets, directory
from store.bulk import Bulk, bulk
from store.data_sets import Progress
from store.directory_writing import in_key_order
from store.engine import Database
from tests.store.directory import a_user, guid, stored

USERS = DataSet.USERS
BY = "sync:one"
_SPREAD = 0x9E3779B97F4A7C15  # odd: multiples of it are spread, and none meet


def people(number: int) -> list[UserRow]:
    """So many users, whose IDs come in no order."""
    return [
        a_user(1)._replace(id=guid(place * _SPREAD % 2**64 << 64 | place))
        for place in range(1, number + 1)
    ]


async def test_rows_are_ordered_as_the_database_orders_them(
    database: Database, tenant: Tenant
) -> None:
    rows = people(50)
    async with database.sessions.begin() as session:
        await directory.upsert(session, tenant.id, USERS, rows, 1)
        connection = await session.connection()
        query = text("SELECT CAST(id AS TEXT) FROM directory_user ORDER BY id")
        listed = (await connection.execute(query)).scalars().all()

    assert [str(row[0]) for row in in_key_order(rows)] == list(listed)
    assert rows != in_key_order(rows)


def test_of_equal_keys_the_later_stays_later() -> None:
    older, newer = a_user(2, department="Sales"), a_user(2, department="Legal")
    assert in_key_order([older, a_user(1), newer]) == [a_user(1), older, newer]
    assert in_key_order([newer, a_user(1), older]) == [a_user(1), newer, older]


@pytest.mark.parametrize("number", [1, 255, 256, 257, 700])
async def test_no_row_falls_between_two_statements(
    database: Database, tenant: Tenant, number: int
) -> None:
    rows = people(number)
    moved = [row._replace(department="Legal") for row in rows]
    async with database.sessions.begin() as session:
        await directory.upsert(session, tenant.id, USERS, [*rows, *moved], 1)

    assert await stored(database, tenant.id, USERS) == set(moved)


async def a_record(database: Database, id: ConnectionId, writer: Bulk) -> SyncRecord:
    """A record whose workflow has the turn."""
    clock = SystemClock()
    async with database.sessions.begin() as session:
        await data_sets.claim(session, id, BY, clock.now(), timedelta(hours=1))
    return SyncRecord(database, clock, id, BY, writer)


async def test_a_mark_is_committed_with_the_last_of_its_rows(
    database: Database, tenant: Tenant
) -> None:
    rows = people(2 * ROWS_IN_TRANSACTION + 1)
    page = ReadPage(list(rows), "two thousand on")
    async with bulk(database) as writer:
        record = await a_record(database, tenant.id, writer)
        state = await record.begin(DataSetState(tenant.id, USERS, Standing.NEVER_READ))
        seen = _CutAfter(writer, 2)
        with pytest.raises(ConnectionError):
            await replace(record, bulk=seen).add(Progress(state), [page])
        cut = await record.progress(USERS)
        assert cut.mark is None
        assert cut.state.rows_done == 0
        before = await stored(database, tenant.id, USERS)
        assert before == set(in_key_order(rows)[: 2 * ROWS_IN_TRANSACTION])

        await record.add(Progress(state), [page])
        done = await record.progress(USERS)
    assert (done.mark, done.state.rows_done) == (page.mark, len(rows))
    assert await stored(database, tenant.id, USERS) == set(rows)


class _CutAfter(Bulk):
    """Writes so many transactions through another, then finds no way."""

    def __init__(self, writer: Bulk, transactions: int) -> None:
        self._writer, self._left = writer, transactions

    async def write(self, work: Any, *args: Any, **kw: Any) -> Any:
        """As the other; the last is refused before it begins."""
        if self._left == 0:
            raise ConnectionError("cut")
        self._left -= 1
        return await self._writer.write(work, *args, **kw)
