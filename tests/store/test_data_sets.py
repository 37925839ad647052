"""How data sets stand, and whose turn it is to read a directory."""

from dataclasses import replace
from datetime import timedelta

from bot.domain.directory import DataSet, DataSetState, Standing
from bot.domain.tenants import Tenant
from store import data_sets
from store.engine import Database
from tests.store.people import NOW

FIVE_MINUTES = timedelta(minutes=5)


def users_of(tenant: Tenant) -> DataSetState:
    """Users in the midst of a read, every field set."""
    return DataSetState(
        connection_id=tenant.id,
        data_set=DataSet.USERS,
        standing=Standing.READING,
        rows=12,
        reason="Reading.",
        read_at=NOW,
        started_at=NOW + FIVE_MINUTES,
        due_at=NOW + 2 * FIVE_MINUTES,
        delta_link="https://graph.example/v1.0/users/delta?$deltatoken=abc",
        generation=3,
        pages_done=4,
        rows_done=5,
    )


async def test_a_state_comes_back_as_it_was_saved(
    database: Database, tenant: Tenant
) -> None:
    reading = users_of(tenant)
    async with database.sessions.begin() as session:
        before = await data_sets.get(session, tenant.id, DataSet.USERS)
        await data_sets.record_mark(session, reading, "page 4", resource_units=9)
        halfway = await data_sets.progress(session, tenant.id, DataSet.USERS)
        ended = replace(reading, standing=Standing.CURRENT, reason="", delta_link=None)
        await data_sets.save(session, ended)
        after = await data_sets.progress(session, tenant.id, DataSet.USERS)

    assert before == DataSetState(tenant.id, DataSet.USERS)
    assert halfway == data_sets.Progress(reading, "page 4", 9)
    assert after.state == ended
    assert after.mark is None


async def test_all_are_listed_in_the_order_of_reading(
    database: Database, tenant: Tenant
) -> None:
    async with database.sessions.begin() as session:
        await data_sets.save(session, users_of(tenant))
        listed = await data_sets.list_all(session, tenant.id)

    assert [state.data_set for state in listed] == list(DataSet)
    assert [state for state in listed if state.generation] == [users_of(tenant)]


async def test_one_reads_at_a_time(database: Database, tenant: Tenant) -> None:
    """The one that was cut short goes on at once; another only after its time."""

    async def claims(by: str, minutes: int) -> bool:
        now = NOW + timedelta(minutes=minutes)
        async with database.sessions.begin() as session:
            return await data_sets.claim(session, tenant.id, by, now, FIVE_MINUTES)

    assert await claims("slot 1", 0)
    assert not await claims("slot 2", 1)
    assert await claims("slot 1", 2)
    assert not await claims("slot 2", 6)
    assert await claims("slot 2", 8)

    async with database.sessions.begin() as session:
        assert not await data_sets.renew(session, tenant.id, "slot 1", NOW)
        later = NOW + timedelta(minutes=20)
        assert await data_sets.renew(session, tenant.id, "slot 2", later)
        running = await data_sets.last_sync(session, tenant.id, NOW)
        await data_sets.release(session, tenant.id, "slot 1", NOW)
        assert (await data_sets.last_sync(session, tenant.id, NOW)).is_running
        await data_sets.release(session, tenant.id, "slot 2", later)
        ended = await data_sets.last_sync(session, tenant.id, later)

    assert running.is_running
    assert running.started_at == NOW + timedelta(minutes=8)
    assert ended == data_sets.LastSync(running.started_at, later, False)
    assert await claims("slot 3", 9)
