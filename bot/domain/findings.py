"""What a scan read, judged: which facts are worth an alert, and which are over."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from bot.domain.alerts import Alert, AlertKind, Finding, listed
from bot.domain.credentials import NEVER_YEAR, Credential, stage_of, successor_of
from bot.domain.ids import KeyId, ObjectId
from bot.domain.permissions import ALWAYS_WANTED, Feature, Need, PermissionReport
from bot.domain.tenants import Tenant

SIGN_IN_KEY = "sign_in"
SCAN_KEY = "scan"

_ROLES = "permissions"


def credential_key(app_object_id: ObjectId | str, key_id: KeyId | str) -> str:
    """The fact key of one credential's end."""
    return f"credential:{app_object_id}:{key_id}"


def expiry_findings(
    credentials: Iterable[Credential],
    *,
    own: KeyId | None,
    told: Collection[str] = (),
    now: datetime,
) -> list[Finding]:
    """The credentials whose end people should hear of.

    Left out are those that a longer-lived one of the same app and kind replaces,
    Gatehouse's own (it has a kind of its own), and what expired more than 30 days
    before it was first seen.

    Args:
        told: fact keys of open alerts; those stay however long ago the end is.
    """
    findings = []
    for siblings in _by_app(credentials).values():
        for credential in siblings:
            finding = _expiry(credential, now)
            if finding is None or credential.key_id == own:
                continue
            if credential.is_stale(now=now) and finding.fact_key not in told:
                continue
            if successor_of(credential, siblings) is None:
                findings.append(finding)
    return findings


def from_memory(findings: Iterable[Finding]) -> list[Finding]:
    """Mark findings that rest on what an earlier scan read.

    Time goes on while a tenant cannot be read, so ends are told all the same; but
    people must see that somebody may have renewed the credential meanwhile.
    """
    return [
        replace(finding, facts={**finding.facts, "from_memory": "yes"})
        for finding in findings
    ]


def settled_credentials(
    alerts: Iterable[Alert],
    credentials: Iterable[Credential],
    app_ids: Collection[ObjectId],
    *,
    own: KeyId | None,
) -> dict[str, str]:
    """Why the credentials of these alerts need nobody any more, by fact key.

    Args:
        app_ids: object IDs of every app registration of the tenant.
    """
    by_app = _by_app(credentials)
    present = {str(app_id): by_app.get(app_id, []) for app_id in app_ids}
    return {
        alert.fact_key: _why_settled(alert.facts, present, own)
        for alert in alerts
        if alert.kind is AlertKind.CREDENTIAL_EXPIRY
    }


def own_key(tenant: Tenant) -> str:
    """The fact key of the end of what Gatehouse signs in with."""
    return f"own:{tenant.credential_key_id or 'unknown'}"


def own_credential_finding(tenant: Tenant, *, now: datetime) -> Finding | None:
    """The end of what Gatehouse itself signs in with, where it is known and near.

    A successor does not silence it: only /entra rotate makes Gatehouse use one.
    """
    ends_at = tenant.credential_ends_at
    if ends_at is None or ends_at.year >= NEVER_YEAR:
        return None
    stage = stage_of(ends_at, now=now)
    if stage is None:
        return None
    facts = {
        "app_name": "Gatehouse",
        "client_id": str(tenant.client_id),
        "key_id": str(tenant.credential_key_id or ""),
        "credential_kind": tenant.sign_in_kind.replace("_", " "),
        "hint": tenant.credential_hint or "",
    }
    return Finding(
        AlertKind.OWN_CREDENTIAL_EXPIRY, own_key(tenant), facts, stage, ends_at
    )


def settled_own(alerts: Iterable[Alert], tenant: Tenant) -> dict[str, str]:
    """Why alerts of Gatehouse's own credential are over after a rotation."""
    return {
        alert.fact_key: "Gatehouse now signs in with another credential."
        for alert in alerts
        if alert.kind is AlertKind.OWN_CREDENTIAL_EXPIRY
        and alert.fact_key != own_key(tenant)
    }


