"""The logs: windows of time, page sizes, what filters know, and their limit."""

from datetime import UTC, datetime, timedelta

import pytest

from sandbox.graph import Entra
from sandbox.graph.audit_trail import ACTIVITIES
from sandbox.graph.portal import Portal, PortalError
from sandbox.graph.resources import ROUTES
from sandbox.graph.tenant import timestamp
from sandbox.seeds.entra_ids import seeded_id
from tests.sandbox.graph.calling import (
    DANA,
    Caller,
    MovableClock,
    group_id,
    json_of,
    refusal,
)

AUDITS, SIGN_INS = "/auditLogs/directoryAudits", "/auditLogs/signIns"
PROVISIONING = "/auditLogs/provisioning"
EMAIL = seeded_id("email", "dana")
TIMES = {
    AUDITS: "activityDateTime",
    SIGN_INS: "createdDateTime",
    PROVISIONING: "activityDateTime",
}


@pytest.fixture
def auditor(bot: Caller, entra: Entra) -> Caller:
    """Return a caller that may read logs, and is not held back."""
    bot.consent("AuditLog.Read.All")
    entra.limits.enforced = False
    return bot


@pytest.mark.parametrize("path", TIMES)
async def test_window_of_a_log(auditor: Caller, path: str) -> None:
    time, now = TIMES[path], datetime.now(UTC)
    first, last = timestamp(now - timedelta(hours=24)), timestamp(now)
    low, high = ("gt", "lt") if path == PROVISIONING else ("ge", "le")
    window = f"{time} {low} {first} and {time} {high} {last}"

    inside = await auditor.items(path, filter=window, top="2")

    everything = await auditor.items(path)
    assert inside == [entry for entry in everything if entry[time][:19] >= first[:19]]
    assert 0 < len(inside) < len(everything)
    moments = [entry[time] for entry in everything]
    assert moments == sorted(moments, reverse=True)


async def test_fractions_of_a_second_count(auditor: Caller, entra: Entra) -> None:
    entry = entra.tenant.audits[0]
    entra.tenant.audits = [entry | {"activityDateTime": "2026-01-01T00:00:00.5000000Z"}]
    for value, found in (
        ("ge 2026-01-01T00:00:00Z", 1),
        ("le 2026-01-01T00:00:00Z", 0),
        ("ge 2026-01-01T00:00:00.6Z", 0),
        ("eq 2026-01-01T00:00:00.5Z", 1),
    ):
        entries = await auditor.items(AUDITS, filter=f"activityDateTime {value}")
        assert len(entries) == found


async def test_failed_consents_are_told_in_both_logs(auditor: Caller) -> None:
    name = "activityDisplayName eq 'Consent to application'"
    audits = await auditor.items(AUDITS, filter=name)
    assert [entry["result"] for entry in audits] == ["failure", "failure"]
    sign_ins = await auditor.items(SIGN_INS, filter="status/errorCode eq 65001")
    assert [entry["userDisplayName"] for entry in sign_ins] == ["Wei Zhang"]


@pytest.mark.parametrize(
    ("path", "condition"),
    [
        (AUDITS, "activityDateTime gt 2026-01-01T00:00:00Z"),
        (SIGN_INS, "createdDateTime lt 2026-01-01T00:00:00Z"),
        (PROVISIONING, "activityDateTime ge 2026-01-01T00:00:00Z"),
        (AUDITS, "shoeSize eq 43"),
        (AUDITS, "result eq 'failure'"),
    ],
)
async def test_what_filters_of_logs_refuse(
    auditor: Caller, path: str, condition: str
) -> None:
    assert refusal(await auditor.get(path, filter=condition))[0] == 400


async def test_page_of_a_log_holds_a_thousand(auditor: Caller, entra: Entra) -> None:
    entry = entra.tenant.sign_ins[0]
    entra.tenant.sign_ins = [entry | {"id": str(number)} for number in range(1_001)]

    page = json_of(await auditor.get(SIGN_INS))

    assert len(page["value"]) == 1_000
    rest = json_of(await auditor.http.get(page["@odata.nextLink"]))
    assert len(rest["value"]) == 1
    assert refusal(await auditor.get(SIGN_INS, top="1001"))[0] == 400


