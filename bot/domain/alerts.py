"""Alerts: one for each fact that somebody must act on, open until it is resolved."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from bot.domain.credentials import Stage, days_left
from bot.domain.ids import AlertId, ConnectionId, SlackUserId

SNOOZED_FOR = timedelta(days=7)
LAST_CALL = Stage.ONE_DAY  # from here on a snooze keeps nobody from hearing


class AlertKind(StrEnum):
    """What sort of fact it is."""

    CREDENTIAL_EXPIRY = "credential_expiry"  # an app's secret or certificate
    OWN_CREDENTIAL_EXPIRY = "own_credential_expiry"  # the one Gatehouse signs in with
    CONSENT_MISSING = "consent_missing"  # missing or revoked app roles of a feature
    SIGN_IN_FAILING = "sign_in_failing"
    SCAN_FAILING = "scan_failing"  # a scan could not be finished
    SYNC_FAILING = "sync_failing"  # parts of the directory cannot be kept current


class AlertStatus(StrEnum):
    """Acknowledged alerts still escalate; resolved ones never open again.

    A fact that comes back after its alert was resolved is a new alert.
    """

    OPEN = "open"
    ACKNOWLEDGED = "acknowledged"
    RESOLVED = "resolved"


@dataclass(frozen=True)
class Finding:
    """What one scan saw and thinks worth an alert.

    Attributes:
        fact_key: the fact's identity within its connection, e.g.
            "credential:<object id>:<key id>"; a second finding with the same key
            updates the alert instead of opening another.
        facts: strings for the view (app_name, app_object_id, client_id, key_id,
            credential_kind, display_name, hint, owners, permissions, code, remedy …).
    """

    kind: AlertKind
    fact_key: str
    facts: Mapping[str, str] = field(default_factory=dict)
    stage: Stage | None = None
    ends_at: datetime | None = None


@dataclass(frozen=True)
class Alert:
    """A finding that people were told of."""

    id: AlertId
    connection_id: ConnectionId
    kind: AlertKind
    fact_key: str
    status: AlertStatus
    opened_at: datetime
    seen_at: datetime  # last scan or check that still saw the fact
    facts: Mapping[str, str] = field(default_factory=dict)
    stage: Stage | None = None
    ends_at: datetime | None = None
    acknowledged_by: SlackUserId | None = None
    acknowledged_at: datetime | None = None
    snoozed_by: SlackUserId | None = None
    snoozed_until: datetime | None = None
    resolved_at: datetime | None = None
    resolution: str | None = None  # why it is over, one sentence


@dataclass(frozen=True)
class Sight:
    """What one scan was able to see. About the rest it may say nothing.

    Attributes:
        kinds: the kinds of which every fact there is would have been found.
        settled: why a fact is over, by its key, where more than "gone" is known.
    """

    kinds: frozenset[AlertKind] = frozenset()
    settled: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Sighting:
    """An open alert whose fact is still there, as it is now.

    `is_news` tells whether the message would read differently from before.
    """

    alert: Alert
    finding: Finding
    is_news: bool = True


@dataclass(frozen=True)
class Ending:
    """An open alert whose fact is over, and why."""

    alert: Alert
    reason: str


@dataclass(frozen=True)
class Changes:
    """What a scan's findings do to the alerts. Every finding is in exactly one list."""

    opened: tuple[Finding, ...] = ()
    escalated: tuple[Sighting, ...] = ()
    seen: tuple[Sighting, ...] = ()
    resolved: tuple[Ending, ...] = ()


_GONE = {
    AlertKind.CREDENTIAL_EXPIRY: "It no longer ends within 30 days.",
    AlertKind.OWN_CREDENTIAL_EXPIRY: "Gatehouse signs in with a credential that lasts.",
    AlertKind.CONSENT_MISSING: "Every permission of this feature is granted.",
    AlertKind.SIGN_IN_FAILING: "Gatehouse signs in again.",
    AlertKind.SCAN_FAILING: "A check of everything was finished.",
    AlertKind.SYNC_FAILING: "Everything that may be read of the directory was read.",
}


def reconcile(
    open_alerts: Sequence[Alert],
    findings: Iterable[Finding],
    sight: Sight,
    *,
    now: datetime,
) -> Changes:
    """Decide what a scan's findings open, escalate, keep and resolve.

    Args:
        open_alerts: all of one connection that are not resolved.
        findings: of that connection; of two with one key the last counts.
    """
    found = {finding.fact_key: finding for finding in findings}
    known = {alert.fact_key: alert for alert in open_alerts}
    still = [
        (alert, found[key]) for key, alert in sorted(known.items()) if key in found
    ]
    return Changes(
        opened=tuple(
            sorted((f for key, f in found.items() if key not in known), key=_urgency)
        ),
        escalated=tuple(
            Sighting(alert, finding)
            for alert, finding in still
            if escalates(alert, finding, now=now)
        ),
        seen=tuple(
            _sighting(alert, finding, now)
            for alert, finding in still
            if not escalates(alert, finding, now=now)
        ),
        resolved=tuple(
            Ending(alert, sight.settled.get(key, _GONE[alert.kind]))
            for key, alert in sorted(known.items())
            if key not in found and alert.kind in sight.kinds
        ),
    )


def escalates(alert: Alert, finding: Finding, *, now: datetime) -> bool:
    """Whether the fact is worse than what people were last told, and may be said.

    Worse is a later stage, or a permission that was not missing before. A snooze
    holds stages back, since those are only the passing of time; they are told when it
    is over, or when at most a day is left.
    """
    return _is_worse(alert, finding) and not _is_quiet(alert, finding, now)


def snoozed_until(now: datetime) -> datetime:
    """When a snooze that begins now ends."""
    return now + SNOOZED_FOR


def listed(facts: Mapping[str, str], name: str) -> tuple[str, ...]:
    """A fact that holds several values, one a line."""
    return tuple(line for line in facts.get(name, "").split("\n") if line)


def _is_worse(alert: Alert, finding: Finding) -> bool:
    if finding.kind is AlertKind.CONSENT_MISSING:
        missing = set(listed(finding.facts, "permissions"))
        return not missing <= set(listed(alert.facts, "permissions"))
    if finding.stage is None:
        return False
    return alert.stage is None or finding.stage < alert.stage


def _is_quiet(alert: Alert, finding: Finding, now: datetime) -> bool:
    if alert.snoozed_until is None or now >= alert.snoozed_until:
        return False
    return finding.stage is not None and finding.stage > LAST_CALL


def _sighting(alert: Alert, finding: Finding, now: datetime) -> Sighting:
    """Facts that changed, or another number of days left, are worth a redraw."""
    changed = _lasting(alert.facts) != _lasting(finding.facts)
    moved = finding.ends_at is not None and (
        finding.ends_at != alert.ends_at
        or days_left(finding.ends_at, now=now)
        != days_left(finding.ends_at, now=alert.seen_at)
    )
    return Sighting(alert, finding, is_news=changed or moved)


def _lasting(facts: Mapping[str, str]) -> dict[str, str]:
    """The facts without messages of errors, which carry another ID at every try."""
    return {name: value for name, value in facts.items() if name != "message"}


def _urgency(finding: Finding) -> tuple[bool, float, str]:
    """What has no end is failing now and comes first, then what ends soonest."""
    ends_at = finding.ends_at.timestamp() if finding.ends_at else 0.0
    return finding.ends_at is not None, ends_at, finding.fact_key
