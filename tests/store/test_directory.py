"""What was read of a directory goes in whole and comes out only when it may."""

import asyncio
from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import inspect, text

from bot.domain.activity_rows import ProvisioningJobRow
from bot.domain.directory import DataSet, DataSetState
from bot.domain.directory_rows import GroupRow, MembershipRow, UserRow
from bot.domain.ids import ConnectionId
from bot.domain.rows import ROWS
from bot.domain.tenants import Tenant
from store import data_sets, directory, tenants
from store.directory_statements import TABLES, key_columns
from store.directory_writing import Counted
from store.engine import Database
from store.keyring import KeyRing
from tests.store.directory import a_user, bare, guid, one_of_each, stored
from tests.store.people import NOW, SECRET, a_tenant

USERS, GROUPS, MEMBERSHIPS = DataSet.USERS, DataSet.GROUPS, DataSet.MEMBERSHIPS


@pytest.mark.parametrize("data_set", list(DataSet))
def test_columns_are_the_row_s_fields(data_set: DataSet) -> None:
    """In its order, keys first, and nothing besides."""
    columns = [each.name for each in TABLES[data_set].metadata.tables[
        str(TABLES[data_set].__tablename__)
    ].columns]  # fmt: skip

    assert columns == ["connection_id", *ROWS[data_set]._fields, "generation"]
    primary = inspect(TABLES[data_set]).primary_key
    assert [each.name for each in primary] == ["connection_id", *key_columns(data_set)]


@pytest.mark.parametrize("data_set", list(DataSet))
async def test_every_column_survives(
    database: Database, tenant: Tenant, data_set: DataSet
) -> None:
    """Text of all sorts, times, GUIDs, truth and numbers; on both databases."""
    row = one_of_each()[data_set]
    assert None not in row

    async with database.sessions.begin() as session:
        await directory.upsert(session, tenant.id, data_set, [row], 1)

    assert await stored(database, tenant.id, data_set) == {row}


async def test_times_are_written_as_all_other_times(
    database: Database, tenant: Tenant
) -> None:
    """So that SQL compares them with those that the store writes itself."""
    async with database.sessions.begin() as session:
        await directory.upsert(session, tenant.id, USERS, [a_user(1)], 1)
        connection = await session.connection()
        query = "SELECT CAST(created_at AS TEXT) FROM directory_user"
        written = (await connection.execute(text(query))).scalar_one()

    expected = {True: "2024-02-29 23:59:59.120000", False: "2024-02-29 23:59:59.12"}
    assert written.startswith(expected[database.is_sqlite])


async def test_a_change_replaces_and_null_clears(
    database: Database, tenant: Tenant
) -> None:
    async with database.sessions.begin() as session:
        await directory.upsert(session, tenant.id, USERS, [a_user(1), a_user(2)], 1)
        moved = a_user(1, department="Sales", job_title=None, account_enabled=False)
        await directory.upsert(session, tenant.id, USERS, [moved], 1)

    assert await stored(database, tenant.id, USERS) == {moved, a_user(2)}


async def test_what_may_not_be_known_overwrites_nothing(
    database: Database, tenant: Tenant
) -> None:
    """Neither a bare object, nor a name that is missing beside other facts."""
    nameless = a_user(2, display_name=None, user_principal_name=None, mail="new@x.de")
    async with database.sessions.begin() as session:
        await directory.upsert(session, tenant.id, USERS, [a_user(1), a_user(2)], 1)
        both = [bare(UserRow, guid(1)), nameless, bare(UserRow, guid(3))]
        await directory.upsert(session, tenant.id, USERS, both, 2)
        counted = await directory.count(session, tenant.id, USERS, 2)

    assert counted == Counted(stored=3, seen=3)
    assert await stored(database, tenant.id, USERS) == {
        a_user(1),
        a_user(2, mail="new@x.de"),
        bare(UserRow, guid(3)),
    }


