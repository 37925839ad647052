"""One scan of one tenant: what it read, and what follows from that."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from bot.domain.alerts import Alert, AlertKind, Finding, Sight
from bot.domain.credentials import Credential
from bot.domain.findings import (
    consent_findings,
    expiry_findings,
    from_memory,
    own_credential_finding,
    scan_finding,
    settled_credentials,
    settled_own,
    sign_in_finding,
)
from bot.domain.ids import KeyId, ObjectId
from bot.domain.permissions import PermissionReport
from bot.domain.tenants import SignInKind, Tenant, TenantStatus


@dataclass(frozen=True)
class Refusal:
    """Entra did not let Gatehouse in, and trying again will not help."""

    message: str
    remedy: str
    aadsts: int | None = None


@dataclass(frozen=True)
class Problem:
    """A part of the tenant that could not be read to its end.

    Attributes:
        part: words for it, to stand after "Reading".
        code: the error's own short code.
    """

    part: str
    message: str
    remedy: str
    code: str


@dataclass(frozen=True)
class Reading:
    """What one scan read of a tenant.

    Attributes:
        began_at: nothing in it is older than this.
        report: None where no token could be had.
        own_credentials: of Gatehouse's own registration; None where it was not read.
        credentials: of all registrations read; all there are if `read_all_apps`.
        app_ids: the registrations read, those without credentials too.
        remembered: what is known from earlier scans of registrations not read now.
    """

    began_at: datetime
    report: PermissionReport | None = None
    own_app_id: ObjectId | None = None
    own_credentials: tuple[Credential, ...] | None = None
    credentials: tuple[Credential, ...] = ()
    app_ids: frozenset[ObjectId] = frozenset()
    remembered: tuple[Credential, ...] = ()
    read_all_apps: bool = False
    refusal: Refusal | None = None
    problems: tuple[Problem, ...] = ()

    @property
    def is_complete(self) -> bool:
        """Whether everything that is watched was read."""
        return self.read_all_apps and not self.problems and self.refusal is None


def scanned(tenant: Tenant, reading: Reading) -> Tenant:
    """The tenant as a scan found it; what was not read keeps its last value."""
    if reading.refusal is not None:
        why = f"{reading.refusal.message} {reading.refusal.remedy}"
        tenant = replace(tenant, status=TenantStatus.FAILING, problems=(why,))
    if reading.report is not None:
        was_failing = tenant.status is TenantStatus.FAILING
        tenant = replace(
            tenant,
            status=TenantStatus.ACTIVE,
            problems=() if was_failing else tenant.problems,
            granted=reading.report.granted,
            delegated=reading.report.delegated,
            requested=reading.report.requested,
            checked_at=reading.began_at,
        )
    if reading.own_credentials is not None:
        tenant = _with_own_credential(tenant, reading.own_credentials, reading.began_at)
        tenant = replace(tenant, app_object_id=reading.own_app_id)
    if reading.is_complete:
        tenant = replace(tenant, last_scan_at=reading.began_at)
    return tenant


def looks_different(before: Tenant, after: Tenant) -> bool:
    """Whether the message about the connection would be drawn differently."""
    return replace(before, last_scan_at=None, checked_at=None) != replace(
        after, last_scan_at=None, checked_at=None
    )


def judge(
    reading: Reading, before: Tenant, after: Tenant, alerts: Sequence[Alert]
) -> tuple[list[Finding], Sight]:
    """Say which facts of a reading are worth an alert, and what it could see.

    Args:
        before, after: the tenant as stored before this scan, and as `scanned`.
        alerts: the tenant's open ones.
    """
    own = None if after.credential_key_id is None else KeyId(after.credential_key_id)
    told = {alert.fact_key for alert in alerts}
    now = reading.began_at
    findings = expiry_findings(reading.credentials, own=own, told=told, now=now)
    findings += from_memory(
        expiry_findings(reading.remembered, own=own, told=told, now=now)
    )
    own_finding = own_credential_finding(after, now=now)
    findings += [own_finding] if own_finding is not None else []
    if reading.report is not None:
        report = replace(reading.report, cloud=after.cloud)
        findings += consent_findings(report, before=before.granted, alerts=alerts)
    settled = settled_own(alerts, after)
    if reading.read_all_apps:
        settled |= settled_credentials(
            alerts, reading.credentials, reading.app_ids, own=own
        )
    return findings + _failures(reading), Sight(_seen_kinds(reading, after), settled)


def _failures(reading: Reading) -> list[Finding]:
    failures = []
    if reading.refusal is not None:
        refusal = reading.refusal
        failures.append(
            sign_in_finding(refusal.message, refusal.remedy, code=refusal.aadsts)
        )
    if reading.problems:
        first = reading.problems[0]
        parts = " and ".join(problem.part for problem in reading.problems)
        failures.append(
            scan_finding(parts, first.message, first.remedy, code=first.code)
        )
    return failures


def _seen_kinds(reading: Reading, tenant: Tenant) -> frozenset[AlertKind]:
    kinds = set()
    if reading.report is not None:
        kinds |= {AlertKind.SIGN_IN_FAILING, AlertKind.CONSENT_MISSING}
        if not reading.problems:
            kinds.add(AlertKind.SCAN_FAILING)
    if reading.read_all_apps:
        kinds.add(AlertKind.CREDENTIAL_EXPIRY)
    if tenant.credential_ends_at is not None:
        kinds.add(AlertKind.OWN_CREDENTIAL_EXPIRY)
    return frozenset(kinds)


def _with_own_credential(
    tenant: Tenant, credentials: Sequence[Credential], now: datetime
) -> Tenant:
    """Follow the end of our credential, or find it by its hint if it is not known yet.

    A hint is three characters: where several current secrets begin alike, the soonest
    end is taken and no key, since too early a warning is better than none.
    """
    known = [c for c in credentials if c.key_id == tenant.credential_key_id]
    if known:
        return replace(tenant, credential_ends_at=known[0].ends_at)
    if tenant.credential_key_id is not None or not tenant.credential_hint:
        return tenant
    if tenant.sign_in_kind is not SignInKind.SECRET:
        return tenant
    alike = [
        c for c in credentials if c.hint == tenant.credential_hint and c.ends_at > now
    ]
    if not alike:
        return tenant
    return replace(
        tenant,
        credential_key_id=alike[0].key_id if len(alike) == 1 else None,
        credential_ends_at=min(c.ends_at for c in alike),
    )