async def test_sixth_request_in_ten_seconds_waits(
    bot: Caller, clock: MovableClock
) -> None:
    bot.consent("AuditLog.Read.All")
    registrations = "/reports/authenticationMethods/userRegistrationDetails"
    for path in (AUDITS, SIGN_INS, PROVISIONING, registrations, AUDITS):
        answer = await bot.get(path)
        assert answer.status_code == 200
        assert "x-ms-resource-unit" not in answer.headers

    refused = await bot.get(SIGN_INS)

    assert refusal(refused)[:2] == (429, "TooManyRequests")
    wait = int(refused.headers["Retry-After"])
    assert 1 <= wait <= 10
    assert refused.headers["x-ms-throttle-scope"].startswith("Tenant_Application/Read/")
    assert (await bot.get("/users")).status_code == 200
    clock.advance(seconds=wait)
    assert (await bot.get(SIGN_INS)).status_code == 200


@pytest.mark.parametrize(
    ("permission", "open_logs"),
    [
        ("AuditLog.Read.All", {AUDITS, SIGN_INS, PROVISIONING}),
        ("Directory.Read.All", {AUDITS, PROVISIONING}),
        ("ProvisioningLog.Read.All", {PROVISIONING}),
        ("Reports.Read.All", set()),
    ],
)
async def test_who_may_read_which_log(
    auditor: Caller, permission: str, open_logs: set[str]
) -> None:
    auditor.only(permission)

    statuses = {path: (await auditor.get(path)).status_code for path in TIMES}

    assert {path for path, status in statuses.items() if status == 200} == open_logs
    assert set(statuses.values()) <= {200, 403}


async def test_writes_are_told_in_the_audit_log(auditor: Caller, entra: Entra) -> None:
    auditor.consent("User.ReadWrite.All", "UserAuthenticationMethod.ReadWrite.All")
    dana = "/users/dana@contoso.example"
    vpn = f"/groups/{group_id('VPN Access')}/members/{DANA}/$ref"
    known = {entry["id"] for entry in await auditor.items(AUDITS)}

    await auditor.http.patch(dana, json={"accountEnabled": False})
    await auditor.http.post(f"{dana}/revokeSignInSessions")
    await auditor.http.delete(vpn)
    await auditor.http.delete(f"{dana}/authentication/emailMethods/{EMAIL}")
    refused = await auditor.http.delete(vpn)
    entra.faults.silent_no_apply()
    await auditor.http.patch(dana, json={"jobTitle": "Nothing"})
    await auditor.http.delete(dana)

    new = [e for e in await auditor.items(AUDITS) if e["id"] not in known]
    told = {e["activityDisplayName"]: e["targetResources"] for e in new}
    assert refused.status_code == 404
    assert len(new) == len(told) == 5
    assert set(told) == {
        "Disable account",
        "Update StsRefreshTokenValidFrom Timestamp",
        "Remove member from group",
        "Admin deleted security info",
        "Delete user",
    }
    removed = [target["displayName"] for target in told["Remove member from group"]]
    assert removed == ["VPN Access", "Dana Cole"]
    assert {e["initiatedBy"]["app"]["displayName"] for e in new} == {"Gatehouse"}


def test_every_write_has_a_name_in_the_log() -> None:
    writes = {
        (route.method, route.template)
        for route in ROUTES
        if route.method not in ("GET", "HEAD")
        and "/authentication/" not in route.template
        and route.template not in ("/$batch", "/directoryObjects/getByIds")
    }

    assert writes == set(ACTIVITIES)


def test_entry_added_is_one_of_its_own(entra: Entra) -> None:
    portal = Portal(entra)
    for log in ("directoryAudits", "signIns", "provisioning"):
        entry = portal.log({"log": log})["entry"]
        again = portal.log({"log": log, "entry": {"id": entry["id"]}})["entry"]
        assert again["id"] == entry["id"]
        assert portal.log({"log": log})["entry"]["id"] != entry["id"]
        with pytest.raises(PortalError):
            portal.log({"log": log, "entry": {"shoeSize": 43}})
    entra.tenant.sign_ins = []
    with pytest.raises(PortalError):
        portal.log({"log": "signIns"})
