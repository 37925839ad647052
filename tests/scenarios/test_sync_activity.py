"""Syncs of what goes on in a generated directory: what is stored is what was told."""

from collections.abc import AsyncIterator
from datetime import date, datetime, timedelta
from typing import Any

import pytest

from bot.domain.directory import DataSet, Standing
from bot.domain.readings import READINGS
from bot.graph.logs import LOGS
from sandbox.bulk import Shape
from tests.scenarios.sync_desk import SyncDesk, open_sync_desk

REPORTS = (DataSet.USAGE_OFFICE, DataSet.USAGE_TEAMS, DataSet.USAGE_APPS)
ENTRIES = 500  # of each log, spread over a week
STEP = timedelta(days=7) / ENTRIES


@pytest.fixture
async def desk(database_url: str) -> AsyncIterator[SyncDesk]:
    """Contoso, connected, not read yet; on both kinds of databases."""
    async with open_sync_desk(database_url, Shape.of(200, logs=ENTRIES)) as opened:
        await opened.connect()
        yield opened


async def clock_syncs(desk: SyncDesk) -> None:
    """An hour passes, and the clock reads what is due."""
    desk.clock.at += timedelta(hours=1)
    await desk.syncs(slot="20261124T120000Z")


def told(desk: SyncDesk, data_set: DataSet) -> dict[str, datetime]:
    """When each entry of a log happened, as the simulator has it."""
    time = LOGS[data_set].time
    return {
        entry["id"]: datetime.fromisoformat(entry[time])
        for entry in desk.directory.truth(data_set)
    }


async def stored(desk: SyncDesk, data_set: DataSet) -> dict[str, datetime]:
    """The same as it is stored."""
    rows: Any = await desk.rows(data_set)
    return {row.id: row.at for row in rows}


async def test_windows_together_are_the_log(desk: SyncDesk) -> None:
    """New entries come with each hour, a quarter of them up to 45 minutes late."""
    began = desk.clock.now()
    await clock_syncs(desk)
    for _ in range(3):
        desk.directory.churn(0.05)
        await clock_syncs(desk)

    for data_set, log in LOGS.items():
        found = await stored(desk, data_set)
        oldest = min(found.values())
        kept = READINGS[data_set].kept or timedelta.max
        reaches = max(began - log.first, desk.clock.now() - kept)
        assert oldest - reaches < timedelta(hours=1) + 2 * STEP
        happened = told(desk, data_set).items()
        assert found == {id: at for id, at in happened if at >= oldest}, data_set
        state = await desk.state(data_set)
        assert (state.standing, state.rows) == (Standing.CURRENT, len(found))
        assert state.generation == 0, "nothing of a log is swept"


async def test_entries_go_when_they_are_old(desk: SyncDesk) -> None:
    """And those that were not read in time are not asked for any more."""
    await clock_syncs(desk)
    desk.clock.at += timedelta(days=5)
    desk.directory.churn(0.05)
    await clock_syncs(desk)

    kept = READINGS[DataSet.SIGN_INS].kept
    assert kept is not None
    oldest = min((await stored(desk, DataSet.SIGN_INS)).values())
    assert oldest >= desk.clock.now() - kept - timedelta(minutes=1)
    audits = await stored(desk, DataSet.DIRECTORY_AUDITS)
    assert desk.clock.now() - min(audits.values()) > timedelta(days=11)


async def test_reports_tell_what_everybody_used(desk: SyncDesk) -> None:
    await desk.syncs()
    first = {each: await desk.state(each) for each in REPORTS}

    desk.directory.churn(0.05)
    await clock_syncs(desk)
    for each in REPORTS:
        assert (await desk.state(each)).read_at == first[each].read_at, "not due yet"

    desk.clock.at += timedelta(hours=12)
    await clock_syncs(desk)

    for each in REPORTS:
        state, rows = await desk.state(each), await desk.rows(each)
        assert state.generation == 2
        assert {_fact(each, row) for row in rows} == _facts(desk, each)


def _facts(desk: SyncDesk, data_set: DataSet) -> set[tuple[Any, ...]]:
    name, *facts = {
        DataSet.USAGE_OFFICE: ("principal_name", "exchange", "onedrive", "sharepoint"),
        DataSet.USAGE_TEAMS: ("principal_name", "teams", "calls", "meetings"),
        DataSet.USAGE_APPS: ("principal_name", "activated", "apps"),
    }[data_set]
    return {
        (use[name], *(_day(use[fact]) for fact in facts))
        for use in desk.directory.truth(data_set)
    }


def _fact(data_set: DataSet, row: Any) -> tuple[Any, ...]:
    names = {
        DataSet.USAGE_OFFICE: ("exchange_on", "onedrive_on", "sharepoint_on"),
        DataSet.USAGE_TEAMS: ("last_active_on", "calls", "meetings"),
        DataSet.USAGE_APPS: ("last_activated_on", "last_active_on"),
    }[data_set]
    return (row.user_principal_name, *(getattr(row, name) for name in names))


def _day(value: Any) -> Any:
    return date.fromisoformat(value) if isinstance(value, str) else value
