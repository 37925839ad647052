"""How directories stand, in words: within Slack's limits, and nothing made better."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from bot.domain.directory import DataSet, DataSetState, Standing
from bot.domain.ids import ConnectionId
from bot.domain.syncs import LABELS, TenantSync, held_key, sync_findings
from bot.views.sync import (
    asked_text,
    bar,
    directory_text,
    removed_text,
    sync_message,
)
from bot.views.text import Drawing
from sandbox.slack.blocks.judge import find_faults
from sandbox.slack.blocks.spots import Surface
from tests.scenarios.screen import button, words_in
from tests.watching import NOW, a_tenant, guid

pytestmark = pytest.mark.quick

HOSTILE = "<!channel> *bold* `code` & \u202eeurt " * 40
BROKEN = (Standing.FAILED, Standing.HELD)


def a_state(data_set: DataSet, **changes: Any) -> DataSetState:
    """Current since an hour, with 1,204 rows."""
    state = DataSetState(
        ConnectionId(guid("connection")),
        data_set,
        Standing.CURRENT,
        rows=1204,
        read_at=NOW - timedelta(hours=1),
        started_at=NOW - timedelta(hours=1),
        generation=1,
    )
    return replace(state, **changes)


def a_sync(*states: DataSetState, **changes: Any) -> TenantSync:
    """Contoso's, with everything current but what is given."""
    given = {state.data_set: state for state in states}
    sync = TenantSync(
        a_tenant(),
        [given.get(each, a_state(each)) for each in DataSet],
        next_at=NOW + timedelta(minutes=10),
        started_at=NOW - timedelta(hours=1),
        ended_at=NOW - timedelta(minutes=59),
    )
    return replace(sync, **changes)


def words(drawing: Drawing) -> str:
    """What it says, once Slack would take it."""
    assert find_faults(drawing.blocks, Surface.MESSAGE) == []
    return words_in({"blocks": drawing.blocks})


@pytest.mark.parametrize("number", [1, 2, 30])
@pytest.mark.parametrize("standing", Standing)
def test_every_standing_fits_into_a_message(standing: Standing, number: int) -> None:
    """However many tenants, however long the reasons, whatever the names."""
    states = [
        a_state(each, standing=standing, reason=HOSTILE, rows=10**9, rows_done=10**8)
        for each in DataSet
    ]
    tenant = a_tenant(name=HOSTILE[:60])
    syncs = [replace(a_sync(*states), tenant=tenant) for _ in range(number)]

    said = words(sync_message(syncs))

    assert all(label in said for label in LABELS.values())
    assert "<!channel>" not in said
    assert "\u202e" not in said
    if number == 30:
        assert "more tenants: name one" in said


def test_what_is_current_shows_rows_and_age() -> None:
    said = words(sync_message([a_sync()]))

    assert ":white_check_mark: Users: *1,204*, as of <!date^" in said
    assert "Last read: " in said
    assert "Next by itself: " in said
    assert "Remove what is gone" not in said


def test_what_is_not_current_says_why_and_what_is_kept() -> None:
    locked = a_state(
        DataSet.USERS, standing=Standing.NOT_PERMITTED, reason="Grant User.Read.All."
    )
    said = words(sync_message([a_sync(locked)]))

    assert ":lock: Users: *not permitted*. Grant User.Read.All. 1,204 stored" in said
    never = a_state(DataSet.GROUPS, standing=Standing.NEVER_READ, rows=0, read_at=None)
    assert "Groups: not read yet" in words(sync_message([a_sync(never)]))


def test_a_read_under_way_shows_how_far_it_is() -> None:
    """By the rows of the last one; in a first read nobody knows how many there are."""
    running = {"standing": Standing.READING, "started_at": NOW}
    known = a_state(DataSet.USERS, rows=1000, rows_done=250, **running)
    first = a_state(DataSet.GROUPS, rows=0, rows_done=999, read_at=None, **running)
    done = a_state(DataSet.ORGANIZATION, started_at=NOW)
    sync = a_sync(known, first, done, started_at=NOW, is_running=True)

    said = words(sync_message([sync]))

    assert f"{bar(0.25)} 25%, 250 so far" in said
    assert "Groups: 999 so far" in said
    assert f"Being read now: {bar(1 / 11)} 1 of 11 parts done" in said


@pytest.mark.parametrize(
    ("share", "full"), [(0.0, 0), (0.5, 6), (1.0, 12), (7.0, 12), (-1.0, 0)]
)
def test_the_bar_is_as_full_as_it_should_be(share: float, full: int) -> None:
    assert bar(share) == f"`{'█' * full}{'░' * (12 - full)}`"


def test_what_is_held_can_be_removed_by_an_opaque_key() -> None:
    held = [
        a_state(each, standing=Standing.HELD, reason="Half are gone.")
        for each in (DataSet.USERS, DataSet.GROUPS)
    ]
    drawing = sync_message([a_sync(*held)])
    assert "Users: *held back*. Half are gone." in words(drawing)

    pressed = [block["accessory"] for block in drawing.blocks if block.get("accessory")]

    expected = [str(held_key(each)) for each in held]
    assert [each["value"] for each in pressed] == expected
    later = replace(held[0], reason="All are gone.")
    assert str(held_key(later)) not in expected, "that was never shown"
    assert all(each["confirm"]["style"] == "danger" for each in pressed)
    assert button({"blocks": drawing.blocks}, "Sync now")["value"] == str(a_tenant().id)


def test_a_line_for_status_and_home() -> None:
    states = [a_state(each) for each in DataSet]
    assert directory_text(states).startswith(
        "1,204 users, 1,204 groups, 1,204 app registrations; as of <!date^"
    )
    assert directory_text([]) == "not read yet"
    one = replace(states[1], rows=1, read_at=NOW - timedelta(days=2))
    assert str(int((NOW - timedelta(days=2)).timestamp())) in directory_text([one])

    broken = [replace(states[1], standing=each) for each in BROKEN]
    locked = replace(states[2], standing=Standing.NOT_PERMITTED)
    said = directory_text([*broken, locked])
    assert ":warning: 2 parts not kept current, 1 part not permitted" in said
    assert "/entra sync" in said


def test_what_is_said_after_a_button() -> None:
    tenant = a_tenant(name="<!here> Co")
    texts = [
        asked_text(tenant, was_running=False),
        asked_text(tenant, was_running=True),
        removed_text(tenant, DataSet.USERS, 1),
    ]

    assert len(set(texts)) == 3
    assert all("&lt;!here&gt; Co" in text for text in texts)
    assert "1 row of" in texts[2]


@pytest.mark.parametrize("standing", Standing)
def test_only_what_somebody_must_act_on_is_an_alert(standing: Standing) -> None:
    states = [a_state(DataSet.USERS, standing=standing, reason="Because.")]

    found = sync_findings([*states, a_state(DataSet.GROUPS)])

    assert len(found) == (1 if standing in BROKEN else 0)
    assert all(finding.facts["part"] == "users" for finding in found)