async def test_columns_that_were_not_told_stay(
    database: Database, tenant: Tenant
) -> None:
    told = a_user(1, department="Sales", manager_id=None, licences=None)
    async with database.sessions.begin() as session:
        await directory.upsert(session, tenant.id, USERS, [a_user(1)], 1)
        await directory.upsert(
            session, tenant.id, USERS, [told], 1,
            untold=frozenset({"manager_id", "licences"}),
        )  # fmt: skip

    assert await stored(database, tenant.id, USERS) == {a_user(1, department="Sales")}


async def test_a_change_may_tell_nothing_but_that_something_is_cleared(
    database: Database, tenant: Tenant
) -> None:
    """A manager taken away comes alone; it is no bare object."""
    untold = frozenset(UserRow._fields) - {"id", "manager_id"}
    async with database.sessions.begin() as session:
        await directory.upsert(session, tenant.id, USERS, [a_user(1)], 1)
        alone = [bare(UserRow, guid(1))]
        await directory.upsert(session, tenant.id, USERS, alone, 1, untold=untold)

    assert a_user(1).manager_id is not None
    assert await stored(database, tenant.id, USERS) == {a_user(1, manager_id=None)}


async def test_of_two_with_one_id_the_later_stays(
    database: Database, tenant: Tenant
) -> None:
    """Also across chunks, and a bare one after a full one takes nothing away."""
    twice = [a_user(1, department="Old"), *map(a_user, range(2, 6_000))]
    async with database.sessions.begin() as session:
        everybody = [*twice, a_user(1), bare(UserRow, guid(1))]
        await directory.upsert(session, tenant.id, USERS, everybody, 1)
        assert (await directory.count(session, tenant.id, USERS)).stored == 5_999

    assert a_user(1) in await stored(database, tenant.id, USERS)


async def test_sweeping_takes_older_generations_of_one_data_set_of_one_connection(
    database: Database, tenant: Tenant, keys: KeyRing
) -> None:
    other = a_tenant(tenant_id=tenant.tenant_id)
    async with database.sessions.begin() as session:
        await tenants.add(session, other, SECRET, keys)
        for connection_id in (tenant.id, other.id):
            for data_set, row in one_of_each().items():
                await directory.upsert(session, connection_id, data_set, [row], 1)
        await directory.upsert(session, tenant.id, USERS, [a_user(1)], 2)

        before = await directory.count(session, tenant.id, USERS, 2)
        assert before == Counted(stored=2, seen=1)
        assert await directory.sweep(session, tenant.id, USERS, 2) == 1

        counts = [await directory.count(session, tenant.id, each) for each in DataSet]
        assert [one.stored for one in counts] == [1] * len(DataSet)
        assert (await directory.count(session, other.id, USERS)).stored == 1
    assert await stored(database, tenant.id, USERS) == {a_user(1)}


async def test_a_late_page_of_an_older_read_hides_nothing_from_the_newer(
    database: Database, tenant: Tenant
) -> None:
    """Two replicas may take themselves for the same sync for a moment."""
    async with database.sessions.begin() as session:
        await directory.upsert(session, tenant.id, USERS, [a_user(1)], 2)
        await directory.upsert(session, tenant.id, USERS, [a_user(1)], 1)
        assert await directory.sweep(session, tenant.id, USERS, 2) == 0


async def test_a_tenant_that_is_being_changed_keeps_no_page_waiting(
    database: Database, tenant: Tenant
) -> None:
    """Else a sync and a disconnect would wait for each other (PostgreSQL)."""
    if database.is_sqlite:
        pytest.skip("one transaction writes at a time")
    async with database.sessions.begin() as changing:
        await tenants.get(changing, tenant.id, lock=True)
        async with asyncio.timeout(5), database.sessions.begin() as session:
            await directory.upsert(session, tenant.id, USERS, [a_user(1)], 1)


