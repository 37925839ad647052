"""When each data set is read again, and what a sync need not read."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from bot.domain.alerts import Alert, AlertKind
from bot.domain.directory import DataSet, DataSetState, Standing
from bot.domain.due import due_at, is_due
from bot.domain.findings import sign_in_finding
from bot.domain.ids import ConnectionId
from bot.domain.readings import READINGS
from bot.domain.syncs import TenantSync, is_done, judge, share_done
from bot.workflows.sync import reads_all, workflow_id
from tests.watching import NOW, a_tenant, an_alert, guid

CONTOSO = ConnectionId(guid("connection"))
CLOCKED = [each for each in DataSet if READINGS[each].every is not None]
A_MINUTE = timedelta(minutes=1)


def state(data_set: DataSet = DataSet.USAGE_TEAMS, **changes: Any) -> DataSetState:
    """A data set that was read before the tests' present."""
    facts: dict[str, Any] = {
        "standing": Standing.CURRENT,
        "started_at": NOW - 2 * A_MINUTE,
        "read_at": NOW - A_MINUTE,
    }
    return DataSetState(CONTOSO, data_set, **facts | changes)


@pytest.mark.parametrize("data_set", CLOCKED)
def test_data_sets_and_tenants_are_due_at_moments_of_their_own(
    data_set: DataSet,
) -> None:
    every = READINGS[data_set].every
    assert every is not None
    others = [ConnectionId(guid(f"tenant {number}")) for number in range(50)]

    waits = [(due_at(other, data_set, NOW) or NOW) - NOW for other in others]

    assert all(every * 0.9 <= wait <= every for wait in waits)
    assert max(waits) - min(waits) > every * 0.05, "they do not come together"
    assert due_at(CONTOSO, data_set, NOW) == due_at(CONTOSO, data_set, NOW)


def test_what_every_sync_reads_has_no_time() -> None:
    assert due_at(CONTOSO, DataSet.USERS, NOW) is None
    assert is_due(state(DataSet.USERS), NOW)


def test_the_clock_leaves_alone_what_is_not_due() -> None:
    waiting = state(due_at=NOW + A_MINUTE)

    assert is_done(waiting, NOW)
    assert not is_done(replace(waiting, data_set=DataSet.DEVICES), NOW, reads_all=True)
    assert not is_done(replace(waiting, due_at=NOW), NOW)
    assert not is_done(waiting, None), "no sync ever began"


def test_whoever_presses_again_and_again_is_not_held_up_by_reports() -> None:
    """Microsoft renews them once a day, and allows few requests for them."""
    report = state(due_at=NOW + A_MINUTE, read_at=NOW - 59 * A_MINUTE)

    assert is_done(report, NOW, reads_all=True)
    assert not is_done(report, NOW + A_MINUTE, reads_all=True), "an hour is over"
    concealed = replace(report, standing=Standing.PARTIAL)
    assert not is_done(concealed, NOW, reads_all=True), "the setting may have changed"
    assert not is_done(replace(report, read_at=None), NOW, reads_all=True)


def test_progress_counts_what_is_not_due_as_done() -> None:
    states = [
        state(DataSet.USERS, started_at=NOW),
        state(DataSet.GROUPS, started_at=NOW, standing=Standing.READING),
        state(DataSet.DEVICES, due_at=NOW + A_MINUTE),
    ]
    sync = TenantSync(a_tenant(), states, NOW, started_at=NOW, is_running=True)

    assert sync.done == 2
    assert replace(sync, reads_all=True).done == 1


def test_how_far_a_window_is_nobody_can_tell() -> None:
    """What is stored of a log is no measure of what is new in it."""
    facts = {"standing": Standing.READING, "rows": 100, "rows_done": 50}

    assert share_done(state(DataSet.USERS, **facts)) == 0.5
    assert share_done(state(DataSet.SIGN_INS, **facts)) is None


@pytest.mark.parametrize(
    ("slot", "is_all"),
    [
        ("20261124T120000Z", False),
        ("accepted:users:3", False),
        ("asked:1a2b", True),
        ("here:3c4d", True),
    ],
)
def test_whoever_asks_for_a_sync_gets_all_of_it(slot: str, is_all: bool) -> None:
    assert reads_all(workflow_id(CONTOSO, slot)) is is_all
    assert not reads_all(None)


FAILED = state(DataSet.USERS, standing=Standing.FAILED, reason="It broke.")


def refusal(**changes: Any) -> Alert:
    """An alert that Microsoft does not let us in."""
    return an_alert(sign_in_finding("Refused.", "Look.", code=7000222), **changes)


def test_a_sign_in_refused_meanwhile_is_one_alert() -> None:
    """The scan told it during the sync; what failed for it is not told again."""
    findings, sight = judge([FAILED], [refusal(seen_at=NOW)], NOW)

    assert findings == []
    assert sight.kinds == frozenset(), "and it is not over"


def test_a_sign_in_that_was_refused_before_is_over() -> None:
    old = refusal(seen_at=NOW - A_MINUTE)

    findings, sight = judge([FAILED], [old], NOW)

    assert [finding.kind for finding in findings] == [AlertKind.SYNC_FAILING]
    assert AlertKind.SIGN_IN_FAILING in sight.kinds
