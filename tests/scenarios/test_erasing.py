"""What was read of a disconnected tenant goes, come what may."""

import asyncio
import time

from bot.app import Bot
from bot.core import build_core
from bot.domain.directory import DataSet
from bot.domain.ids import ConnectionId, SlackUserId
from store import directory, directory_erasing, tenants
from tests.scenarios.office import PATIENCE, Office
from tests.scenarios.people import ADA
from tests.store.directory import a_user


async def connected_and_read(office: Office) -> ConnectionId:
    """Contoso is connected, and 5,000 people more than it has are stored of it."""
    await office.connects()
    await office.sees_modal(ADA, "Tenant connected")
    (tenant,) = await office.bot.core.services.tenants.list_connected()
    async with office.bot.core.database.sessions.begin() as session:
        users = list(map(a_user, range(5_000)))
        await directory.upsert(session, tenant.id, DataSet.USERS, users, 1)
    return tenant.id


async def is_erased(office: Office, connection_id: ConnectionId) -> bool:
    """Whether no row of the directory is left."""
    async with office.bot.core.database.snapshots() as session:
        return connection_id not in await directory_erasing.left_over(session)


async def sees_it_erased(office: Office, connection_id: ConnectionId) -> None:
    """Wait until no row of the directory is left."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        if await is_erased(office, connection_id):
            return
        await asyncio.sleep(0.05)
    raise AssertionError(f"rows are left after {PATIENCE} s")


async def test_who_disconnects_a_stopped_bots_tenant_leaves_nothing(
    office: Office,
) -> None:
    """From the command line, which is over before it could erase; the bot's start can.

    So does a start after a crash: it is asked for in the transaction that disconnects.
    """
    id = await connected_and_read(office)
    await office.bot.drain()
    beside = build_core(office.settings)
    try:
        await beside.prepare()
        await beside.services.tenants.disconnect(id, by=SlackUserId(ADA))
    finally:
        await beside.close()

    office.bot = Bot(office.settings)
    assert not await is_erased(office, id)
    await office.bot.start()

    await sees_it_erased(office, id)


async def test_what_was_given_up_on_is_asked_for_again(office: Office) -> None:
    """The database was away for hours, so nobody erases any more."""
    id = await connected_and_read(office)
    core = office.bot.core
    async with core.database.sessions.begin() as session:
        await tenants.remove(session, id)
    assert not await is_erased(office, id)

    await core.services.directory.erase_left_over()

    await sees_it_erased(office, id)
