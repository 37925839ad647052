"""The parts that pages are made of, by themselves."""

from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sandbox.bulk import BulkDirectory, Shape
from sandbox.bulk.calendar import START, Calendar
from sandbox.bulk.identifiers import Kind, find_number, object_id

counts = st.integers(min_value=0, max_value=3_000)


@given(count=counts, numbers=st.lists(st.integers(0, 4_000), min_size=2))
def test_who_comes_later_was_created_later(count: int, numbers: list[int]) -> None:
    calendar = Calendar(count)

    times = [calendar.seconds(number) for number in sorted(numbers)]

    assert times == sorted(times)
    assert times[0] >= 0


@given(
    count=st.integers(1, 400),
    unknown=st.integers(0, 40),
    days=st.integers(-10, 5_000),
    seconds=st.integers(0, 86_400),
)
def test_since_a_moment_is_what_counting_gives(
    count: int, unknown: int, days: int, seconds: int
) -> None:
    calendar, size = Calendar(count, min(unknown, count)), count + 3
    moment = START + timedelta(days=days, seconds=seconds)
    known = range(len(calendar.unknown()), size)
    cut = (moment - START).total_seconds()

    before = [n for n in known if calendar.seconds(n) < cut]
    until = [n for n in known if calendar.seconds(n) <= cut]

    assert calendar.since(moment, size) == known.start + len(before)
    assert calendar.since(moment, size, after=True) == known.start + len(until)


@given(kind=st.sampled_from(list(Kind)), number=st.integers(0, 2**40))
def test_id_tells_its_number(kind: Kind, number: int) -> None:
    text = object_id(kind, number)

    assert find_number(kind, text) == number
    assert find_number(kind, text.upper()) == number
    others = (other for other in Kind if other is not kind)
    assert all(find_number(other, text) is None for other in others)


@pytest.mark.parametrize("text", ["", "-", "none", "user@bulk.example", "-1", "0"])
def test_other_text_has_no_number(text: str) -> None:
    assert find_number(Kind.USER, text) is None


@settings(max_examples=60, deadline=None)
@given(
    churns=st.integers(0, 3),
    starts=st.lists(st.integers(0, 1_500), min_size=1, max_size=8),
    limit=st.integers(1, 999),
)
def test_pages_of_bytes_are_rows_one_by_one(
    churns: int, starts: list[int], limit: int
) -> None:
    directory = BulkDirectory(Shape.of(1_300))
    for _ in range(churns):
        directory.churn(0.3)
    users, names = directory.users, ("id", "displayName")
    fields = users.fields(names)
    for start in starts:
        run = range(start, max(start, users.size - 20))
        live = list(users.live(run))
        rows = (users.row(number, fields) for number in live[:limit])

        page = directory.encoded("users", names).read(run, limit)

        assert page.value.decode() == ",".join(rows)
        assert (page.after is not None) == (len(live) > limit)
        if page.after is not None:
            assert next(users.live(range(page.after, run.stop))) == live[limit]
    directory.close()


@given(users=st.integers(20, 3_000))
@settings(max_examples=40, deadline=None)
def test_every_size_has_members_who_are_there_once(users: int) -> None:
    directory = BulkDirectory(Shape.of(users))
    for group in range(directory.groups.size):
        members = directory.memberships.of(group)
        assert len(members) == len(set(members))
        assert directory.memberships.count_of(group) == len(members)


def test_unknown_data_set_is_told() -> None:
    with pytest.raises(KeyError):
        BulkDirectory(Shape.of(100)).truth("teapots")


def test_part_of_a_large_group_is_cut_from_the_whole() -> None:
    directory = BulkDirectory(Shape.of(20_000))
    memberships = directory.memberships
    for _ in range(2):
        largest = max(range(directory.groups.size), key=memberships.count_of)
        whole = memberships.of(largest)
        assert len(whole) > 1_000
        assert memberships.of(largest, 990, 1_010) == whole[990:1_010]
        assert memberships.of(largest, 0, 3) == whole[:3]
        directory.churn(0.3)
        assert memberships.of(largest) != whole
