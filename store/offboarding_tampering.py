"""Requests whose stored plan somebody edited: found, and taken out of the way."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import update
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.domain.ids import RequestId, WorkspaceId
from bot.domain.offboarding import RequestStatus
from store.offboarding import OPEN
from store.offboarding_tables import OffboardingRequestRow
from store.plans import PlanTamperedError, read_plan


@dataclass(frozen=True)
class Tampered:
    """A request that is not over and must never run."""

    id: RequestId
    workspace_id: WorkspaceId


async def list_tampered(session: AsyncSession) -> list[Tampered]:
    """Open requests whose plan is not what its digest says."""
    row = OffboardingRequestRow
    statement = select(row).where(col(row.status).in_(OPEN))
    return [
        Tampered(RequestId(found.id), WorkspaceId(found.workspace_id))
        for found in (await session.exec(statement)).all()
        if not _is_intact(found)
    ]


async def record_voided(session: AsyncSession, id: RequestId, at: datetime) -> bool:
    """Void it, whatever it waits for; False if it is over already."""
    row = OffboardingRequestRow
    statement = (
        update(row)
        .where(col(row.id) == id, col(row.status).in_(OPEN))
        .values(status=RequestStatus.VOIDED, finished_at=at)
    )
    return (await session.exec(statement)).rowcount == 1


def _is_intact(row: OffboardingRequestRow) -> bool:
    try:
        read_plan(row.plan, digest=row.digest)
    except PlanTamperedError:
        return False
    return True
