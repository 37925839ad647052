"""Running processes of the bot, by their signs of life."""

from datetime import datetime

from sqlalchemy import delete
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from store.conflicts import insert_into
from store.tables import ReplicaRow


async def heartbeat(session: AsyncSession, executor_id: str, at: datetime) -> None:
    """Note that a process lives."""
    insert = insert_into(session, ReplicaRow).values(
        executor_id=executor_id, seen_at=at
    )
    await session.exec(
        insert.on_conflict_do_update(
            index_elements=["executor_id"], set_={"seen_at": at}
        )
    )


async def dead(session: AsyncSession, before: datetime) -> list[str]:
    """Processes that gave no sign since a time, longest silent first."""
    statement = (
        select(ReplicaRow.executor_id)
        .where(col(ReplicaRow.seen_at) < before)
        .order_by(col(ReplicaRow.seen_at))
    )
    return list((await session.exec(statement)).all())


async def remove(session: AsyncSession, executor_id: str) -> None:
    """Forget a process that ended, or whose work others have taken."""
    await session.exec(
        delete(ReplicaRow).where(col(ReplicaRow.executor_id) == executor_id)
    )


async def living(session: AsyncSession, since: datetime) -> list[str]:
    """Processes that gave a sign of life at or after a time."""
    statement = select(ReplicaRow.executor_id).where(col(ReplicaRow.seen_at) >= since)
    return list((await session.exec(statement)).all())
