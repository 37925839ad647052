"""The audit trail: appended to, proven, read; never changed."""

import json
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from datetime import UTC
from typing import Any

from sqlalchemy import insert, update
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.domain.audit import FIRST_HASH, AuditAction, AuditEntry, chain_hash
from bot.domain.ids import WorkspaceId
from store.audit_tables import AuditEntryRow, AuditHeadRow
from store.types import canonical_json

_PAGE = 500  # rows read at once


@dataclass(frozen=True)
class ChainCheck:
    """What proving the chain found.

    Attributes:
        rows: how many rows were proven before the end or the first broken one.
        broken_at: number of the first row that is not as it was written, or that is
            missing; None when all are.
        reason: what is wrong, one sentence; "" when nothing is.
    """

    ok: bool
    rows: int
    broken_at: int | None = None
    reason: str = ""


@dataclass(frozen=True)
class ChainedEntry:
    """An entry with its place in the chain."""

    number: int
    entry: AuditEntry
    hash: str


async def append(session: AsyncSession, entry: AuditEntry) -> None:
    """Write an entry behind the newest one, in the caller's transaction.

    Writers take turns on the head's row until their transaction ends, so append
    late in a transaction rather than early.
    """
    head = AuditHeadRow
    number, previous = (
        await session.exec(select(head.number, head.hash).with_for_update())
    ).one()
    sealed = _seal(previous, number + 1, entry)
    await session.exec(insert(AuditEntryRow).values(sealed))
    await session.exec(
        update(head).values(number=sealed["number"], hash=sealed["hash"])
    )


async def entries(
    session: AsyncSession, workspace: WorkspaceId | None = None
) -> AsyncIterator[AuditEntry]:
    """Yield entries oldest first, of one workspace or of all."""
    async for chained in chained_entries(session, workspace):
        yield chained.entry


async def chained_entries(
    session: AsyncSession, workspace: WorkspaceId | None = None
) -> AsyncIterator[ChainedEntry]:
    """Yield entries with their number and hash, oldest first."""
    async for row in _rows(session, workspace):
        yield ChainedEntry(row.number, _entry(row), row.hash)


async def verify(session: AsyncSession) -> ChainCheck:
    """Prove that no row was edited, removed, inserted or moved.

    Every row is hashed again with the hash before it, numbers must follow each other
    without a gap, and the last row must be the one that the head names. Whoever can
    write to the database can also build a whole new chain; keep an export elsewhere,
    and its last hash will tell.
    """
    number, previous = 0, FIRST_HASH
    try:
        async for row in _rows(session, None):
            reason = _flaw(row, number + 1, previous)
            if reason:
                return ChainCheck(False, number, number + 1, reason)
            number, previous = row.number, row.hash
    except (
        ValueError,
        TypeError,
    ) as error:  # a column that no longer reads as its type
        reason = f"Row {number + 1} cannot be read: {error}."
        return ChainCheck(False, number, number + 1, reason)
    return await _check_end(session, number, previous)


async def _check_end(session: AsyncSession, number: int, last: str) -> ChainCheck:
    head = (await session.exec(select(AuditHeadRow))).first()
    if head is None:
        return ChainCheck(False, number, number + 1, "The head of the chain is gone.")
    if head.number > number:
        reason = f"Rows {number + 1} to {head.number} at the end are gone."
        return ChainCheck(False, number, number + 1, reason)
    if (head.number, head.hash) != (number, last):
        reason = "The last row is not the one that was written last."
        return ChainCheck(False, number, number, reason)
    return ChainCheck(True, number)


def _flaw(row: AuditEntryRow, number: int, previous: str) -> str:
    if row.number != number:
        return f"Row {number} is missing; the next one is {row.number}."
    if row.previous_hash != previous:
        return f"Row {number} does not follow the row before it."
    entry = _entry(row)
    if canonical_json(dict(entry.facts)) != row.facts:
        return f"The facts of row {number} were changed."
    if chain_hash(previous, number, entry) != row.hash:
        return f"Row {number} was changed."
    return ""


async def _rows(
    session: AsyncSession, workspace: WorkspaceId | None
) -> AsyncIterator[AuditEntryRow]:
    row = AuditEntryRow
    after: int | None = None
    while True:
        statement = select(row).order_by(col(row.number)).limit(_PAGE)
        if after is not None:
            statement = statement.where(col(row.number) > after)
        if workspace is not None:
            statement = statement.where(col(row.workspace_id) == workspace)
        page = (await session.exec(statement)).all()
        for found in page:
            session.expunge(found)  # a long trail would otherwise stay in memory
            yield found
        if len(page) < _PAGE:
            return
        after = page[-1].number


def _seal(previous: str, number: int, entry: AuditEntry) -> dict[str, Any]:
    # The time is hashed as it comes back: in UTC.
    stored = replace(entry, at=entry.at.astimezone(UTC))
    return {
        "number": number,
        "at": stored.at,
        "workspace_id": stored.workspace_id,
        "actor": stored.actor,
        "action": stored.action.value,
        "subject": stored.subject,
        "facts": canonical_json(dict(stored.facts)),
        "previous_hash": previous,
        "hash": chain_hash(previous, number, stored),
    }


def _entry(row: AuditEntryRow) -> AuditEntry:
    return AuditEntry(
        at=row.at,
        workspace_id=row.workspace_id,
        actor=row.actor,
        action=AuditAction(row.action),
        subject=row.subject,
        facts=json.loads(row.facts),
    )
