"""How directories stand, in words: within Slack's limits, and nothing made better."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from bot.domain.clouds import Cloud
from bot.domain.directory import DataSet, DataSetState, Standing
from bot.domain.ids import ConnectionId
from bot.domain.readings import READINGS
from bot.domain.subjects import Subject
from bot.domain.syncs import LABELS, TenantSync, held_key, sync_findings
from bot.views.sync import (
    asked_text,
    directory_text,
    removed_text,
    sync_message,
)
from bot.views.sync_lines import bar
from bot.views.text import Drawing, when
from sandbox.slack.blocks.judge import judge_message
from tests.scenarios.screen import button, words_in
from tests.watching import NOW, a_tenant, guid

pytestmark = pytest.mark.quick

HOSTILE = "<!channel> *bold* `code` & \u202eeurt " * 40
BROKEN = (Standing.FAILED, Standing.HELD)
HOUR = timedelta(hours=1)


def a_state(data_set: DataSet, **changes: Any) -> DataSetState:
    """Current since an hour, with 1,204 rows."""
    state = DataSetState(
        ConnectionId(guid("connection")),
        data_set,
        Standing.CURRENT,
        rows=1204,
        read_at=NOW - HOUR,
        started_at=NOW - HOUR,
        generation=1,
    )
    return replace(state, **changes)


def never(data_set: DataSet, standing: Standing, **changes: Any) -> DataSetState:
    """One that was never read to its end."""
    return a_state(data_set, standing=standing, rows=0, read_at=None, **changes)


def a_sync(*states: DataSetState, **changes: Any) -> TenantSync:
    """Contoso's, with everything current but what is given."""
    given = {state.data_set: state for state in states}
    sync = TenantSync(
        a_tenant(),
        [given.get(each, a_state(each)) for each in DataSet],
        next_at=NOW + timedelta(minutes=10),
        started_at=NOW - HOUR,
        ended_at=NOW - timedelta(minutes=59),
    )
    return replace(sync, **changes)


def words(drawing: Drawing) -> str:
    """What it says, once Slack would take it."""
    judge_message(drawing.blocks)
    return words_in({"blocks": drawing.blocks})


def said_of(*states: DataSetState, **changes: Any) -> list[str]:
    """The lines about one tenant."""
    return words(sync_message([a_sync(*states, **changes)])).splitlines()


def line_of(lines: Iterable[str], beginning: str) -> str:
    """The only line that begins so."""
    (found,) = [line for line in lines if line.startswith(beginning)]
    return found


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


@pytest.mark.parametrize("standing", Standing)
def test_a_different_reason_for_each_fits_too(standing: Standing) -> None:
    """What does not fit is counted, never dropped in silence."""
    states = [
        never(each, standing, reason=f"{each} {HOSTILE}", rows_done=1)
        for each in DataSet
    ]

    said = words(sync_message([a_sync(*states)]))

    left_out = sum(label not in said for label in LABELS.values())
    assert left_out == 0 or f"… and {left_out} more line" in said


def test_what_is_current_is_one_line_for_each_subject() -> None:
    lines = said_of()

    assert "29 of 29 parts are current. Last read: " in "\n".join(lines)
    people = line_of(lines, ":white_check_mark: *People:*")
    age = when(NOW - HOUR)
    assert "Organization *1,204*, Users *1,204*, Groups *1,204*" in people
    assert people.count(f", as of {age}") == 1
    titles = [line.split("*")[1] for line in lines if line.startswith(":white_check")]
    assert titles == [f"{subject}:" for subject in Subject]
    assert "Remove what is gone" not in lines


