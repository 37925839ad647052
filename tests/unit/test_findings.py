"""Which of the things a scan read are worth an alert, and why others are over."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.domain.alerts import AlertKind, Finding, listed
from bot.domain.credentials import Credential, CredentialKind, Stage
from bot.domain.findings import (
    consent_findings,
    credential_key,
    expiry_findings,
    own_credential_finding,
    own_key,
    scan_finding,
    settled_credentials,
    settled_own,
    sign_in_finding,
)
from bot.domain.ids import KeyId
from bot.domain.permissions import NEEDS, Feature, PermissionReport
from tests.watching import NOW, a_credential, a_tenant, an_alert, guid

pytestmark = pytest.mark.quick

ALL = frozenset(str(need.role) for need in NEEDS)
METHODS = "UserAuthenticationMethod.ReadWrite.All"


def found(*credentials: Credential, own: KeyId | None = None) -> list[str]:
    """Names of the apps of which a credential is worth an alert."""
    findings = expiry_findings(credentials, own=own, now=NOW)
    return [finding.facts["app_name"] for finding in findings]


def key_of(credential: Credential) -> str:
    """The fact key of a credential."""
    return credential_key(credential.app_object_id, credential.key_id)


def test_a_credential_near_its_end_is_found_with_what_the_card_needs() -> None:
    """Everything on the card comes from the finding's facts."""
    credential = a_credential("Payroll", days=2.5, owners=("Omar\nHaddad", "Nora"))
    (finding,) = expiry_findings([credential], own=None, now=NOW)
    assert finding.kind is AlertKind.CREDENTIAL_EXPIRY
    assert finding.stage is Stage.THREE_DAYS
    assert finding.ends_at == credential.ends_at
    assert finding.fact_key == key_of(credential)
    assert finding.facts["app_name"] == "Payroll"
    assert finding.facts["credential_kind"] == "client secret"
    assert listed(finding.facts, "owners") == ("Omar Haddad", "Nora")


def test_what_ends_later_or_never_is_not_found() -> None:
    """Only the last 30 days count; 2299 is never."""
    never = a_credential("Never", ends_at=datetime(2299, 12, 31, tzinfo=UTC))
    assert found(a_credential(days=32), never) == []


def test_one_with_a_longer_lived_successor_is_not_found() -> None:
    """The old secret of a rotated pair is no coming outage."""
    old, new = a_credential(key="old", days=2), a_credential(key="new", days=180)
    assert found(old, new, a_credential("Other", days=3)) == ["Other"]


def test_of_two_that_are_both_near_the_later_one_is_told() -> None:
    """The outage comes with the last of them."""
    first, last = a_credential(key="a", days=2), a_credential(key="b", days=5)
    (finding,) = expiry_findings([first, last], own=None, now=NOW)
    assert finding.fact_key == key_of(last)


def test_long_expired_is_not_opened_but_what_was_told_stays() -> None:
    """Thirty-one days after its end only an open alert keeps it."""
    stale = a_credential(days=-31)
    assert found(stale) == []
    kept = expiry_findings([stale], own=None, told={key_of(stale)}, now=NOW)
    assert [finding.stage for finding in kept] == [Stage.EXPIRED]


def test_gatehouses_own_credential_has_its_own_kind() -> None:
    """Not told twice; and a successor in Entra does not silence it."""
    own = a_credential("Gatehouse", key="own", days=5)
    tenant = a_tenant(credential_key_id=own.key_id, credential_ends_at=own.ends_at)
    assert found(own, own=own.key_id) == []
    finding = own_credential_finding(tenant, now=NOW)
    assert finding is not None
    assert finding.kind is AlertKind.OWN_CREDENTIAL_EXPIRY
    assert finding.stage is Stage.SEVEN_DAYS
    assert finding.facts["credential_kind"] == "client secret"


@pytest.mark.parametrize(
    "ends_at",
    [None, NOW + timedelta(days=60), datetime(2299, 12, 31, tzinfo=UTC)],
    ids=["unknown", "far", "never"],
)
def test_own_credential_far_from_its_end_or_unknown(ends_at: datetime | None) -> None:
    """Nothing to say."""
    tenant = a_tenant(credential_ends_at=ends_at)
    assert own_credential_finding(tenant, now=NOW) is None