async def test_who_is_gone_is_a_member_of_nothing(
    database: Database, tenant: Tenant
) -> None:
    pairs = [(20, 7), (20, 8), (21, 7), (21, 20)]
    rows = [MembershipRow(guid(g), guid(m), "user") for g, m in pairs]
    async with database.sessions.begin() as session:
        await directory.upsert(session, tenant.id, USERS, [a_user(7), a_user(8)], 1)
        group = bare(GroupRow, guid(20))
        await directory.upsert(session, tenant.id, GROUPS, [group], 1)
        await directory.upsert(session, tenant.id, MEMBERSHIPS, rows, 1)

        assert await directory.remove(session, tenant.id, USERS, [guid(7)]) == 1
        assert await directory.remove(session, tenant.id, USERS, [guid(7)]) == 0

    left = await stored(database, tenant.id, MEMBERSHIPS)
    assert left == {rows[1], rows[3]}

    async with database.sessions.begin() as session:
        await directory.remove(session, tenant.id, GROUPS, [guid(20)])
        await directory.empty_groups(session, tenant.id, [guid(20)])
        key = (guid(21), guid(7))
        assert await directory.remove(session, tenant.id, MEMBERSHIPS, [key]) == 0
        assert await directory.remove(session, tenant.id, MEMBERSHIPS, []) == 0
        assert await directory.empty_groups(session, tenant.id, []) == 0

    assert await stored(database, tenant.id, MEMBERSHIPS) == set()


async def test_a_device_that_is_gone_is_a_member_of_nothing(
    database: Database, tenant: Tenant
) -> None:
    """They are told of as users are."""
    device, user = guid(80), guid(7)
    rows = [
        MembershipRow(guid(20), device, "device"),
        MembershipRow(guid(20), user, "user"),
    ]
    async with database.sessions.begin() as session:
        await directory.upsert(session, tenant.id, MEMBERSHIPS, rows, 1)
        await directory.remove(session, tenant.id, DataSet.DEVICES, [device])

    assert await stored(database, tenant.id, MEMBERSHIPS) == {rows[1]}


async def test_a_pair_of_a_guid_and_an_opaque_id_is_removed(
    database: Database, tenant: Tenant
) -> None:
    """Jobs of two apps may have one ID."""
    jobs = DataSet.PROVISIONING_JOBS
    row = one_of_each()[jobs]
    assert isinstance(row, ProvisioningJobRow)
    other = row._replace(service_principal_id=guid(41))
    async with database.sessions.begin() as session:
        await directory.upsert(session, tenant.id, jobs, [row, other], 1)
        assert (await directory.count(session, tenant.id, jobs)).stored == 2

        assert await directory.remove(session, tenant.id, jobs, [row[:2]]) == 1

    assert await stored(database, tenant.id, jobs) == {other}


async def test_opaque_ids_are_removed_as_they_are(
    database: Database, tenant: Tenant
) -> None:
    grants = DataSet.OAUTH_GRANTS
    async with database.sessions.begin() as session:
        row = one_of_each()[grants]
        await directory.upsert(session, tenant.id, grants, [row], 1)

        assert await directory.remove(session, tenant.id, grants, ["opaque_B"]) == 0
        assert await directory.remove(session, tenant.id, grants, ["opaque_B-1"]) == 1


async def test_disconnecting_forgets_how_the_directory_stood(
    database: Database, tenant: Tenant
) -> None:
    """At once, so the read that is under way notices; the rows are erased after it."""
    async with database.sessions.begin() as session:
        for data_set, row in one_of_each().items():
            await directory.upsert(session, tenant.id, data_set, [row], 1)
            state = await data_sets.get(session, tenant.id, data_set)
            await data_sets.save(session, state)
        until = NOW + timedelta(minutes=5)
        assert await data_sets.claim(session, tenant.id, "sync", NOW, until - NOW)

        await tenants.remove(session, tenant.id)

        assert not await data_sets.renew(session, tenant.id, "sync", until)
        found = await data_sets.list_all(session, tenant.id)
        assert found == [DataSetState(tenant.id, each) for each in DataSet]
        assert (await directory.count(session, tenant.id, USERS)).stored == 1


async def test_nothing_is_stored_for_a_tenant_that_never_was(
    database: Database, tenant: Tenant
) -> None:
    with pytest.raises(Exception, match=r"(?i)foreign key"):
        async with database.sessions.begin() as session:
            await directory.upsert(
                session, ConnectionId(uuid4()), USERS, [a_user(1)], 1
            )