def test_an_old_part_makes_no_fresh_one_look_old() -> None:
    """Read an hour ago, and twenty hours ago by its own clock."""
    slow = a_state(DataSet.REGISTRATIONS, read_at=NOW - 20 * HOUR)

    reports = line_of(said_of(slow), ":white_check_mark: *Reports:*")

    assert f"as of {when(NOW - 20 * HOUR)}" in reports
    owners = a_state(DataSet.GROUP_OWNERS, read_at=NOW - 5 * HOUR)
    people = line_of(said_of(owners), ":white_check_mark: *People:*")
    quick, slower = people.split("; ")
    assert quick.endswith(f"as of {when(NOW - HOUR)}")
    assert "Users" in quick
    assert slower.startswith("Group owners *1,204*, Identity providers")
    assert slower.endswith(f"as of {when(NOW - 5 * HOUR)}")


def test_what_needs_somebody_comes_first() -> None:
    """One reason is told once, for all that it stops."""
    failed = [
        a_state(each, standing=Standing.FAILED, reason="Not today.")
        for each in (DataSet.USERS, DataSet.DEVICES)
    ]
    other = never(DataSet.SIGN_INS, Standing.FAILED, reason="Too slow.")
    part = a_state(DataSet.USAGE_TEAMS, standing=Standing.PARTIAL, reason="No names.")

    lines = said_of(part, other, *failed)

    assert (
        "25 of 29 parts are current, *3 need somebody*, 1 not whole. Last" in lines[1]
    )
    assert lines[2] == (
        ":red_circle: *The last read failed:* Users *1,204*, Devices *1,204*. "
        f"Not today. Stored as of {when(NOW - HOUR)}."
    )
    assert lines[3] == ":red_circle: *The last read failed:* Sign-in log. Too slow."
    assert lines[4].startswith(
        ":large_yellow_circle: *Not all of it:* Teams usage *1,2"
    )
    assert lines[5].startswith(":white_check_mark: *People:*")


def test_what_is_not_permitted_stands_under_the_permission_to_add() -> None:
    """By what the tenant granted, not by the order of the data sets."""
    locked = [
        never(each, Standing.NOT_PERMITTED, reason=f"The app has not {role}. Add it.")
        for each, role in (
            (DataSet.REGISTRATIONS, "AuditLog.Read.All"),
            (DataSet.SIGN_INS, "AuditLog.Read.All"),
            (DataSet.DEVICES, "Device.Read.All"),
            (DataSet.SIGN_IN_ACTIVITY, "AuditLog.Read.All"),
        )
    ]
    tenant = a_tenant(granted=frozenset({"Application.Read.All"}))

    lines = said_of(*locked, tenant=tenant)

    at = lines.index(
        ":lock: *Not permitted.* Add, as Application permissions, to read as well:"
    )
    assert lines[at + 1 : at + 4] == [
        "• `Device.Read.All`: Devices",
        "• `AuditLog.Read.All` and `User.Read.All`: Last sign-ins",
        "• `AuditLog.Read.All`: Registered authentication methods, Sign-in log",
    ]
    assert "needs somebody" not in "\n".join(lines), "nobody has to want it"


def test_what_graph_refuses_although_it_is_granted_says_so() -> None:
    tenant = a_tenant(granted=frozenset({"Device.Read.All"}))
    refused = never(DataSet.DEVICES, Standing.NOT_PERMITTED, reason="Graph says no.")

    lines = said_of(refused, tenant=tenant)

    assert "• Graph says no.: Devices" in lines


def test_a_read_knows_better_than_an_older_check() -> None:
    """Since then one permission was granted and another one taken away."""
    tenant = a_tenant(granted=frozenset({"User.Read.All"}))
    refused = never(
        DataSet.SIGN_IN_ACTIVITY,
        Standing.NOT_PERMITTED,
        reason="The app has not been granted User.Read.All.",
    )

    lines = said_of(refused, tenant=tenant)

    assert "• The app has not been granted User.Read.All.: Last sign-ins" in lines


def test_a_permission_taken_away_is_not_one_that_could_be_added() -> None:
    """What was read stays, with its age, and somebody should look."""
    locked = a_state(
        DataSet.USERS, standing=Standing.NOT_PERMITTED, reason="Grant User.Read.All."
    )

    lines = said_of(locked)

    assert line_of(lines, ":lock:") == (
        ":lock: *No longer permitted:* Users *1,204*. Grant User.Read.All. "
        f"Stored as of {when(NOW - HOUR)}."
    )
    assert "*1 needs somebody*" in lines[1]


