"""What `gatehouse sync` prints at its end."""

from datetime import timedelta

import pytest

from bot.cli.sync import as_dict, lines
from bot.domain.directory import DataSet, Standing
from tests.unit.views.test_sync import HOUR, a_state, a_sync, never
from tests.watching import NOW

pytestmark = pytest.mark.quick


def test_parts_stand_under_their_subject_with_each_reason_once() -> None:
    """With their age, and with when those are read that the next sync leaves alone."""
    failed = [
        a_state(each, standing=Standing.FAILED, reason="Not today. Try again.")
        for each in (DataSet.USERS, DataSet.GROUPS)
    ]
    locked = never(DataSet.SIGN_INS, Standing.NOT_PERMITTED, reason="Not granted. Add.")
    later = a_state(DataSet.GROUP_OWNERS, due_at=NOW + timedelta(hours=5))

    told = lines(a_sync(*failed, locked, later))

    age = "as of 2026-11-24 11:00 UTC"
    assert told[:4] == [
        "People",
        f"  Organization: 1,204 {age} (current)",
        f"  Users: 1,204 {age} (failed)",
        f"  Groups: 1,204 {age} (failed)",
    ]
    owners = f"  Group owners: 1,204 {age} (current), next from 2026-11-24 17:00 UTC"
    assert owners in told
    assert "  Sign-in log: 0 (not permitted)" in told
    assert told[-2:] == [
        "Users, Groups: Not today. Try again.",
        "Sign-in log: Not granted. Add.",
    ]
    assert len(told) == len(DataSet) + 6 + 2, "six subjects, two reasons"


def test_scripts_are_told_when_each_is_due() -> None:
    soon = as_dict(a_state(DataSet.REGISTRATIONS, due_at=NOW + HOUR))

    assert soon["due_at"] == "2026-11-24T13:00:00+00:00"
    assert as_dict(a_state(DataSet.USERS))["due_at"] is None
