"""Deliveries from Slack that were begun."""

from datetime import datetime

from sqlalchemy import delete
from sqlmodel import col
from sqlmodel.ext.asyncio.session import AsyncSession

from store.conflicts import insert_into, was_inserted
from store.tables import InboundDeliveryRow


async def claim(session: AsyncSession, key: str, at: datetime) -> bool:
    """Note that a delivery is begun; False if it was before."""
    statement = (
        insert_into(session, InboundDeliveryRow)
        .values(key=key, seen_at=at)
        .on_conflict_do_nothing()
    )
    return await was_inserted(session, statement)


async def forget_before(session: AsyncSession, at: datetime) -> int:
    """Drop deliveries begun before a time; returns how many."""
    statement = delete(InboundDeliveryRow).where(col(InboundDeliveryRow.seen_at) < at)
    return (await session.exec(statement)).rowcount
