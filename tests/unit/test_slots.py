"""Slots of time are cut the same way everywhere."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.slots import delay_in_slot, slot_name, slot_start

pytestmark = pytest.mark.quick

FIRST = datetime(2020, 1, 1, tzinfo=UTC)
MOMENTS = st.timedeltas(timedelta(0), timedelta(days=11_000)).map(FIRST.__add__)
INTERVALS = st.timedeltas(timedelta(seconds=1), timedelta(days=30))


def test_a_slot_of_six_hours() -> None:
    """Quarters of the day in UTC."""
    start = slot_start(datetime(2026, 11, 24, 17, 59, tzinfo=UTC), timedelta(hours=6))
    assert start == datetime(2026, 11, 24, 12, tzinfo=UTC)
    assert slot_name(start) == "20261124T120000Z"


@given(MOMENTS, INTERVALS)
def test_every_moment_is_in_exactly_one_slot(now: datetime, every: timedelta) -> None:
    """A slot begins no later than now, ends after it, and its start is its own."""
    start = slot_start(now, every)
    assert start <= now < start + every
    assert slot_start(start, every) == start
    assert slot_start(start + every, every) == start + every


@given(MOMENTS, INTERVALS)
def test_slots_that_follow_each_other_have_different_names(
    now: datetime, every: timedelta
) -> None:
    """A name to the second is enough, since no slot is shorter."""
    start = slot_start(now, every)
    assert slot_name(start) != slot_name(start + every)


@given(st.integers(0, 2**128), INTERVALS)
def test_a_delay_stays_well_within_its_slot(key: int, every: timedelta) -> None:
    """At most a tenth of the slot, at most what is allowed, always the same."""
    most = timedelta(minutes=5)
    delay = delay_in_slot(key, every, most=most)
    assert timedelta(0) <= delay <= min(most, every / 10)
    assert delay == delay_in_slot(key, every, most=most)
