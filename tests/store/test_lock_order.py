"""Nobody waits for somebody who waits for them: PostgreSQL locks rows one by one.

SQLite has one writer at a time, so it has nothing of this.
"""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.domain.audit import AuditAction, AuditEntry
from bot.domain.ids import MessageId
from bot.domain.messages import Message, MessageKind, message_id
from bot.domain.offboarding import AlreadyDecidedError
from bot.domain.tenants import Tenant
from bot.engine import Engine
from bot.ports import SystemClock
from bot.services.tenant_records import TenantRecords
from bot.workflows.erase import EraseWorkflow
from store import alerts, audit, messages, offboarding, tenants
from store.engine import Database
from store.keyring import KeyRing
from tests.store.people import (
    ALERTS,
    AMIR,
    NOW,
    SECRET,
    a_request,
    a_tenant,
    an_alert,
)
from tests.store.requests import approved, ask

MOMENT = 0.3  # seconds until the other certainly waits


@pytest.fixture
async def contoso(postgres_database: Database, keys: KeyRing) -> Tenant:
    tenant = a_tenant()
    async with postgres_database.sessions.begin() as session:
        await tenants.add(session, tenant, SECRET, keys)
    return tenant


@pytest.fixture
async def records(
    postgres_database: Database, keys: KeyRing
) -> AsyncIterator[TenantRecords]:
    engine = Engine(postgres_database, "nobody")
    EraseWorkflow(engine, postgres_database).register()
    await engine.prepare()
    yield TenantRecords(postgres_database, keys, engine, SystemClock())
    await engine.drain(timedelta(seconds=1))


def card(tenant: Tenant, kind: MessageKind, key: str) -> Message:
    """A message under a key."""
    return Message(
        id=MessageId(message_id(key)),
        workspace_id=tenant.workspace_id,
        kind=kind,
        key=key,
        channel=ALERTS,
        subject_id=tenant.id,
    )


def entry(tenant: Tenant) -> AuditEntry:
    """Anything for the audit trail."""
    at, action = NOW, AuditAction.REQUEST_APPROVED
    return AuditEntry(at, tenant.workspace_id, AMIR, action, "request:x", {})


async def test_a_click_on_a_request_and_a_disconnect_do_not_lock_each_other_out(
    postgres_database: Database, contoso: Tenant, records: TenantRecords
) -> None:
    """Amir approves the second of two while Ada disconnects the tenant."""
    first = await ask(postgres_database, a_request(contoso))
    later = a_request(contoso)
    second = await ask(
        postgres_database, replace(later, asked_at=NOW + timedelta(seconds=1))
    )
    async with postgres_database.sessions.begin() as session:
        await offboarding.record_decision(session, approved(second))
        disconnecting = asyncio.create_task(records.remove(contoso.id, by=AMIR))
        await asyncio.sleep(MOMENT)
        await audit.append(session, entry(contoso))

    with pytest.raises(AlreadyDecidedError):
        await disconnecting
    async with postgres_database.sessions() as session:
        assert (await offboarding.get(session, first.id)).status == "pending"


async def test_a_click_on_an_alert_and_a_disconnect_do_not_lock_each_other_out(
    postgres_database: Database, contoso: Tenant, records: TenantRecords
) -> None:
    """Amir acknowledges an alert while Ada disconnects its tenant."""
    alert = an_alert(contoso)
    key = f"alert:{alert.id}"
    async with postgres_database.sessions.begin() as session:
        await alerts.record_opened(session, alert)
        await messages.put(session, card(contoso, MessageKind.ALERT, key))
    async with postgres_database.sessions.begin() as session:
        assert await alerts.record_acknowledged(session, alert.id, AMIR, NOW)
        disconnecting = asyncio.create_task(records.remove(contoso.id, by=AMIR))
        await asyncio.sleep(MOMENT)
        await messages.touch(session, key)
        await audit.append(session, entry(contoso))

    tenant, _ = await disconnecting
    assert tenant.id == contoso.id
    async with postgres_database.sessions() as session:
        assert await alerts.list_open(session, contoso.id) == []
