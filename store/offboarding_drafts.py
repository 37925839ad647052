"""Plans under review: requests that nobody was asked to decide yet."""

from datetime import datetime

from sqlalchemy import delete, update
from sqlalchemy.exc import IntegrityError
from sqlmodel import col
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.domain.offboarding import OffboardingRequest, RequestStatus
from store.offboarding import AlreadyOpenError
from store.offboarding_tables import OffboardingRequestRow


async def record_asked(session: AsyncSession, asked: OffboardingRequest) -> bool:
    """Turn a draft into a pending request.

    Returns:
        False if it no longer is a draft, as at the second of two submissions.

    Raises:
        AlreadyOpenError: the leaver has a request that is not over. The transaction
            can go on.
    """
    row = OffboardingRequestRow
    statement = (
        update(row)
        .where(
            col(row.id) == asked.id,
            col(row.status) == RequestStatus.DRAFT,
            col(row.digest) == asked.digest,
        )
        .values(
            status=RequestStatus.PENDING,
            asked_at=asked.asked_at,
            expires_at=asked.expires_at,
            approvals_channel=asked.approvals_channel,
        )
    )
    try:
        async with session.begin_nested():
            return (await session.exec(statement)).rowcount == 1
    except IntegrityError as error:  # the index of open requests, and no other
        raise AlreadyOpenError(asked.plan.leaver.display_name) from error


async def discard(session: AsyncSession, before: datetime) -> int:
    """Delete drafts that were read before then, with their steps.

    Returns:
        How many they were.
    """
    row = OffboardingRequestRow
    statement = delete(row).where(
        col(row.status) == RequestStatus.DRAFT, col(row.asked_at) < before
    )
    return (await session.exec(statement)).rowcount
