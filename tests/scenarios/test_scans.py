"""Scans of a seeded tenant: what opens, escalates and resolves, and on bad days."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest

from bot.domain.alerts import AlertKind, AlertStatus, listed
from bot.domain.audit import AuditAction
from bot.domain.credentials import Stage
from bot.domain.ids import ClientId, SlackUserId, TenantId
from bot.domain.tenants import TenantStatus
from store import alerts, tenants
from tests.scenarios.lookout import CONTOSO, LOST, Lookout, open_lookout
from tests.scenarios.people import OMAR
from tests.watching import guid

DAY = timedelta(days=1)
# Seeded with 7 days left to the second, so a moment later it is 6 whole days.
SOONEST_FIRST = [
    "Payroll Export",
    "Badge Printer",
    "CRM Connector",
    "Invoice Scanner",
    "R&D <Prototype> `tool`",
    "HR Onboarding Portal",
    "Status Page",
    "Warehouse Gateway",
    "Build Pipeline",
]


@pytest.fixture
async def lookout(tmp_path: Path) -> AsyncIterator[Lookout]:
    """Contoso, connected, not scanned yet."""
    async with open_lookout(tmp_path) as opened:
        await opened.connect()
        yield opened


async def test_the_first_scan_opens_what_is_near_and_nothing_else(
    lookout: Lookout,
) -> None:
    """Far, never-ending, replaced and federated ones stay silent."""
    reading = await lookout.looks()
    assert reading.is_complete
    assert await lookout.names() == SOONEST_FIRST
    alert = await lookout.alert_of("HR Onboarding Portal")
    assert listed(alert.facts, "owners")[0].startswith("Grace")
    assert await lookout.wanted(alert) == 1
    tenant, stored = await lookout.stored()
    assert stored == len(reading.credentials) > len(SOONEST_FIRST)
    assert tenant.last_scan_at == reading.began_at
    assert tenant.credential_ends_at is not None, "found by its hint"


async def test_a_second_scan_tells_nothing_again(lookout: Lookout) -> None:
    """Same facts, same stages: no message, no audit entry."""
    await lookout.looks()
    opened = await lookout.open_alerts()
    told = await lookout.told(*AuditAction)
    await lookout.looks()
    assert await lookout.open_alerts() != opened, "they were seen again"
    assert await lookout.told(*AuditAction) == told
    assert [await lookout.wanted(alert) for alert in opened] == [1] * len(opened)


async def test_time_alone_escalates_each_stage_once(lookout: Lookout) -> None:
    """From 14 days on: 7, 3, 1, today, expired; one reply each, the card redrawn."""
    await lookout.looks()
    alert = await lookout.alert_of("Status Page")
    stages = []
    for _ in range(16):
        await lookout.looks(later=DAY)
        stages.append((await lookout.again(alert)).stage)
        await lookout.looks()
    assert list(dict.fromkeys(stages)) == [
        Stage.FOURTEEN_DAYS,
        Stage.SEVEN_DAYS,
        Stage.THREE_DAYS,
        Stage.ONE_DAY,
        Stage.TODAY,
        Stage.EXPIRED,
    ]
    escalations = await lookout.told(AuditAction.ALERT_ESCALATED)
    assert escalations.count(alert.fact_key) == 5
    for stage in ("7", "3", "1", "0", "-1"):
        assert await lookout.wanted(alert, f":{stage}") == 1
    assert await lookout.wanted(alert, ":14") == 0


async def test_a_removed_secret_and_a_rotated_one_resolve_with_their_reason(
    lookout: Lookout,
) -> None:
    """Gone, or replaced by a longer-lived one."""
    await lookout.looks()
    gone = await lookout.alert_of("Payroll Export")
    replaced = await lookout.alert_of("CRM Connector")
    lookout.portal.app(
        {"app": "Payroll Export", "remove": lookout.key_ids("Payroll Export")[0]}
    )
    lookout.portal.app({"app": "CRM Connector", "add_secret": {"days": 200}})
    await lookout.looks()
    gone, replaced = await lookout.again(gone), await lookout.again(replaced)
    assert gone.status is replaced.status is AlertStatus.RESOLVED
    assert gone.resolution == "It was removed from the app registration."
    assert str(replaced.resolution).startswith("A newer client secret ends on ")
    assert await lookout.wanted(gone) == 2
    assert len(await lookout.told(AuditAction.ALERT_RESOLVED)) == 2


async def test_what_comes_back_is_a_new_alert(lookout: Lookout) -> None:
    """The successor is deleted again: the old end matters again."""
    await lookout.looks()
    first = await lookout.alert_of("CRM Connector")
    added = lookout.portal.app({"app": "CRM Connector", "add_secret": {"days": 200}})
    await lookout.looks()
    lookout.portal.app({"app": "CRM Connector", "remove": added["keyId"]})
    await lookout.looks()
    again = await lookout.alert_of("CRM Connector")
    assert again.id != first.id
    assert again.fact_key == first.fact_key
    assert (await lookout.again(first)).status is AlertStatus.RESOLVED


async def test_a_list_not_read_to_its_end_resolves_nothing(lookout: Lookout) -> None:
    """The list cannot be read to its end: what was on it is not gone."""
    await lookout.looks()
    before = {alert.fact_key for alert in await lookout.open_alerts()}
    stored = (await lookout.stored())[1]
    apps = lookout.entra.tenant.applications
    for each in [each for each in apps.values() if each["displayName"] != "Gatehouse"]:
        del apps[each["id"]]
    lookout.entra.faults.set("error", -1, path="/applications", status=500)
    reading = await lookout.looks()
    assert not reading.read_all_apps
    after = {alert.fact_key for alert in await lookout.open_alerts()}
    assert after - before == {"scan"}
    assert before <= after
    tenant, still = await lookout.stored()
    assert still == stored
    assert tenant.last_scan_at is not None
    assert tenant.last_scan_at < reading.began_at


async def test_a_failed_read_is_an_alert_and_resolves_when_it_works(
    lookout: Lookout,
) -> None:
    """It names the part and the remedy."""
    lookout.entra.faults.set("error", -1, path="/applications", status=500)
    await lookout.looks()
    (alert,) = await lookout.open_alerts(AlertKind.SCAN_FAILING)
    assert "app registrations" in alert.facts["part"]
    assert alert.facts["remedy"]
    assert await lookout.wanted(alert) == 1
    await lookout.looks()
    assert await lookout.wanted(alert) == 1, "the same failure is no news"
    lookout.entra.faults.off("error")
    await lookout.looks()
    assert (await lookout.again(alert)).status is AlertStatus.RESOLVED


async def test_throttling_is_waited_for(lookout: Lookout) -> None:
    """Retry-After is honoured; the scan is complete in the end."""
    lookout.entra.faults.throttle(times=3, retry_after=1)
    assert (await lookout.looks()).is_complete


async def test_a_refused_sign_in_alerts_with_entras_code_and_resolves(
    lookout: Lookout,
) -> None:
    """The connection is failing; other alerts stay as they were."""
    await lookout.looks()
    names = await lookout.names()
    lookout.entra.faults.login_error(7000222)
    await lookout.looks()
    (alert,) = await lookout.open_alerts(AlertKind.SIGN_IN_FAILING)
    assert alert.facts["code"] == "AADSTS7000222"
    assert "AADSTS7000222" in alert.facts["message"]
    assert (await lookout.stored())[0].status is TenantStatus.FAILING
    assert await lookout.names() == names
    lookout.entra.faults.off("login_error")
    await lookout.looks()
    assert (await lookout.again(alert)).resolution == "Gatehouse signs in again."
    assert (await lookout.stored())[0].status is TenantStatus.ACTIVE


async def test_time_goes_on_while_a_tenant_cannot_be_read(lookout: Lookout) -> None:
    """Known ends are still told, and the card says that they are from memory."""
    await lookout.looks()
    alert = await lookout.alert_of("Status Page")
    lookout.entra.faults.login_error(7000222)
    await lookout.looks(later=8 * DAY)
    worse = await lookout.again(alert)
    assert worse.stage is Stage.SEVEN_DAYS
    assert worse.facts["from_memory"] == "yes"
    assert await lookout.wanted(alert, ":7") == 1
    lookout.entra.faults.off("login_error")
    await lookout.looks()
    assert "from_memory" not in (await lookout.again(alert)).facts


async def test_an_unreachable_entra_is_a_failed_scan_not_a_refusal(
    lookout: Lookout,
) -> None:
    """Nobody has to change a secret because a network is down."""
    lookout.entra.faults.set("network_down", -1)
    await lookout.looks()
    kinds = [alert.kind for alert in await lookout.open_alerts()]
    assert kinds == [AlertKind.SCAN_FAILING]
    assert (await lookout.stored())[0].status is TenantStatus.ACTIVE


async def test_revoked_consent_alerts_and_resolves(lookout: Lookout) -> None:
    """Revoked while a token is still good: a scan asks for a fresh one."""
    await lookout.looks()
    assert [a.fact_key for a in await lookout.open_alerts(AlertKind.CONSENT_MISSING)]
    lookout.portal.consent({"grant": ["UserAuthenticationMethod.ReadWrite.All"]})
    await lookout.looks()
    assert await lookout.open_alerts(AlertKind.CONSENT_MISSING) == []
    lookout.portal.consent({"revoke": ["Application.Read.All"]})
    names = await lookout.names()
    await lookout.looks()
    found = await lookout.open_alerts(AlertKind.CONSENT_MISSING)
    assert {alert.facts["feature"] for alert in found} == {"core", "watch"}
    assert {alert.facts["revoked"] for alert in found} == {"Application.Read.All"}
    assert await lookout.names() == names, "unseen, so not resolved"
    await lookout.looks()
    assert len(await lookout.open_alerts(AlertKind.CONSENT_MISSING)) == 2
    lookout.portal.consent({"grant": ["Application.Read.All"]})
    await lookout.looks()
    assert await lookout.open_alerts(AlertKind.CONSENT_MISSING) == []


async def test_gatehouses_own_secret_alerts_though_a_successor_exists(
    lookout: Lookout,
) -> None:
    """Until it is rotated, the old one is what signs in."""
    await lookout.looks()
    lookout.portal.app({"app": "Gatehouse", "add_secret": {"days": 300}})
    own = lookout.key_ids("Gatehouse")[0]
    lookout.portal.app({"app": "Gatehouse", "set_days": {own: 2.5}})
    await lookout.looks()
    (alert,) = await lookout.open_alerts(AlertKind.OWN_CREDENTIAL_EXPIRY)
    assert alert.stage is Stage.THREE_DAYS
    assert "Gatehouse" not in await lookout.names()
    tenant, _ = await lookout.stored()
    async with lookout.database.sessions.begin() as session:
        rotated = replace(
            tenant,
            credential_key_id=UUID(lookout.key_ids("Gatehouse")[1]),
            credential_ends_at=lookout.clock.now() + 300 * DAY,
        )
        await tenants.update(session, rotated)
    await lookout.looks()
    over = await lookout.again(alert)
    assert over.resolution == "Gatehouse now signs in with another credential."


async def test_a_snoozed_alert_holds_its_replies_until_the_week_is_over(
    lookout: Lookout,
) -> None:
    """At 30 days, snoozed; the 14 days are told when the week is over."""
    await lookout.looks()
    alert = await lookout.alert_of("Warehouse Gateway")
    async with lookout.database.sessions.begin() as session:
        until = lookout.clock.now() + 7 * DAY
        await alerts.record_snoozed(session, alert.id, SlackUserId(OMAR), until)
    await lookout.looks(later=6 * DAY)
    assert await lookout.wanted(alert, ":14") == 0
    assert (await lookout.again(alert)).stage is Stage.THIRTY_DAYS
    await lookout.looks(later=DAY)
    assert await lookout.wanted(alert, ":14") == 1


async def test_one_tenants_failure_is_its_own(lookout: Lookout) -> None:
    """Another tenant that does not exist at Entra changes nothing for Contoso."""
    await lookout.connect(
        id=LOST, tenant_id=TenantId(guid("x")), client_id=ClientId(guid("y"))
    )
    reading = await lookout.looks(connection=LOST)
    assert reading.refusal is not None
    assert reading.refusal.aadsts == 90002
    assert (await lookout.looks()).is_complete
    assert AlertKind.SIGN_IN_FAILING not in {
        alert.kind for alert in await lookout.open_alerts()
    }


async def test_a_tenant_that_was_disconnected_is_left_alone(lookout: Lookout) -> None:
    """The scan was on its way already."""
    async with lookout.database.sessions.begin() as session:
        await tenants.remove(session, CONTOSO)
    assert await lookout.scan.run(CONTOSO) is None
    assert await lookout.open_alerts() == []


async def test_a_stored_credential_that_does_not_open_is_told(
    lookout: Lookout,
) -> None:
    """The keys were lost: an alert with the remedy, not silence."""
    lookout.keys.__init__([lookout.keys.generate_key()])  # type: ignore[misc]  # lost
    await lookout.looks()
    (alert,) = await lookout.open_alerts(AlertKind.SCAN_FAILING)
    assert alert.facts["code"] == "decryption_failed"
