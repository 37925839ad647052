"""When credentials end, and which of them replaces another."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.credentials import (
    CredentialKind,
    Stage,
    days_left,
    stage_of,
    successor_of,
)
from tests.watching import NOW, a_credential

pytestmark = pytest.mark.quick


@pytest.mark.parametrize(
    ("left", "stage"),
    [
        (timedelta(days=31), None),
        (timedelta(days=31) - timedelta(microseconds=1), Stage.THIRTY_DAYS),
        (timedelta(days=15), Stage.THIRTY_DAYS),
        (timedelta(days=14, hours=23), Stage.FOURTEEN_DAYS),
        (timedelta(days=7), Stage.SEVEN_DAYS),
        (timedelta(days=3), Stage.THREE_DAYS),
        (timedelta(days=2), Stage.THREE_DAYS),
        (timedelta(days=1), Stage.ONE_DAY),
        (timedelta(hours=23, minutes=59), Stage.TODAY),
        (timedelta(0), Stage.TODAY),
        (timedelta(microseconds=-1), Stage.EXPIRED),
        (timedelta(days=-400), Stage.EXPIRED),
    ],
)
def test_stage_by_time_left(left: timedelta, stage: Stage | None) -> None:
    """Whole days decide; the last 24 hours are "today", the end itself included."""
    assert stage_of(NOW + left, now=NOW) is stage


@given(st.timedeltas(timedelta(days=-500), timedelta(days=500)), st.timedeltas())
def test_stages_only_come_nearer(left: timedelta, later: timedelta) -> None:
    """As time passes no credential goes back to a milder stage."""
    later = min(abs(later), timedelta(days=400))
    first = stage_of(NOW + left, now=NOW)
    then = stage_of(NOW + left, now=NOW + later)
    if first is not None:
        assert then is not None
        assert then <= first


def test_days_left_are_whole_and_negative_after_the_end() -> None:
    """2.9 days are 2 days left; an hour after the end it is -1."""
    assert days_left(NOW + timedelta(days=2.9), now=NOW) == 2
    assert days_left(NOW - timedelta(hours=1), now=NOW) == -1


def test_year_2299_means_never() -> None:
    """Entra writes "never" as the end of 2299."""
    assert a_credential(ends_at=datetime(2299, 12, 31, tzinfo=UTC)).never_ends
    assert not a_credential(days=4000).never_ends


def test_expired_for_more_than_thirty_days_is_stale() -> None:
    """Thirty days after its end a credential is clutter."""
    assert a_credential(days=-31).is_stale(now=NOW)
    assert not a_credential(days=-29).is_stale(now=NOW)


def test_successor_outlives_and_has_the_same_app_and_kind() -> None:
    """Of several later ones the longest-lived counts."""
    old, new, newest = (
        a_credential(key=key, days=days)
        for key, days in (("old", 5), ("new", 100), ("newest", 200))
    )
    assert successor_of(old, [old, new, newest]) == newest
    assert successor_of(newest, [old, new, newest]) is None


@pytest.mark.parametrize(
    "other",
    [
        a_credential(app="Another app", days=100),
        a_credential(key="two", days=100, kind=CredentialKind.CERTIFICATE),
        a_credential(key="two", days=5),
        a_credential(key="two", days=4),
    ],
    ids=["other app", "other kind", "same end", "ends sooner"],
)
def test_what_replaces_nothing(other: object) -> None:
    """Another app's or kind's credential, or one that ends no later, is no help."""
    old = a_credential(days=5)
    assert isinstance(other, type(old))
    assert successor_of(old, [old, other]) is None
