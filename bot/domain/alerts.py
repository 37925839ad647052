"""Alerts: one for each fact that somebody must act on, open until it is resolved."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from bot.domain.credentials import Stage
from bot.domain.ids import AlertId, ConnectionId, SlackUserId


class AlertKind(StrEnum):
    """What sort of fact it is."""

    CREDENTIAL_EXPIRY = "credential_expiry"  # an app's secret or certificate
    OWN_CREDENTIAL_EXPIRY = "own_credential_expiry"  # the one Gatehouse signs in with
    CONSENT_MISSING = "consent_missing"  # missing or revoked app roles of a feature
    SIGN_IN_FAILING = "sign_in_failing"
    SCAN_FAILING = "scan_failing"  # a scan could not be finished


class AlertStatus(StrEnum):
    """Acknowledged alerts still escalate; resolved ones never open again."""

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
    resolved_at: datetime | None = None
    resolution: str | None = None  # why it is over, one sentence


def escalates(alert: Alert, finding: Finding) -> bool:
    """Whether the finding is nearer the end than what people were last told."""
    if finding.stage is None:
        return False
    return alert.stage is None or finding.stage < alert.stage
