"""A disconnected tenant's directory goes, a little at a time, and no other's."""

from bot.domain.directory import DataSet
from bot.domain.ids import ConnectionId
from bot.domain.tenants import Tenant
from bot.workflows.erase import Erase
from store import directory, directory_erasing, tenants
from store.engine import Database
from store.keyring import KeyRing
from tests.store.directory import a_user, one_of_each, stored
from tests.store.people import SECRET, a_tenant


async def fill(database: Database, connection_id: ConnectionId, users: int) -> int:
    """Store a row of every data set and so many users; returns how many rows."""
    async with database.sessions.begin() as session:
        for data_set, row in one_of_each().items():
            await directory.upsert(session, connection_id, data_set, [row], 1)
        crowd = list(map(a_user, range(1_000, 1_000 + users)))
        await directory.upsert(session, connection_id, DataSet.USERS, crowd, 1)
    return len(DataSet) + users


async def rows_of(database: Database, connection_id: ConnectionId) -> int:
    """How many rows are stored of a connection's directory."""
    async with database.snapshots() as session:
        counts = [
            await directory.count(session, connection_id, each) for each in DataSet
        ]
    return sum(each.stored for each in counts)


async def disconnect(database: Database, connection_id: ConnectionId) -> None:
    """As an administrator does, without erasing."""
    async with database.sessions.begin() as session:
        await tenants.remove(session, connection_id)


async def test_all_of_one_directory_is_erased(
    database: Database, tenant: Tenant, keys: KeyRing
) -> None:
    """Every data set of it, and none of the same tenant's other connection."""
    other = a_tenant(tenant_id=tenant.tenant_id)
    async with database.sessions.begin() as session:
        await tenants.add(session, other, SECRET, keys)
    filled = await fill(database, tenant.id, users=50)
    await fill(database, other.id, users=3)
    await disconnect(database, tenant.id)

    assert await Erase(database).run(str(tenant.id)) == filled

    assert await rows_of(database, tenant.id) == 0
    assert await rows_of(database, other.id) == len(DataSet) + 3


async def test_no_transaction_erases_more_than_it_may(
    database: Database, tenant: Tenant
) -> None:
    """Across tables; each goes on with what the one before left."""
    filled = await fill(database, tenant.id, users=10)
    erased: list[int] = []
    while not erased or erased[-1] == 7:
        async with database.sessions.begin() as session:
            erased.append(await directory_erasing.erase(session, tenant.id, at_most=7))

    assert sum(erased) == filled
    assert erased == [7] * (filled // 7) + [filled % 7]
    assert await rows_of(database, tenant.id) == 0


async def test_what_was_cut_short_is_found_and_goes_on(
    database: Database, tenant: Tenant
) -> None:
    """Killed after its first transaction, it has neither lost nor undone anything."""
    filled = await fill(database, tenant.id, users=10)
    await disconnect(database, tenant.id)
    async with database.sessions.begin() as session:
        await directory_erasing.erase(session, tenant.id, at_most=9)

    async with database.snapshots() as session:
        assert await directory_erasing.left_over(session) == [tenant.id]
    assert await Erase(database).run(str(tenant.id)) == filled - 9

    async with database.snapshots() as session:
        assert await directory_erasing.left_over(session) == []


async def test_a_connected_tenant_keeps_its_directory(
    database: Database, tenant: Tenant
) -> None:
    filled = await fill(database, tenant.id, users=1)

    assert await Erase(database).run(str(tenant.id)) == 0

    async with database.snapshots() as session:
        assert await directory_erasing.left_over(session) == []
    assert await rows_of(database, tenant.id) == filled
    assert a_user(1_000) in await stored(database, tenant.id, DataSet.USERS)
