"""Scans of a seeded tenant: what opens, escalates and resolves, and on bad days."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest

from bot.domain.alerts import AlertKind, AlertStatus, listed
from bot.domain.audit import AuditAction
from bot.domain.credentials import Stage
from bot.domain.ids import SlackUserId
from store import alerts, tenants
from tests.scenarios.lookout import CONTOSO, Lookout, open_lookout
from tests.scenarios.people import OMAR

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
async def lookout(database_url: str) -> AsyncIterator[Lookout]:
    """Contoso, connected, not scanned yet; on both kinds of databases."""
    async with open_lookout(database_url) as opened:
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


async def test_a_crowd_gets_its_most_urgent_cards_and_a_digest(
    lookout: Lookout, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody reads three hundred cards; each comes when it is nearer."""
    monkeypatch.setattr("bot.workflows.alert_record.CARDS_AT_ONCE", 5)
    await lookout.looks()
    for name in SOONEST_FIRST[:5]:
        assert await lookout.wanted(await lookout.alert_of(name)) == 1
    waiting = [await lookout.alert_of(name) for name in SOONEST_FIRST[5:]]
    assert [await lookout.wanted(alert) for alert in waiting] == [0] * 4
    assert await lookout.digest_lines() == [
        "HR Onboarding Portal: client secret ends in 6 days",
        "Status Page: client secret ends in 13 days",
        "Warehouse Gateway: certificate ends in 19 days",
        "Build Pipeline: client secret ends in 29 days",
    ]

    await lookout.looks(later=4 * DAY)
    portal = waiting[0]
    assert await lookout.wanted(portal) == 1, "its card comes in place of a reply"
    assert await lookout.wanted(portal, ":3") == 0
    assert len(await lookout.digest_lines()) == 3
    lookout.portal.app(
        {"app": "Build Pipeline", "remove": lookout.key_ids("Build Pipeline")[0]}
    )
    await lookout.looks()
    assert len(await lookout.digest_lines()) == 2


async def test_two_scans_at_once_tell_everything_once(lookout: Lookout) -> None:
    """Two replicas, or a click while the clock ticks."""
    await asyncio.gather(*(lookout.scan.run(CONTOSO) for _ in range(3)))
    opened = await lookout.told(AuditAction.ALERT_OPENED)
    assert len(opened) == len(set(opened)) == len(await lookout.open_alerts())
    assert await lookout.names() == SOONEST_FIRST
    lookout.portal.app(
        {
            "app": "Status Page",
            "set_days": dict.fromkeys(lookout.key_ids("Status Page"), 2.5),
        }
    )
    lookout.clock.at += timedelta(seconds=1)
    await asyncio.gather(*(lookout.scan.run(CONTOSO) for _ in range(3)))
    assert len(await lookout.told(AuditAction.ALERT_ESCALATED)) == 1


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
