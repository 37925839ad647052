"""The outbox: messages stored with their fact, sent at least once, last state last."""

from collections.abc import Collection
from dataclasses import dataclass, fields
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, case, func, or_, update
from sqlalchemy.orm import aliased
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.domain.errors import NotFoundError
from bot.domain.ids import ChannelId, MessageId, WorkspaceId
from bot.domain.messages import Message
from store.conflicts import insert_into
from store.tables import MessageRow


@dataclass(frozen=True)
class Backlog:
    """How many messages wait, and since when the longest of them, by UTC's clock."""

    waiting: int
    since: datetime | None


async def put(session: AsyncSession, message: Message) -> MessageId:
    """Store a message to be sent, or one more change of the one with its key.

    Returns:
        The ID of the stored message, which is an older one's if the key was known.
    """
    row = MessageRow
    insert = insert_into(session, row).values(
        _columns(message) | {"wanted_at": datetime.now(UTC)}
    )
    statement = insert.on_conflict_do_update(
        index_elements=["key"],
        set_=_one_more()
        | {"channel": insert.excluded.channel, "detail": insert.excluded.detail},
    ).returning(col(row.id))
    return MessageId((await session.exec(statement)).scalar_one())


async def touch(session: AsyncSession, key: str) -> bool:
    """Ask for a fresh drawing; False if there is no message of this key."""
    statement = update(MessageRow).where(col(MessageRow.key) == key).values(_one_more())
    return (await session.exec(statement)).rowcount == 1


async def known_keys(session: AsyncSession, keys: Collection[str]) -> set[str]:
    """Those of these keys under which there is a message."""
    statement = select(MessageRow.key).where(col(MessageRow.key).in_(keys))
    return set((await session.exec(statement)).all())


async def find_by_key(session: AsyncSession, key: str) -> Message | None:
    """Read a message by its key, None where there is none."""
    statement = select(MessageRow).where(col(MessageRow.key) == key)
    row = (await session.exec(statement)).first()
    return None if row is None else _message(row)


async def get(session: AsyncSession, id: MessageId) -> Message:
    """Read a message by its ID.

    Raises:
        NotFoundError: there is none.
    """
    statement = select(MessageRow).where(col(MessageRow.id) == id)
    row = (await session.exec(statement)).first()
    if row is None:
        raise NotFoundError(
            "This message is not there (any more).",
            remedy="Open the bot's Home tab for the present state.",
        )
    return _message(row)


