"""What findings do to alerts: opened once, told once a stage, resolved only if seen."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.alerts import (
    SNOOZED_FOR,
    Alert,
    AlertKind,
    Changes,
    Finding,
    Sight,
    reconcile,
    snoozed_until,
)
from bot.domain.credentials import Stage
from bot.domain.ids import SlackUserId
from tests.watching import NOW, a_finding, an_alert

pytestmark = pytest.mark.quick

EVERYTHING = Sight(frozenset(AlertKind))
NOTHING = Sight()


def test_a_new_fact_opens_an_alert() -> None:
    """Nobody knows of it, so it opens."""
    assert reconcile([], [a_finding()], EVERYTHING, now=NOW) == Changes(
        opened=(a_finding(),)
    )


def test_what_fails_now_opens_before_what_ends_soonest() -> None:
    """People read from the top."""
    late, soon = a_finding("late", days=9), a_finding("soon", days=1)
    failing = a_finding("failing", None, kind=AlertKind.SIGN_IN_FAILING)
    changes = reconcile([], [late, soon, failing], EVERYTHING, now=NOW)
    assert changes.opened == (failing, soon, late)


def test_the_same_stage_is_not_told_twice() -> None:
    """Seen again at the same stage: nothing to say, nothing to redraw."""
    changes = reconcile([an_alert(a_finding())], [a_finding()], EVERYTHING, now=NOW)
    assert (changes.escalated, changes.opened, changes.resolved) == ((), (), ())
    assert [sighting.is_news for sighting in changes.seen] == [False]


def test_a_nearer_stage_escalates() -> None:
    """Seven days became three."""
    alert, nearer = an_alert(a_finding()), a_finding(stage=Stage.THREE_DAYS, days=3)
    changes = reconcile([alert], [nearer], EVERYTHING, now=NOW)
    assert [(s.alert, s.finding) for s in changes.escalated] == [(alert, nearer)]


def test_another_day_count_or_fact_is_worth_a_redraw() -> None:
    """The card names days left and owners, so it must follow both."""
    seen_yesterday = an_alert(a_finding(), seen_at=NOW - timedelta(days=1))
    renamed = an_alert(a_finding(facts={"app_name": "Old name"}))
    for alert in (seen_yesterday, renamed):
        changes = reconcile([alert], [a_finding()], EVERYTHING, now=NOW)
        assert [sighting.is_news for sighting in changes.seen] == [True]


def test_an_error_with_a_new_correlation_id_is_no_news() -> None:
    """Only its message differs; the code and the remedy are the same."""
    kind = AlertKind.SIGN_IN_FAILING
    first = a_finding(kind=kind, stage=None, facts={"code": "A1", "message": "x 1"})
    second = replace(first, facts={"code": "A1", "message": "x 2"})
    changes = reconcile([an_alert(first)], [second], EVERYTHING, now=NOW)
    assert [sighting.is_news for sighting in changes.seen] == [False]


def test_a_fact_that_is_gone_resolves_with_its_reason() -> None:
    """The reason found by the scan wins over the general one."""
    alert = an_alert(a_finding())
    sight = replace(EVERYTHING, settled={alert.fact_key: "It was removed."})
    changes = reconcile([alert], [], sight, now=NOW)
    assert [(e.alert, e.reason) for e in changes.resolved] == [
        (alert, "It was removed.")
    ]


def test_what_could_not_be_seen_is_not_resolved() -> None:
    """A scan that could not read applications says nothing about credentials."""
    alert = an_alert(a_finding())
    blind = Sight(frozenset(AlertKind) - {AlertKind.CREDENTIAL_EXPIRY})
    assert reconcile([alert], [], blind, now=NOW) == Changes()


def test_a_newly_missing_permission_escalates_though_snoozed() -> None:
    """It is a new fact, not the passing of time."""
    before, after = (
        a_finding(kind=AlertKind.CONSENT_MISSING, stage=None, facts={"permissions": p})
        for p in ("User.Read.All", "User.Read.All\nGroup.Read.All")
    )
    alert = an_alert(before, snoozed_until=snoozed_until(NOW))
    assert reconcile([alert], [after], EVERYTHING, now=NOW).escalated
    assert not reconcile([an_alert(after)], [before], EVERYTHING, now=NOW).escalated


def test_a_snooze_puts_a_stage_off_but_never_drops_it() -> None:
    """Quiet for seven days; then what was reached meanwhile is told."""
    until = snoozed_until(NOW - timedelta(days=3))
    alert = an_alert(
        a_finding(stage=Stage.THIRTY_DAYS, days=20),
        snoozed_by=SlackUserId("UADA"),
        snoozed_until=until,
    )
    nearer = a_finding(stage=Stage.FOURTEEN_DAYS, days=14)
    assert not reconcile([alert], [nearer], EVERYTHING, now=NOW).escalated
    assert reconcile([alert], [nearer], EVERYTHING, now=until).escalated
    assert timedelta(days=7) == SNOOZED_FOR


@pytest.mark.parametrize("stage", [Stage.ONE_DAY, Stage.TODAY, Stage.EXPIRED])
def test_a_snooze_ends_when_a_day_is_left(stage: Stage) -> None:
    """From the last day on everybody hears, snoozed or not."""
    alert = an_alert(
        a_finding(stage=Stage.THREE_DAYS), snoozed_until=snoozed_until(NOW)
    )
    finding = a_finding(stage=stage, days=1)
    assert reconcile([alert], [finding], EVERYTHING, now=NOW).escalated


KEYS = st.sampled_from([f"fact {number}" for number in range(6)])
FINDINGS = st.builds(
    a_finding,
    KEYS,
    st.sampled_from(Stage),
    kind=st.sampled_from(AlertKind).filter(lambda k: k != AlertKind.CONSENT_MISSING),
    days=st.floats(-40, 31),
)
ALERTS = st.lists(FINDINGS.map(an_alert), unique_by=lambda alert: alert.fact_key)
SIGHTS = st.builds(Sight, st.frozensets(st.sampled_from(AlertKind)))


@given(ALERTS, st.lists(FINDINGS), SIGHTS)
def test_every_finding_and_alert_has_exactly_one_fate(
    alerts: list[Alert], findings: list[Finding], sight: Sight
) -> None:
    """Nothing is lost, nothing counted twice, nothing unseen resolved."""
    changes = reconcile(alerts, findings, sight, now=NOW)
    known, found = ({each.fact_key for each in many} for many in (alerts, findings))

    assert [f.fact_key for f in changes.opened] == list(
        dict.fromkeys(f.fact_key for f in changes.opened)
    )
    assert {f.fact_key for f in changes.opened} == found - known
    still = [s.alert.fact_key for s in (*changes.escalated, *changes.seen)]
    assert sorted(still) == sorted(found & known)
    gone = {e.alert.fact_key for e in changes.resolved}
    assert gone <= known - found
    assert all(e.alert.kind in sight.kinds for e in changes.resolved)
    kept = known - found - gone
    assert all(a.kind not in sight.kinds for a in alerts if a.fact_key in kept)


@given(st.lists(st.tuples(st.floats(-40, 40), st.booleans()), max_size=20))
def test_no_stage_is_told_twice_over_any_run_of_scans(
    scans: list[tuple[float, bool]],
) -> None:
    """Whatever the days left and the snoozes are, stages told only go down."""
    alert, told = None, []
    for days, snooze in scans:
        stage = next((s for s in sorted(Stage) if days <= s), None)
        if stage is None:
            continue
        changes = reconcile(
            [alert] if alert else [], [a_finding(stage=stage)], NOTHING, now=NOW
        )
        if changes.opened or changes.escalated:
            told.append(stage)
            alert = an_alert(a_finding(stage=stage))
        if alert is not None and snooze:
            alert = replace(alert, snoozed_until=snoozed_until(NOW))
    assert told == sorted(set(told), reverse=True)


def test_blind_scans_change_nothing_but_what_they_found() -> None:
    """A scan that saw nothing resolves nothing, whatever is open."""
    alerts = [an_alert(a_finding(kind.value, None, kind=kind)) for kind in AlertKind]
    assert reconcile(alerts, [], NOTHING, now=NOW) == Changes()
