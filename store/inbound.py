"""Deliveries from Slack that were begun, and whose work has not ended."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, delete, update
from sqlmodel import and_, col, or_, select
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.domain.ids import SlackUserId
from store.conflicts import insert_into, was_inserted
from store.tables import InboundDeliveryRow


@dataclass(frozen=True)
class Unended:
    """A delivery whose work may not have come to its end."""

    key: str
    user: SlackUserId
    seen_at: datetime


async def claim(
    session: AsyncSession,
    key: str,
    at: datetime,
    *,
    user: SlackUserId | None = None,
    replica: str | None = None,
) -> bool:
    """Note that a delivery is begun; False if it was before.

    Args:
        user: who is to be told if its work is never ended; None for nobody.
        replica: the process that works on it.
    """
    statement = (
        insert_into(session, InboundDeliveryRow)
        .values(key=key, seen_at=at, unended_for=user, replica=replica)
        .on_conflict_do_nothing()
    )
    return await was_inserted(session, statement)


async def end(session: AsyncSession, keys: Collection[str]) -> None:
    """Note that the work of these deliveries has ended; nobody need be told."""
    if keys:
        row = InboundDeliveryRow
        statement = update(row).where(col(row.key).in_(keys))
        await session.exec(statement.values(unended_for=None))


async def unended(
    session: AsyncSession, replica: str, others_before: datetime
) -> list[Unended]:
    """What a replica did not end in its last life, and all others before a time."""
    row = InboundDeliveryRow
    is_meant = or_(col(row.replica) == replica, col(row.seen_at) < others_before)
    return await _unended(session, is_meant)


async def unended_elsewhere(
    session: AsyncSession, replica: str, before: datetime
) -> list[Unended]:
    """What all other replicas took before a time and did not end."""
    row = InboundDeliveryRow
    is_meant = and_(
        col(row.replica).is_distinct_from(replica), col(row.seen_at) < before
    )
    return await _unended(session, is_meant)


async def _unended(
    session: AsyncSession, is_meant: ColumnElement[bool]
) -> list[Unended]:
    row = InboundDeliveryRow
    found = await session.exec(
        select(row)
        .where(col(row.unended_for).is_not(None), is_meant)
        .order_by(col(row.seen_at))
    )
    return [
        Unended(each.key, SlackUserId(str(each.unended_for)), each.seen_at)
        for each in found
    ]


async def forget_before(session: AsyncSession, at: datetime) -> int:
    """Drop deliveries begun before a time; returns how many."""
    statement = delete(InboundDeliveryRow).where(col(InboundDeliveryRow.seen_at) < at)
    return (await session.exec(statement)).rowcount