async def claim_due(
    session: AsyncSession,
    now: datetime,
    limit: int,
    lease: timedelta,
    *,
    spacing: timedelta = timedelta(0),
) -> list[Message]:
    """Take messages to send, oldest change first; nobody else gets them meanwhile.

    A reply is not due before the message it replies to stands in Slack. A change that
    comes while a message is taken waits for the end of that send, so a message is
    never posted twice by two senders.

    The attempt is counted here, not when it failed: a sender that dies after Slack
    took a post leaves no other trace of it.

    Args:
        lease: after this long without `record_sent` or `record_failed` the sender is
            taken for dead, and the message is due again.
        spacing: leave out what Slack took less than this ago; later changes gather.
    """
    row = MessageRow
    oldest = (
        select(row.id)
        .where(_due(now), _rested(now, spacing), _can_follow())
        .order_by(col(row.wanted_at), col(row.id))
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    statement = (
        update(row)
        .where(col(row.id).in_(oldest))
        .values(leased_until=now + lease, attempts=col(row.attempts) + 1)
        .returning(row)
        .execution_options(populate_existing=True)
    )
    taken = (await session.exec(statement)).scalars().all()
    return [_message(each) for each in sorted(taken, key=lambda m: (m.wanted_at, m.id))]


async def record_sent(
    session: AsyncSession,
    id: MessageId,
    version: int,
    channel: ChannelId,
    ts: str,
    at: datetime,
) -> None:
    """Note that Slack took the drawing of a version (`wanted` when it was claimed)."""
    await _record_settled(
        session, id, version, {"posted_channel": channel, "ts": ts, "sent_at": at}
    )


async def record_moot(session: AsyncSession, id: MessageId, version: int) -> None:
    """Note that there was nothing to draw: the message's subject is gone."""
    await _record_settled(session, id, version, {})


async def _record_settled(
    session: AsyncSession, id: MessageId, version: int, placed: dict[str, Any]
) -> None:
    row = MessageRow
    statement = (
        update(row)
        .where(col(row.id) == id)
        .values(
            sent=case((col(row.sent) < version, version), else_=col(row.sent)),
            attempts=0,
            leased_until=None,
            next_attempt_at=None,
            last_error=None,
            **placed,
        )
    )
    await session.exec(statement)


async def record_failed(
    session: AsyncSession, id: MessageId, error: str, next_attempt_at: datetime
) -> None:
    """Note that a send failed, and when to try again. `error` tells no secret."""
    row = MessageRow
    statement = (
        update(row)
        .where(col(row.id) == id)
        .values(
            leased_until=None,
            next_attempt_at=next_attempt_at,
            last_error=error,
        )
    )
    await session.exec(statement)


async def record_held(
    session: AsyncSession, ids: Collection[MessageId], until: datetime
) -> None:
    """Note that Slack took nothing for now. The attempt does not count: of a post
    that was refused there is nothing to be looked for.
    """
    row = MessageRow
    statement = (
        update(row)
        .where(col(row.id).in_(ids))
        .values(
            attempts=col(row.attempts) - 1,
            leased_until=None,
            next_attempt_at=until,
            last_error="held back by a rate limit",
        )
    )
    await session.exec(statement)


async def backlog(session: AsyncSession) -> Backlog:
    """What is not yet in Slack as people should see it."""
    statement = select(func.count(), func.min(MessageRow.wanted_at)).where(_behind())
    waiting, since = (await session.exec(statement)).one()
    return Backlog(waiting, since)


def _behind() -> ColumnElement[bool]:
    return col(MessageRow.wanted) > col(MessageRow.sent)


def _due(now: datetime) -> ColumnElement[bool]:
    row = MessageRow
    return and_(
        _behind(),
        or_(col(row.next_attempt_at).is_(None), col(row.next_attempt_at) <= now),
        or_(col(row.leased_until).is_(None), col(row.leased_until) <= now),
    )


def _rested(now: datetime, spacing: timedelta) -> ColumnElement[bool]:
    row = MessageRow
    return or_(col(row.sent_at).is_(None), col(row.sent_at) <= now - spacing)


def _can_follow() -> ColumnElement[bool]:
    parent = aliased(MessageRow)
    posted = (
        select(parent.id)
        .where(
            parent.id == MessageRow.thread_of,
            # A settled one without a place in Slack had nothing to say.
            or_(col(parent.ts).is_not(None), col(parent.sent) >= parent.wanted),
        )
        .exists()
    )
    return or_(col(MessageRow.thread_of).is_(None), posted)


def _one_more() -> dict[str, Any]:
    row = MessageRow
    return {
        "wanted": col(row.wanted) + 1,
        "wanted_at": case((_behind(), col(row.wanted_at)), else_=datetime.now(UTC)),
    }


_FIELDS = tuple(field.name for field in fields(Message))


def _columns(message: Message) -> dict[str, Any]:
    return {name: getattr(message, name) for name in _FIELDS}


def _message(row: MessageRow) -> Message:
    return Message(
        id=MessageId(row.id),
        workspace_id=WorkspaceId(row.workspace_id),
        kind=row.kind,
        key=row.key,
        channel=ChannelId(row.channel),
        subject_id=row.subject_id,
        detail=row.detail,
        thread_of=_message_id(row.thread_of),
        wanted=row.wanted,
        sent=row.sent,
        posted_channel=(
            None if row.posted_channel is None else ChannelId(row.posted_channel)
        ),
        ts=row.ts,
        attempts=row.attempts,
        next_attempt_at=row.next_attempt_at,
        sent_at=row.sent_at,
        last_error=row.last_error,
    )


def _message_id(id: UUID | None) -> MessageId | None:
    return None if id is None else MessageId(id)
