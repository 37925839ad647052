"""Deliveries from Slack: acknowledged in time, worked on once, none unanswered."""

import asyncio
from datetime import UTC, datetime

from bot.domain.alerts import AlertStatus
from bot.domain.audit import AuditAction
from store import alerts, audit, inbound
from store.inbound import Unended
from tests.scenarios.office import Office
from tests.scenarios.people import ADA, ALERTS, OMAR
from tests.scenarios.screen import buttons_in

ALERT = "HR Onboarding Portal"
NEVER = datetime(2000, 1, 1, tzinfo=UTC)


async def acknowledgements(office: Office) -> int:
    """How often an alert was acknowledged, as the audit trail has it."""
    async with office.bot.core.database.snapshots() as session:
        return len(
            [
                entry
                async for entry in audit.entries(session)
                if entry.action is AuditAction.ALERT_ACKNOWLEDGED
            ]
        )


async def test_a_click_whose_work_is_slow_is_acknowledged_in_time(
    office: Office,
) -> None:
    """Slack's own API takes 2.5 s a call; Omar sees no warning sign all the same."""
    await office.connects()
    alert = await office.sees_message(ALERTS, ALERT)
    await office.slack.set_fault("slow_api", True, {"ms": 2500})

    outcome = await office.presses(OMAR, "Acknowledge", alert)

    assert (outcome.acked, outcome.error) == (True, None)


async def test_a_click_is_acknowledged_once_it_is_stored_who_clicked(
    office: Office,
) -> None:
    """When Omar's button comes to rest, the database knows to tell him if need be."""
    await office.connects()
    alert = await office.sees_message(ALERTS, ALERT)
    await office.slack.set_fault("slow_api", True, {"ms": 700})

    await office.presses(OMAR, "Acknowledge", alert)

    (delivery,) = await unended(office)
    assert delivery.user == OMAR
    assert await acknowledgements(office) == 0
    await office.slack.set_fault("slow_api", False)
    await office.sees_message(ALERTS, ALERT, "cknowledged")
    assert await acknowledgements(office) == 1
    async with asyncio.timeout(5):
        while await unended(office):  # noqa: ASYNC110 - another task stores it
            await asyncio.sleep(0.05)


async def unended(office: Office) -> list[Unended]:
    """Deliveries whose work has not ended, as the database has it."""
    async with office.bot.core.database.snapshots() as session:
        return await inbound.unended(session, office.settings.replica_id, NEVER)


async def test_everything_delivered_twice_is_done_once(office: Office) -> None:
    await office.slack.set_fault("duplicate_deliveries")
    await office.connects()
    alert = await office.sees_message(ALERTS, ALERT)
    await office.presses(OMAR, "Acknowledge", alert)
    await office.sees_message(ALERTS, ALERT, "cknowledged")

    assert await acknowledgements(office) == 1
    assert len(await office.bot.core.services.tenants.list_connected()) == 1
    async with office.bot.core.database.snapshots() as session:
        (tenant,) = await office.bot.core.services.tenants.list_connected()
        opened = await alerts.list_open(session, tenant.id)
    acknowledged = [a for a in opened if a.status is AlertStatus.ACKNOWLEDGED]
    assert len(acknowledged) == 1


async def test_a_link_button_is_acknowledged_too(office: Office) -> None:
    await office.connects()
    alert = await office.sees_message(ALERTS, ALERT)
    assert "Show in Entra" in buttons_in(alert)

    outcome = await office.presses(OMAR, "Show in Entra", alert)

    assert (outcome.acked, outcome.error) == (True, None)


async def test_words_nobody_knows_get_the_help(office: Office) -> None:
    outcome = await office.types(ADA, "/entra make coffee")

    assert outcome.acked
    await office.is_told(ADA, "/entra connect")
