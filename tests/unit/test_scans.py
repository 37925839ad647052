"""What follows from a reading: for the tenant, and for what may be said of it."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.domain.alerts import AlertKind
from bot.domain.credentials import Credential, CredentialKind
from bot.domain.findings import expiry_findings
from bot.domain.permissions import NEEDS, PermissionReport
from bot.domain.scans import Problem, Reading, Refusal, judge, scanned
from bot.domain.tenants import SignInKind, Tenant, TenantStatus
from tests.watching import NOW, a_credential, a_tenant, an_alert

pytestmark = pytest.mark.quick

GRANTED = PermissionReport(frozenset(str(need.role) for need in NEEDS))
COMPLETE = Reading(NOW, report=GRANTED, read_all_apps=True)
PROBLEM = Problem("app registrations", "Graph failed.", "Wait.", "unavailable")
REFUSED = Reading(NOW, refusal=Refusal("No.", "Do.", 7000222))


def own(key: str, days: float, hint: str = "gh7") -> Credential:
    """A secret of Gatehouse's own registration."""
    return a_credential("Gatehouse", key, days=days, hint=hint)


def with_own(*credentials: Credential, **changes: object) -> Tenant:
    """The tenant after a scan that read these of its own registration."""
    tenant = a_tenant(**{"credential_hint": "gh7"} | changes)
    return scanned(tenant, replace(COMPLETE, own_credentials=credentials))


def test_our_secret_is_found_by_its_hint() -> None:
    """Of what has not ended yet."""
    ours = own("ours", 40)
    tenant = with_own(ours, own("old", -3), own("other", 5, hint="xyz"))
    assert tenant.credential_key_id == ours.key_id
    assert tenant.credential_ends_at == ours.ends_at


def test_of_several_that_begin_alike_the_soonest_end_is_taken() -> None:
    """Too early a warning is better than none; which one it is stays open."""
    tenant = with_own(own("a", 40), own("b", 9))
    assert tenant.credential_key_id is None
    assert tenant.credential_ends_at == NOW + timedelta(days=9)


def test_a_known_credential_is_followed_and_an_unknown_one_left_alone() -> None:
    """By key ID once it is known; a certificate's end stands in itself."""
    ours = own("ours", 40)
    assert with_own(ours, credential_key_id=ours.key_id).credential_ends_at == (
        ours.ends_at
    )
    gone = with_own(own("x", 9), credential_key_id=ours.key_id, credential_ends_at=NOW)
    assert gone.credential_ends_at == NOW
    by_certificate = with_own(ours, sign_in_kind=SignInKind.CERTIFICATE)
    assert by_certificate.credential_ends_at is None


def test_only_a_whole_reading_moves_the_last_scan() -> None:
    """A problem, a refusal or unread registrations leave it where it was."""
    assert scanned(a_tenant(), COMPLETE).last_scan_at == NOW
    for reading in (
        replace(COMPLETE, problems=(PROBLEM,)),
        replace(COMPLETE, read_all_apps=False),
        REFUSED,
    ):
        assert scanned(a_tenant(), reading).last_scan_at is None


def test_a_refused_sign_in_makes_the_connection_failing_until_it_works() -> None:
    """A failed part does not."""
    failing = scanned(a_tenant(), REFUSED)
    assert failing.status is TenantStatus.FAILING
    assert scanned(failing, COMPLETE).status is TenantStatus.ACTIVE
    unread = Reading(NOW, problems=(PROBLEM,))
    assert scanned(a_tenant(), unread).status is TenantStatus.ACTIVE


@pytest.mark.parametrize(
    ("reading", "kinds"),
    [
        (
            COMPLETE,
            {
                AlertKind.CREDENTIAL_EXPIRY,
                AlertKind.CONSENT_MISSING,
                AlertKind.SIGN_IN_FAILING,
                AlertKind.SCAN_FAILING,
            },
        ),
        (
            replace(COMPLETE, problems=(PROBLEM,), read_all_apps=False),
            {AlertKind.CONSENT_MISSING, AlertKind.SIGN_IN_FAILING},
        ),
        (REFUSED, set()),
        (Reading(NOW, problems=(PROBLEM,)), set()),
    ],
    ids=["complete", "apps unread", "refused", "nothing read"],
)
def test_what_a_reading_can_see(reading: Reading, kinds: set[AlertKind]) -> None:
    """Only of these kinds may an alert be resolved."""
    tenant = a_tenant()
    assert judge(reading, tenant, tenant, [])[1].kinds == kinds


def test_failures_are_findings_that_name_every_part() -> None:
    """One alert, however many parts failed."""
    second = replace(PROBLEM, part="the owners of apps")
    reading = replace(COMPLETE, problems=(PROBLEM, second))
    (finding,), _ = judge(reading, a_tenant(), a_tenant(), [])
    assert finding.facts["part"] == "app registrations and the owners of apps"
    (finding,), _ = judge(REFUSED, a_tenant(), a_tenant(), [])
    assert finding.facts["code"] == "AADSTS7000222"


def test_remembered_ends_are_told_as_remembered_and_settle_nothing() -> None:
    """What was read is worth more than what is known from before."""
    read, known = a_credential("Read", days=5), a_credential("Known", days=6)
    reading = replace(
        COMPLETE, credentials=(read,), remembered=(known,), read_all_apps=False
    )
    alerts = [
        an_alert(finding)
        for finding in expiry_findings([a_credential("Gone")], own=None, now=NOW)
    ]
    findings, sight = judge(reading, a_tenant(), a_tenant(), alerts)
    marks = {f.facts["app_name"]: f.facts.get("from_memory", "") for f in findings}
    assert marks == {"Read": "", "Known": "yes"}
    assert sight.settled == {}
    assert AlertKind.CREDENTIAL_EXPIRY not in sight.kinds


def test_a_certificate_and_a_secret_of_one_app_are_told_apart() -> None:
    """Each may be what signs in."""
    secret = a_credential("Both", "a", days=5)
    certificate = a_credential("Both", "b", days=9, kind=CredentialKind.CERTIFICATE)
    reading = replace(COMPLETE, credentials=(secret, certificate))
    findings, _ = judge(reading, a_tenant(), a_tenant(), [])
    assert {f.facts["credential_kind"] for f in findings} == {
        "client secret",
        "certificate",
    }