def test_what_cannot_be_had_takes_one_line() -> None:
    unlicensed = [
        never(each, Standing.NOT_LICENSED, reason="No licence.")
        for each in (
            DataSet.ROLE_ELIGIBILITIES,
            DataSet.ROLE_ACTIVATIONS,
            DataSet.MANAGED_DEVICES,
            DataSet.USERS,
        )
    ]
    absent = never(DataSet.IDENTITY_PROVIDERS, Standing.NOT_IN_CLOUD, reason="Gone.")
    new = never(DataSet.GROUPS, Standing.NEVER_READ)

    lines = said_of(*unlicensed, absent, new, tenant=a_tenant(cloud=Cloud.DOD))

    assert line_of(lines, ":heavy_minus_sign: *Not licensed:*").endswith(
        " Users; Eligible roles (PIM), Active roles with an end (PIM) (Entra ID P2); "
        "Intune devices (Intune)"
    )
    assert (
        ":heavy_minus_sign: *Not in this cloud (US Government DoD):* Identity providers"
        in lines
    )
    assert ":white_circle: *Not read yet:* Groups" in lines


def test_a_licence_that_ended_makes_no_old_rows_look_fresh() -> None:
    lost = a_state(DataSet.MANAGED_DEVICES, standing=Standing.NOT_LICENSED)
    never_had = never(DataSet.SIGN_INS, Standing.NOT_LICENSED)

    lines = said_of(lost, never_had)

    assert (
        ":heavy_minus_sign: *No longer licensed:* Intune devices *1,204* (Intune). "
        f"Stored as of {when(NOW - HOUR)}."
    ) in lines
    assert ":heavy_minus_sign: *Not licensed:* Sign-in log (Entra ID P1)" in lines


def test_the_tally_says_what_is_with_the_rest() -> None:
    given = (
        never(DataSet.SIGN_INS, Standing.NOT_LICENSED),
        never(DataSet.DEVICES, Standing.NOT_PERMITTED),
        never(DataSet.GROUPS, Standing.NEVER_READ),
        never(DataSet.IDENTITY_PROVIDERS, Standing.NOT_IN_CLOUD),
    )

    tally, _ = said_of(*given)[1].split(" Last read: ")

    assert tally == (
        "25 of 29 parts are current, 1 not permitted, 1 not licensed, "
        "1 not in this cloud, 1 not read yet."
    )


def test_slower_clocks_say_when_they_strike_next() -> None:
    """The soonest of each, in one grey line; what is due at the next sync is not."""
    due = [
        a_state(DataSet.GROUP_OWNERS, due_at=NOW + 5 * HOUR),
        a_state(DataSet.APPLICATION_OWNERS, due_at=NOW + 4 * HOUR),
        a_state(DataSet.REGISTRATIONS, due_at=NOW + 20 * HOUR),
        a_state(DataSet.USAGE_OFFICE, due_at=NOW),
    ]

    line = line_of(said_of(*due), "Read less often. ")

    assert line == (
        f"Read less often. Every 6 hours, next from {when(NOW + 4 * HOUR)}: "
        "Group owners, App owners. Every day, next from "
        f"{when(NOW + 20 * HOUR)}: Registered authentication methods."
    )
    assert not [each for each in said_of() if each.startswith("Read less often")]


