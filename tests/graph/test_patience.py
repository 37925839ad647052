"""How long is waited between tries."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.graph.patience import LONGEST_WAIT, STEADY, Patience, Tries, retry_after

NOW = datetime(2026, 5, 1, tzinfo=UTC)
SECOND = timedelta(seconds=1)

pytestmark = pytest.mark.quick


@given(made=st.integers(1, 40))
def test_waits_are_never_nothing_and_never_endless(made: int) -> None:
    tries = Tries(Patience(100, timedelta(days=1), SECOND), NOW, made)

    wait = tries.wait_before_next(NOW, None)

    assert wait is not None
    assert timedelta(milliseconds=250) <= wait <= LONGEST_WAIT


@given(asked=st.integers(0, 10_000), spent=st.integers(0, 10_000))
def test_no_try_begins_after_patience_is_over(asked: int, spent: int) -> None:
    tries, now = Tries(STEADY, NOW, 1), NOW + spent * SECOND

    wait = tries.wait_before_next(now, asked * SECOND)

    fits = now + asked * SECOND <= NOW + STEADY.total
    assert wait == (asked * SECOND if fits else None)


def test_attempts_end() -> None:
    assert Tries(STEADY, NOW, STEADY.attempts).wait_before_next(NOW, None) is None


@pytest.mark.parametrize(
    ("headers", "wait"),
    [
        ({"Retry-After": "17"}, 17),
        ({"retry-after": " 0 "}, 0),
        ({}, None),
        ({"Retry-After": "Wed, 21 Oct 2026 07:28:00 GMT"}, None),
        ({"Retry-After": "-5"}, None),
        ({"Retry-After": "\N{SUPERSCRIPT TWO}"}, None),
        ({"Retry-After": "86400"}, 3_600),
        ({"Retry-After": "9" * 400}, 3_600),
    ],
)
def test_retry_after(headers: dict[str, str], wait: int | None) -> None:
    assert retry_after(headers) == (None if wait is None else wait * SECOND)