def test_after_a_rotation_the_old_own_alert_says_why_it_is_over() -> None:
    """Gatehouse no longer signs in with the old one."""
    before = a_tenant(credential_key_id=guid("old"), credential_ends_at=NOW)
    after = replace(before, credential_key_id=guid("new"))
    finding = own_credential_finding(before, now=NOW)
    assert finding is not None
    alert = an_alert(finding)
    assert settled_own([alert], before) == {}
    assert "another credential" in settled_own([alert], after)[own_key(before)]


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ("app deleted", "The app registration was deleted."),
        ("removed", "It was removed from the app registration."),
        ("replaced", "A newer client secret ends on 2027-05-23."),
        ("now ours", "Gatehouse signs in with it"),
        ("prolonged", "It no longer ends within 30 days."),
    ],
)
def test_why_a_credential_needs_nobody_any_more(change: str, reason: str) -> None:
    """The closing words say what happened, as far as Graph can tell."""
    old, new = a_credential(key="old", days=2), a_credential(key="new", days=180)
    (finding,) = expiry_findings([old], own=None, now=NOW)
    present = {"removed": [], "replaced": [old, new]}.get(change, [old])
    settled = settled_credentials(
        [an_alert(finding)],
        present,
        [] if change == "app deleted" else [old.app_object_id],
        own=old.key_id if change == "now ours" else None,
    )
    assert settled[finding.fact_key].startswith(reason)


def test_a_certificate_does_not_replace_a_secret() -> None:
    """Another kind is no successor."""
    secret = a_credential(key="a", days=2)
    certificate = a_credential(key="b", days=99, kind=CredentialKind.CERTIFICATE)
    assert found(secret, certificate) == ["Payroll"]


def consent(
    granted: frozenset[str],
    *,
    requested: frozenset[str] = frozenset(),
    delegated: frozenset[str] = frozenset(),
    before: frozenset[str] = frozenset(),
    told: tuple[Finding, ...] = (),
) -> dict[str, Finding]:
    """Consent findings by feature."""
    report = PermissionReport(granted, delegated, requested)
    alerts = [an_alert(finding) for finding in told]
    findings = consent_findings(report, before=before, alerts=alerts)
    return {finding.facts["feature"]: finding for finding in findings}


def test_with_everything_granted_nothing_is_missing() -> None:
    """No finding."""
    assert consent(ALL) == {}


def test_with_nothing_granted_only_what_is_always_wanted_is_missed() -> None:
    """Nobody asked for offboarding or onboarding, so they are not nagged about."""
    assert set(consent(frozenset())) == {Feature.CORE, Feature.WATCH}


def test_a_requested_but_ungranted_permission_is_missed() -> None:
    """Somebody forgot to press "Grant admin consent"."""
    missed = consent(ALL - {METHODS}, requested=ALL)
    assert set(missed) == {Feature.DEPROVISIONING}
    finding = missed[Feature.DEPROVISIONING]
    assert listed(finding.facts, "permissions") == (METHODS,)
    assert listed(finding.facts, "revoked") == ()


def test_a_revoked_permission_is_said_to_be_revoked_until_it_is_back() -> None:
    """The next scans still say so, although the last check did not see it either."""
    less = ALL - {"User.RevokeSessions.All", "User.ReadWrite.All"}
    first = consent(less, before=ALL)
    revoked = listed(first[Feature.DEPROVISIONING].facts, "revoked")
    assert revoked == ("User.RevokeSessions.All",)
    again = consent(less, before=less, told=tuple(first.values()))
    assert again == first
    assert consent(ALL, before=less, told=tuple(first.values())) == {}


def test_a_permission_two_features_need_is_told_once() -> None:
    """GroupMember.ReadWrite.All serves offboarding and onboarding."""
    role = "GroupMember.ReadWrite.All"
    offboarding = frozenset(
        str(n.role) for n in NEEDS if n.feature is not Feature.PROVISIONING
    )
    missed = consent(offboarding - {role}, before=offboarding)
    assert set(missed) == {Feature.DEPROVISIONING}


def test_a_broader_permission_that_is_revoked_counts_for_what_it_covered() -> None:
    """Directory.Read.All covered all reading; nothing is left."""
    missed = consent(frozenset(), before=frozenset({"Directory.Read.All"}))
    assert listed(missed[Feature.WATCH].facts, "revoked") == ("Application.Read.All",)


def test_a_permission_requested_as_delegated_is_named() -> None:
    """The classic mistake."""
    missed = consent(ALL - {METHODS}, delegated=frozenset({METHODS}))
    facts = missed[Feature.DEPROVISIONING].facts
    assert listed(facts, "delegated") == (METHODS,)


def test_failures_are_findings_of_one_key_each() -> None:
    """A second failure updates the alert of the first."""
    refused = sign_in_finding("No.", "Do.", code=7000222)
    assert (refused.fact_key, refused.facts["code"]) == ("sign_in", "AADSTS7000222")
    assert sign_in_finding("No.", "Do.", code=None).facts["code"] == ""
    assert scan_finding("x", "No.", "Do.", code="unavailable").fact_key == "scan"
