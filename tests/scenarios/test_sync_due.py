"""What a sync by the clock leaves alone, and what one sign-in refused leads to."""

from collections.abc import AsyncIterator
from datetime import datetime, timedelta

import pytest

from bot.domain.alerts import AlertKind
from bot.domain.directory import DataSet, Standing
from bot.domain.readings import READINGS
from sandbox.bulk import Shape
from tests.scenarios.sync_desk import SyncDesk, open_sync_desk

ASSIGNMENTS, USERS = DataSet.APP_ROLE_ASSIGNMENTS, DataSet.USERS


@pytest.fixture
async def desk(database_url: str) -> AsyncIterator[SyncDesk]:
    """Contoso, read once; on both kinds of databases."""
    async with open_sync_desk(database_url, Shape.of(300)) as opened:
        await opened.connect()
        await opened.syncs()
        yield opened


def later(desk: SyncDesk, **time: float) -> datetime:
    """Let time pass."""
    desk.clock.at += timedelta(**time)
    return desk.clock.at


async def was_read(desk: SyncDesk, data_set: DataSet, since: datetime) -> bool:
    """Whether a data set was read to its end since then."""
    read_at = (await desk.state(data_set)).read_at
    return read_at is not None and read_at > since


async def test_the_clock_reads_a_data_set_when_it_is_due(desk: SyncDesk) -> None:
    first = await desk.state(ASSIGNMENTS)
    assert first.standing is Standing.CURRENT
    assert first.due_at is not None
    assert timedelta(hours=5) < first.due_at - desk.clock.at <= timedelta(hours=6)

    began = later(desk, hours=1)
    await desk.syncs(slot="20261124T130000Z")
    assert (await desk.state(ASSIGNMENTS)).read_at == first.read_at
    assert await was_read(desk, USERS, began)

    began = later(desk, hours=5)
    await desk.syncs(slot="20261124T180000Z")
    assert await was_read(desk, ASSIGNMENTS, began)
    second = await desk.state(ASSIGNMENTS)
    assert second.due_at is not None
    assert second.due_at > first.due_at


async def test_somebody_who_asks_gets_what_is_not_due_as_well(desk: SyncDesk) -> None:
    began = later(desk, minutes=1)

    await desk.syncs()

    stays = {each for each in DataSet if READINGS[each].stays is not None}
    for data_set in DataSet:
        is_read = await was_read(desk, data_set, began)
        assert is_read is (data_set not in stays), data_set

    began = later(desk, minutes=60)
    await desk.syncs()
    for data_set in stays:
        assert await was_read(desk, data_set, began), data_set


async def test_one_refused_sign_in_is_one_alert_and_over_with_the_next(
    desk: SyncDesk,
) -> None:
    """Every part says why it is not current; nobody is told of each of them."""
    desk.faults.login_error(7000222)

    for _ in range(2):
        assert not await desk.syncs()
        (alert,) = await desk.open_alerts()
        assert alert.kind is AlertKind.SIGN_IN_FAILING
        assert alert.facts["code"] == "AADSTS7000222"
        assert (await desk.state(USERS)).standing is Standing.FAILED

    desk.faults.clear()
    assert await desk.syncs()
    assert await desk.open_alerts() == []
    assert (await desk.state(USERS)).standing is Standing.CURRENT


async def test_what_is_not_due_is_not_spoilt_by_a_refused_sign_in(
    desk: SyncDesk,
) -> None:
    """It stands as it was read, and is not read again sooner for it."""
    before = await desk.state(ASSIGNMENTS)
    desk.faults.login_error(7000222)

    later(desk, hours=1)
    assert not await desk.syncs(slot="20261124T130000Z")

    assert (await desk.state(USERS)).standing is Standing.FAILED
    assert await desk.state(ASSIGNMENTS) == before
    assert len(await desk.open_alerts()) == 1
