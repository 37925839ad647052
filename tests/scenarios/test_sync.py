"""Syncs of a generated directory: always the truth, and never less by mistake."""

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from bot.domain.alerts import AlertKind
from bot.domain.directory import DataSet, Standing
from bot.domain.errors import BotError
from bot.domain.ids import ConnectionId
from bot.domain.readings import READINGS
from tests.scenarios.lookout import CONTOSO, LOST
from tests.scenarios.sync_desk import TOLD, SyncDesk, open_sync_desk
from tests.watching import guid

FABRIKAM = ConnectionId(guid("fabrikam"))
USERS, GROUPS = DataSet.USERS, DataSet.GROUPS


@pytest.fixture
async def desk(database_url: str) -> AsyncIterator[SyncDesk]:
    """Contoso, connected, not read yet; on both kinds of databases."""
    async with open_sync_desk(database_url) as opened:
        await opened.connect()
        yield opened


async def test_the_first_sync_is_the_truth_and_the_next_ones_stay_it(
    desk: SyncDesk,
) -> None:
    """Whole at first, then by changes alone, and the same as reading it anew."""
    assert await desk.syncs()
    for data_set in TOLD:
        assert await desk.told(data_set) == desk.truth(data_set), data_set
    first = await desk.states()
    assert {state.standing for state in first.values()} == {Standing.CURRENT}
    assert all(state.rows == state.rows_done > 0 for state in first.values())

    for _ in range(2):
        desk.directory.churn(0.05)
        desk.clock.at += timedelta(hours=1)
        assert await desk.syncs()
        for data_set in TOLD:
            assert await desk.told(data_set) == desk.truth(data_set), data_set

    by_changes, states = await desk.everything(), await desk.states()
    assert states[USERS].generation == first[USERS].generation, "no full read"
    assert {state.standing for state in states.values()} == {Standing.CURRENT}
    await desk.disconnects()
    await desk.connect(id=FABRIKAM)
    await desk.syncs(FABRIKAM)
    for each in DataSet:
        fresh = await desk.rows(each, FABRIKAM)
        if READINGS[each].is_log:  # a window that began sooner tells more
            assert by_changes[each] >= fresh != set()
        else:
            assert by_changes[each] == fresh, each
    assert await desk.everything() == {each: set() for each in DataSet}


async def test_an_expired_delta_link_leads_to_a_full_read(desk: SyncDesk) -> None:
    """Beside what is stored: until it is complete, nothing is missing."""
    await desk.syncs()
    before = await desk.state(USERS)
    desk.directory.churn(0.05)
    desk.faults.delta_expired(path="/users")

    await desk.syncs()

    after = await desk.state(USERS)
    assert after.standing is Standing.CURRENT
    assert after.generation == before.generation + 1
    assert await desk.told(USERS) == desk.truth(USERS)


async def test_a_replayed_delta_does_no_harm(desk: SyncDesk) -> None:
    await desk.syncs()
    for _ in range(2):
        desk.directory.churn(0.05)
        await desk.syncs()
        desk.faults.delta_replay(times=5)

    for data_set in TOLD:
        assert await desk.told(data_set) == desk.truth(data_set), data_set


async def test_a_permission_taken_away_keeps_what_was_read(desk: SyncDesk) -> None:
    """It is named, nobody is alarmed, and what it comes back to is current again."""
    await desk.syncs()
    before = await desk.rows(DataSet.ROLE_ASSIGNMENTS)
    broad = ["RoleManagement.Read.Directory", "Directory.Read.All"]
    desk.portal.consent({"revoke": broad})
    desk.directory.churn(0.05)

    await desk.syncs()

    states = await desk.states()
    locked = {k for k, v in states.items() if v.standing is Standing.NOT_PERMITTED}
    assert locked == {
        DataSet.OAUTH_GRANTS,
        DataSet.ROLE_DEFINITIONS,
        DataSet.ROLE_ASSIGNMENTS,
        DataSet.ROLE_ELIGIBILITIES,
        DataSet.ROLE_ACTIVATIONS,
    }
    assert "RoleManagement.Read.Directory" in states[DataSet.ROLE_ASSIGNMENTS].reason
    assert await desk.rows(DataSet.ROLE_ASSIGNMENTS) == before
    assert states[DataSet.ROLE_ASSIGNMENTS].rows == len(before)
    assert states[USERS].standing is Standing.CURRENT
    assert await desk.told(USERS) == desk.truth(USERS)
    assert await desk.open_alerts() == []

    desk.portal.consent({"grant": broad})
    await desk.syncs()

    assert {s.standing for s in (await desk.states()).values()} == {Standing.CURRENT}
    grants = DataSet.OAUTH_GRANTS
    assert await desk.told(grants) == desk.truth(grants)