def consent_findings(
    report: PermissionReport, *, before: Collection[str], alerts: Iterable[Alert]
) -> list[Finding]:
    """The features whose permissions are missing, each with which.

    A feature that may be unwanted is missed only if the app is set up for it and asks
    for a permission, or had one, that no feature before it needs as well.

    Args:
        before: names granted at the last check; missing now means revoked.
        alerts: open ones. Once told, a missing permission stays told, and one that
            was revoked stays so, until it is granted.
    """
    told = {
        alert.facts.get("feature", ""): alert.facts
        for alert in alerts
        if alert.kind is AlertKind.CONSENT_MISSING
    }
    findings: list[Finding] = []
    for feature in Feature:
        missing = report.missing(feature)
        revoked = _revoked(missing, before, told.get(feature, {}))
        named = {role for each in findings for role in listed(each.facts, _ROLES)}
        cause = (_asked_for(report, missing) | revoked) - named
        wanted = bool(cause) and report.wants(feature, before)
        if missing and (feature in ALWAYS_WANTED or feature in told or wanted):
            findings.append(_consent(report, feature, missing, revoked))
    return findings


def sign_in_finding(message: str, remedy: str, *, code: int | None) -> Finding:
    """Entra refuses to let Gatehouse in.

    Args:
        code: the AADSTS number.
    """
    facts = {
        "message": message,
        "remedy": remedy,
        "code": "" if code is None else f"AADSTS{code}",
    }
    return Finding(AlertKind.SIGN_IN_FAILING, SIGN_IN_KEY, facts)


def scan_finding(part: str, message: str, remedy: str, *, code: str) -> Finding:
    """A part of the scan did not come to its end.

    Args:
        part: what was being read, e.g. "app registrations".
        code: the error's own short code.
    """
    facts = {"part": part, "message": message, "remedy": remedy, "code": code}
    return Finding(AlertKind.SCAN_FAILING, SCAN_KEY, facts)


def _by_app(credentials: Iterable[Credential]) -> dict[ObjectId, list[Credential]]:
    by_app: dict[ObjectId, list[Credential]] = defaultdict(list)
    for credential in credentials:
        by_app[credential.app_object_id].append(credential)
    return by_app


def _expiry(credential: Credential, now: datetime) -> Finding | None:
    if credential.never_ends:
        return None
    stage = stage_of(credential.ends_at, now=now)
    if stage is None:
        return None
    facts = {
        "app_name": credential.app_name,
        "app_object_id": str(credential.app_object_id),
        "client_id": str(credential.client_id),
        "key_id": str(credential.key_id),
        "credential_kind": str(credential.kind),
        "display_name": credential.display_name,
        "hint": credential.hint,
        "owners": "\n".join(" ".join(owner.split()) for owner in credential.owners),
    }
    return Finding(
        AlertKind.CREDENTIAL_EXPIRY,
        credential_key(credential.app_object_id, credential.key_id),
        facts,
        stage,
        credential.ends_at,
    )


def _why_settled(
    facts: Mapping[str, str],
    present: Mapping[str, Sequence[Credential]],
    own: KeyId | None,
) -> str:
    siblings = present.get(facts["app_object_id"])
    if siblings is None:
        return "The app registration was deleted."
    ours = next((c for c in siblings if str(c.key_id) == facts["key_id"]), None)
    if ours is None:
        return "It was removed from the app registration."
    if ours.key_id == own:
        return "Gatehouse signs in with it, so it has an alert of its own."
    later = successor_of(ours, siblings)
    if later is None:
        return "It no longer ends within 30 days."
    until = "does not end" if later.never_ends else f"ends on {later.ends_at:%Y-%m-%d}"
    return (
        f"A newer {later.kind} {until}. Remove this one once nothing uses it any more."
    )


def _revoked(
    missing: Iterable[Need], before: Collection[str], told: Mapping[str, str]
) -> set[str]:
    known = listed(told, "revoked")
    return {
        str(need.role)
        for need in missing
        if need.is_met_by(before) or need.role in known
    }


def _asked_for(report: PermissionReport, missing: Iterable[Need]) -> set[str]:
    asked = (report.requested or frozenset()) | (report.delegated or frozenset())
    return {str(need.role) for need in missing if need.role in asked}


def _consent(
    report: PermissionReport,
    feature: Feature,
    missing: Iterable[Need],
    revoked: Collection[str],
) -> Finding:
    roles = list(dict.fromkeys(str(need.role) for need in missing))
    delegated = report.delegated or frozenset()
    facts = {
        "feature": str(feature),
        _ROLES: "\n".join(roles),
        "revoked": "\n".join(role for role in roles if role in revoked),
        "delegated": "\n".join(role for role in roles if role in delegated),
    }
    return Finding(AlertKind.CONSENT_MISSING, f"consent:{feature}", facts)
