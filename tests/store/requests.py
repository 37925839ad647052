"""Requests as the tests store and decide them."""

from dataclasses import replace

from bot.domain.offboarding import (
    OffboardingRequest,
    RequestStatus,
)
from store import offboarding
from store.engine import Database
from tests.store.people import (
    AMIR,
    HOUR,
    NOW,
)


async def ask(database: Database, request: OffboardingRequest) -> OffboardingRequest:
    """Store a request in a transaction of its own."""
    async with database.sessions.begin() as session:
        await offboarding.add(session, request)
    return request


def approved(request: OffboardingRequest) -> OffboardingRequest:
    """Amir says yes."""
    return replace(
        request, status=RequestStatus.APPROVED, decided_by=AMIR, decided_at=NOW + HOUR
    )


async def approve(
    database: Database, request: OffboardingRequest
) -> OffboardingRequest:
    """Amir's yes, stored."""
    async with database.sessions.begin() as session:
        await offboarding.record_decision(session, approved(request))
    return approved(request)
