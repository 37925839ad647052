"""Credentials and alerts of a connected tenant."""

import asyncio
from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest

from bot.domain.alerts import AlertKind, AlertStatus, Finding
from bot.domain.credentials import Stage
from bot.domain.errors import NotFoundError
from bot.domain.ids import AlertId
from bot.domain.tenants import Tenant
from store import alerts, credentials
from store.engine import Database
from tests.store.people import AMIR, HOUR, NOW, RUTH, a_credential
from tests.store.people import an_alert as alert_of

DAY = timedelta(days=1)


async def test_a_scan_replaces_what_the_last_one_saw(
    database: Database, tenant: Tenant
) -> None:
    """Kept, changed, gone and new credentials, soonest end first."""
    kept, gone = a_credential(), a_credential()
    changed = replace(kept, app_name="Payroll 2", ends_at=NOW + 5 * DAY)
    new = a_credential(ends_at=NOW + DAY, starts_at=None, owners=())
    async with database.sessions.begin() as session:
        await credentials.replace_all(session, tenant.id, [kept, gone], NOW)
        await credentials.replace_all(session, tenant.id, [changed, new], NOW + HOUR)
        stored = await credentials.list_ending(session, [tenant.id])

    assert stored == [new, changed]


async def test_an_older_scan_that_ends_later_changes_nothing(
    database: Database, tenant: Tenant
) -> None:
    """It saw less than what is stored."""
    seen = a_credential()
    async with database.sessions.begin() as session:
        await credentials.replace_all(session, tenant.id, [seen], NOW + HOUR)
        stale = replace(seen, app_name="Before the renaming")
        await credentials.replace_all(session, tenant.id, [stale], NOW)
        stored = await credentials.list_ending(session, [tenant.id])

    assert stored == [seen]


async def test_more_credentials_than_one_statement_takes(
    database: Database, tenant: Tenant
) -> None:
    """All are stored."""
    many = [a_credential() for _ in range(5_001)]
    async with database.sessions.begin() as session:
        await credentials.replace_all(session, tenant.id, many, NOW)
        stored = await credentials.list_ending(session, [tenant.id])

    assert {each.key_id for each in stored} == {each.key_id for each in many}


async def test_an_empty_tenant_has_no_credentials(
    database: Database, tenant: Tenant
) -> None:
    """A complete scan that saw none removes what was there."""
    async with database.sessions.begin() as session:
        await credentials.replace_all(session, tenant.id, [a_credential()], NOW)
        await credentials.replace_all(session, tenant.id, [], NOW + HOUR)
        assert await credentials.list_ending(session, [tenant.id]) == []
        assert await credentials.list_ending(session, []) == []


async def test_two_scans_open_one_alert(database: Database, tenant: Tenant) -> None:
    """Of two in the same second, one is told that it opened it."""

    async def scan() -> bool:
        async with database.sessions.begin() as session:
            return await alerts.record_opened(session, alert_of(tenant))

    assert sorted(await asyncio.gather(scan(), scan())) == [False, True]


async def test_an_alert_lives_from_open_to_resolved(
    database: Database, tenant: Tenant
) -> None:
    """Each move is made once, and the fact may come back as another alert."""
    alert = alert_of(tenant)
    async with database.sessions.begin() as session:
        assert await alerts.record_opened(session, alert)
        assert await alerts.get(session, alert.id) == alert
        assert await alerts.record_acknowledged(session, alert.id, AMIR, NOW)
        assert not await alerts.record_acknowledged(session, alert.id, RUTH, NOW)
        assert await alerts.record_snoozed(session, alert.id, AMIR, NOW + DAY)
        assert not await alerts.record_opened(session, alert_of(tenant))
        assert len(await alerts.list_open(session, tenant.id)) == 1
        assert await alerts.record_resolved(session, alert.id, "Renewed.", NOW + HOUR)
        assert not await alerts.record_resolved(session, alert.id, "Again.", NOW)
        assert not await alerts.record_acknowledged(session, alert.id, RUTH, NOW)
        assert not await alerts.record_snoozed(session, alert.id, RUTH, NOW)
        stored = await alerts.get(session, alert.id)
        assert await alerts.list_open(session, tenant.id) == []
        assert await alerts.record_opened(session, alert_of(tenant))

    assert stored == replace(
        alert,
        status=AlertStatus.RESOLVED,
        acknowledged_by=AMIR,
        acknowledged_at=NOW,
        snoozed_by=AMIR,
        snoozed_until=NOW + DAY,
        resolved_at=NOW + HOUR,
        resolution="Renewed.",
    )


@pytest.mark.parametrize("from_stage", [None, Stage.FOURTEEN_DAYS])
async def test_a_stage_is_told_once(
    database: Database, tenant: Tenant, from_stage: Stage | None
) -> None:
    """Two scans find the next stage; one escalates."""
    alert = alert_of(tenant, stage=from_stage)
    finding = Finding(
        AlertKind.CREDENTIAL_EXPIRY,
        alert.fact_key,
        {"app_name": "Payroll 2"},
        Stage.SEVEN_DAYS,
        NOW + 6 * DAY,
    )
    async with database.sessions.begin() as session:
        await alerts.record_opened(session, alert)

    async def scan() -> bool:
        async with database.sessions.begin() as session:
            return await alerts.record_escalated(
                session, alert.id, from_stage, finding, NOW + HOUR
            )

    assert sorted(await asyncio.gather(scan(), scan())) == [False, True]
    async with database.sessions.begin() as session:
        stored = await alerts.get(session, alert.id)
    assert (stored.stage, stored.seen_at) == (Stage.SEVEN_DAYS, NOW + HOUR)
    assert (stored.facts, stored.ends_at) == ({"app_name": "Payroll 2"}, NOW + 6 * DAY)


async def test_a_fact_that_is_seen_again_keeps_its_stage(
    database: Database, tenant: Tenant
) -> None:
    """Only what was seen and when is new."""
    alert = alert_of(tenant)
    finding = Finding(
        alert.kind, alert.fact_key, {"app_name": "New"}, Stage.ONE_DAY, alert.ends_at
    )
    async with database.sessions.begin() as session:
        await alerts.record_opened(session, alert)
        assert await alerts.record_seen(session, alert.id, finding, NOW + HOUR)
        stored = await alerts.get(session, alert.id)

    assert stored == replace(alert, seen_at=NOW + HOUR, facts={"app_name": "New"})


async def test_an_unknown_alert_is_not_found(database: Database) -> None:
    """As after its tenant was disconnected."""
    async with database.sessions() as session:
        with pytest.raises(NotFoundError):
            await alerts.get(session, AlertId(uuid4()))