def test_a_read_under_way_shows_how_far_it_is() -> None:
    """By the rows of the last one; in a first read nobody knows how many there are."""
    running = {"standing": Standing.READING, "started_at": NOW}
    known = a_state(DataSet.USERS, rows=1000, rows_done=250, **running)
    first = a_state(DataSet.GROUPS, rows=0, rows_done=999, read_at=None, **running)
    done = a_state(DataSet.ORGANIZATION, started_at=NOW)

    lines = said_of(known, first, done, started_at=NOW, is_running=True, reads_all=True)

    assert lines[1] == f"Being read now: {bar(1 / 29)} 1 of 29 parts done."
    assert lines[2:4] == [
        f":hourglass_flowing_sand: Users: {bar(0.25)} 25%, 250 so far",
        ":hourglass_flowing_sand: Groups: 999 so far",
    ]
    bars = [line for line in lines if line.startswith(":hourglass")]
    assert len(bars) == 2, "only for what is being read"


def test_what_has_begun_and_brought_nothing_yet_takes_one_line() -> None:
    """With what is stored meanwhile, and why usage reports may stand still."""
    running = {"standing": Standing.READING, "started_at": NOW}
    users = a_state(DataSet.USERS, **running)
    first = never(DataSet.GROUPS, Standing.READING, started_at=NOW)
    usage = a_state(DataSet.USAGE_TEAMS, **running)

    lines = said_of(users, first, usage, is_running=True)
    late = said_of(usage, is_running=True)

    title = ":hourglass_flowing_sand: *Begun, nothing new yet:*"
    age = f"Stored as of {when(NOW - HOUR)}."
    assert line_of(lines, ":hourglass") == (
        f"{title} Users *1,204*, Groups, Teams usage *1,204*. {age}"
    )
    assert line_of(late, ":hourglass") == (
        f"{title} Teams usage *1,204*. {age} "
        "Microsoft allows 14 requests for usage reports in ten minutes."
    )


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
    """Its age is that of what it counts, not of what has a slower clock."""
    states = [
        a_state(each, read_at=NOW - (20 if READINGS[each].every else 1) * HOUR)
        for each in DataSet
    ]
    assert directory_text(states) == (
        f"1,204 users, 1,204 groups, 1,204 app registrations; as of {when(NOW - HOUR)}"
    )
    assert directory_text([]) == "not read yet"
    one = a_state(DataSet.USERS, rows=1, read_at=NOW - timedelta(days=2))
    assert directory_text([one]) == f"1 user; as of {when(NOW - timedelta(days=2))}"
    only = a_state(DataSet.ORGANIZATION)
    assert directory_text([only]) == f"as of {when(NOW - HOUR)}"


def test_the_line_warns_of_what_somebody_counts_on_and_of_nothing_else() -> None:
    broken = [a_state(DataSet.USERS, standing=each) for each in BROKEN]
    lost = a_state(DataSet.GROUPS, standing=Standing.NOT_PERMITTED)
    unwanted = [
        never(each, Standing.NOT_PERMITTED)
        for each in (DataSet.DEVICES, DataSet.SIGN_INS)
    ]
    partial = a_state(DataSet.USAGE_TEAMS, standing=Standing.PARTIAL)
    dear = never(DataSet.ROLE_ELIGIBILITIES, Standing.NOT_LICENSED)

    assert ":warning: 3 parts not kept current (`/entra sync`)" in directory_text(
        [*broken, lost]
    )
    said = directory_text([a_state(DataSet.USERS), *unwanted, partial, dear])
    assert said.endswith(
        "; 1 part not whole, 2 parts could be read with more permissions "
        "(`/entra sync`)"
    )
    assert ":warning:" not in said


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
    assert "'s users removed" in texts[2]
    eligible = removed_text(tenant, DataSet.ROLE_ELIGIBILITIES, 2)
    assert "'s eligible roles (PIM) removed" in eligible
    assert "'s Teams usage removed" in removed_text(tenant, DataSet.USAGE_TEAMS, 2)


@pytest.mark.parametrize("standing", Standing)
def test_only_what_somebody_must_act_on_is_an_alert(standing: Standing) -> None:
    states = [a_state(DataSet.USERS, standing=standing, reason="Because.")]

    found = sync_findings([*states, a_state(DataSet.GROUPS)])

    assert len(found) == (1 if standing in BROKEN else 0)
    assert all(finding.facts["part"] == "users" for finding in found)