async def test_a_failure_stays_with_its_data_set_and_opens_one_alert(
    desk: SyncDesk,
) -> None:
    """The others go on; the alert names what fails, and closes when it is over."""
    desk.faults.error(400, "BadRequest", "Not today.", times=-1, path="/groups")

    await desk.syncs()

    states = await desk.states()
    failed = {k for k, v in states.items() if v.standing is Standing.FAILED}
    assert failed == {GROUPS, DataSet.MEMBERSHIPS, DataSet.GROUP_OWNERS}
    assert "Not today." in states[GROUPS].reason
    assert await desk.told(USERS) == desk.truth(USERS)
    (alert,) = await desk.open_alerts()
    assert alert.kind is AlertKind.SYNC_FAILING
    assert alert.facts["part"] == "groups, group memberships, group owners"

    await desk.syncs()
    assert [each.id for each in await desk.open_alerts()] == [alert.id]

    desk.faults.clear()
    await desk.syncs()
    assert await desk.open_alerts() == []
    assert await desk.told(GROUPS) == desk.truth(GROUPS)


async def test_a_tenant_that_lets_nobody_in_says_so_everywhere(desk: SyncDesk) -> None:
    await desk.syncs()
    before = await desk.everything()
    desk.faults.login_error(7000222)

    assert not await desk.syncs()

    states = await desk.states()
    asked = [state for each, state in states.items() if READINGS[each].stays is None]
    assert {state.standing for state in asked} == {Standing.FAILED}
    assert "expired" in states[USERS].reason
    assert await desk.everything() == before
    assert len(await desk.open_alerts()) == 1

    desk.faults.clear()
    assert await desk.syncs()
    assert await desk.open_alerts() == []


async def test_a_sudden_shrinkage_is_held_until_it_is_over(desk: SyncDesk) -> None:
    """Most role holders are told no more: that may be a mistake, so they stay."""
    roles = DataSet.ROLE_ASSIGNMENTS
    await desk.syncs()
    before = await desk.rows(roles)
    held_by = desk.server.entra.tenant.role_assignments
    taken = [held_by.popitem() for _ in range(len(held_by) * 2 // 3)]

    for _ in range(2):  # it does not become true by being read twice
        await desk.syncs()
        state = await desk.state(roles)
        assert state.standing is Standing.HELD
        assert "nothing was removed" in state.reason
        assert await desk.rows(roles) == before
        (alert,) = await desk.open_alerts()
        assert alert.facts["code"] == "held"

    held_by.update(taken[: len(taken) // 2])
    await desk.syncs()
    assert (await desk.state(roles)).standing is Standing.CURRENT
    assert {row[0] for row in await desk.rows(roles)} == held_by.keys()
    assert await desk.open_alerts() == []


async def test_only_one_sync_of_a_tenant_runs_at_a_time(desk: SyncDesk) -> None:
    begun = await desk.sync.begin(str(CONTOSO), "another")
    assert begun["has_turn"]

    assert not await desk.syncs()

    desk.clock.at += timedelta(hours=1)  # the other one must have died
    assert await desk.syncs()
    with pytest.raises(BotError, match="overtaken"):
        await desk.sync.read(str(CONTOSO), "another", begun["granted"])


async def test_a_tenant_that_is_gone_is_not_read(desk: SyncDesk) -> None:
    """Neither one that never was, nor one that goes in the midst of a sync."""
    assert not (await desk.sync.begin(str(LOST), "x"))["has_turn"]
    begun = await desk.sync.begin(str(CONTOSO), "x")
    await desk.disconnects()

    with pytest.raises(BotError, match="disconnected"):
        await desk.sync.read(str(CONTOSO), "x", begun["granted"])
    await desk.sync.end(str(CONTOSO), "x")

    assert await desk.rows(USERS) == set()
    assert not await desk.syncs()
