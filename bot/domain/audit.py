"""What is written down for auditors, and how one row seals the row before it."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

FIRST_HASH = "0" * 64  # what the first row is chained to
ITSELF = "gatehouse"  # the actor where no person in Slack acted


class AuditAction(StrEnum):
    """Something that happened, in the past tense."""

    TENANT_CONNECTED = "tenant.connected"
    TENANT_CONNECT_FAILED = "tenant.connect_failed"
    TENANT_CHECKED = "tenant.checked"
    TENANT_ROTATED = "tenant.rotated"
    TENANT_ROTATE_FAILED = "tenant.rotate_failed"
    TENANT_SETTINGS_CHANGED = "tenant.settings_changed"
    TENANT_DISCONNECTED = "tenant.disconnected"
    ALERT_OPENED = "alert.opened"
    ALERT_ESCALATED = "alert.escalated"
    ALERT_ACKNOWLEDGED = "alert.acknowledged"
    ALERT_SNOOZED = "alert.snoozed"
    ALERT_RESOLVED = "alert.resolved"
    SHRINKAGE_ACCEPTED = "directory.shrinkage_accepted"
    REQUEST_ASKED = "request.asked"
    REQUEST_APPROVED = "request.approved"
    REQUEST_DENIED = "request.denied"
    REQUEST_WITHDRAWN = "request.withdrawn"
    REQUEST_EXPIRED = "request.expired"
    REQUEST_VOIDED = "request.voided"
    REQUEST_RETRIED = "request.retried"
    REQUEST_FINISHED = "request.finished"
    STEP_STARTED = "step.started"
    STEP_ENDED = "step.ended"
    REFUSED = "refused"  # somebody was told no; facts say what and why
    KEYS_ROTATED = "keys.rotated"


@dataclass(frozen=True)
class AuditEntry:
    """One fact for the audit trail, before it is chained.

    Attributes:
        actor: Slack user ID of who did it, or `ITSELF`.
        subject: what it was done to, "kind:id".
        facts: strings only; never a secret, a token or a certificate.
    """

    at: datetime
    workspace_id: str
    actor: str
    action: AuditAction
    subject: str
    facts: Mapping[str, str] = field(default_factory=dict)


def chain_hash(previous: str, number: int, entry: AuditEntry) -> str:
    """SHA-256 over the previous hash, the row's number and its canonical JSON.

    Returns:
        64 lowercase hexadecimal digits.
    """
    canonical = json.dumps(
        [
            number,
            entry.at.isoformat(timespec="microseconds"),
            entry.workspace_id,
            entry.actor,
            entry.action,
            entry.subject,
            dict(sorted(entry.facts.items())),
        ],
        separators=(",", ":"),
        ensure_ascii=False,
    )
    return hashlib.sha256(f"{previous}\n{canonical}".encode()).hexdigest()
