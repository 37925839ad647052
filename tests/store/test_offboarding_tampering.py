"""A request whose plan was edited in the database: noticed, voided, in nobody's way."""

from datetime import timedelta

from sqlalchemy import text

from bot.domain.offboarding import RequestStatus
from bot.domain.tenants import Tenant
from store import offboarding, offboarding_tampering
from store.engine import Database
from tests.store.people import HOUR, NOW, a_request
from tests.store.requests import ask


async def test_an_edited_plan_is_found_and_holds_nobody_up(
    database: Database, tenant: Tenant
) -> None:
    """Both requests are overdue; the honest one still expires."""
    edited = await ask(database, a_request(tenant))
    honest = await ask(database, a_request(tenant))
    async with database.sessions.begin() as session:
        connection = await session.connection()
        await connection.execute(
            text("UPDATE offboarding_request SET plan = '{}' WHERE digest = :digest"),
            {"digest": edited.digest},
        )

    async with database.sessions.begin() as session:
        expired = await offboarding.list_expired(session, NOW + timedelta(days=9))
        (found,) = await offboarding_tampering.list_tampered(session)
        assert await offboarding_tampering.record_voided(session, found.id, NOW + HOUR)
        again = await offboarding_tampering.record_voided(session, found.id, NOW + HOUR)
        left = await offboarding_tampering.list_tampered(session)

    assert [each.id for each in expired] == [honest.id]
    assert found.id == edited.id
    assert again is False
    assert left == []
    async with database.sessions() as session:
        kept = await offboarding.get(session, honest.id)
    assert kept.status is RequestStatus.PENDING
