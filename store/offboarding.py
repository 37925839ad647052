"""Offboarding requests and their life; steps have their own module."""

import contextlib
from datetime import datetime

from sqlalchemy import ColumnElement, and_, or_, text, update
from sqlalchemy.orm import aliased
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.domain.errors import BotError
from bot.domain.ids import ConnectionId, ObjectId, RequestId
from bot.domain.offboarding import (
    AlreadyDecidedError,
    OffboardingRequest,
    RequestStatus,
)
from store import offboarding_steps
from store.conflicts import insert_into, was_inserted
from store.offboarding_rows import RequestNotFoundError, columns, request_of
from store.offboarding_steps import record_step, steps
from store.offboarding_tables import OffboardingRequestRow
from store.plans import PlanTamperedError

__all__ = [
    "OPEN",
    "AlreadyOpenError",
    "add",
    "begin_retry",
    "get",
    "list_due_without_run",
    "list_expired",
    "list_open",
    "list_running",
    "open_for_leaver",
    "record_decision",
    "record_finished",
    "record_running",
    "record_step",
    "record_voided",
    "record_withdrawn",
    "steps",
]

OPEN = (RequestStatus.PENDING, RequestStatus.APPROVED, RequestStatus.RUNNING)


class AlreadyOpenError(BotError):
    """The leaver has a request that is not over."""

    code = "already_open"

    def __init__(self, leaver: str) -> None:
        super().__init__(
            f"There is already an open request to offboard {leaver}.",
            remedy="Wait until it is decided and done, or have it withdrawn.",
        )


async def add(session: AsyncSession, request: OffboardingRequest) -> None:
    """Store a new request with the steps of its plan.

    Raises:
        AlreadyOpenError: the leaver has another that is not over. One that is voided
            and asked again must be recorded as voided first.
    """
    statement = (
        insert_into(session, OffboardingRequestRow)
        .values(columns(request))
        .on_conflict_do_nothing(
            index_elements=["connection_id", "leaver_object_id"],
            index_where=text("status IN ('pending', 'approved', 'running')"),
        )
    )
    if not await was_inserted(session, statement):
        raise AlreadyOpenError(request.plan.leaver.display_name)
    await offboarding_steps.add_planned(session, request.id, request.plan)


async def get(session: AsyncSession, id: RequestId) -> OffboardingRequest:
    """Read a request whose plan is still what its digest says.

    Raises:
        NotFoundError: there is none.
        PlanTamperedError: the stored plan was changed.
    """
    row = OffboardingRequestRow
    found = (await session.exec(select(row).where(col(row.id) == id))).first()
    if found is None:
        raise RequestNotFoundError
    return request_of(found)


async def open_for_leaver(
    session: AsyncSession, connection_id: ConnectionId, object_id: ObjectId
) -> OffboardingRequest | None:
    """The leaver's request that is not over, if there is one."""
    row = OffboardingRequestRow
    statement = select(row).where(
        col(row.connection_id) == connection_id,
        col(row.leaver_object_id) == object_id,
        col(row.status).in_(OPEN),
    )
    found = (await session.exec(statement)).first()
    return None if found is None else request_of(found)


async def list_open(
    session: AsyncSession, connection_id: ConnectionId
) -> list[OffboardingRequest]:
    """A tenant's requests that are not over, oldest first."""
    row = OffboardingRequestRow
    return await _list(
        session, col(row.connection_id) == connection_id, col(row.status).in_(OPEN)
    )


async def list_expired(
    session: AsyncSession, now: datetime
) -> list[OffboardingRequest]:
    """Pending requests whose time to decide is over."""
    row = OffboardingRequestRow
    return await _list(
        session,
        col(row.status) == RequestStatus.PENDING,
        col(row.expires_at) <= now,
    )


async def list_due_without_run(
    session: AsyncSession, now: datetime
) -> list[OffboardingRequest]:
    """Approved requests whose time has come and that have not begun to run."""
    row = OffboardingRequestRow
    return await _list(
        session,
        col(row.status) == RequestStatus.APPROVED,
        or_(col(row.run_at).is_(None), col(row.run_at) <= now),
    )


async def list_running(session: AsyncSession) -> list[OffboardingRequest]:
    """Requests whose run has begun and not ended."""
    return await _list(
        session, col(OffboardingRequestRow.status) == RequestStatus.RUNNING
    )


async def record_decision(session: AsyncSession, decided: OffboardingRequest) -> None:
    """Write a decision onto a request that nobody has decided yet.

    One UPDATE both asks and writes, so of two approvers who click in the same second
    one finds no row. It also asks for the digest: what is approved is what was shown.

    Raises:
        AlreadyDecidedError: no longer pending.
    """
    row = OffboardingRequestRow
    written = await _record(
        session,
        decided.id,
        col(row.status) == RequestStatus.PENDING,
        col(row.digest) == decided.digest,
        status=decided.status,
        decided_by=decided.decided_by,
        decided_at=decided.decided_at,
        decision_reason=decided.decision_reason,
    )
    if not written:
        raise AlreadyDecidedError


async def record_withdrawn(
    session: AsyncSession, withdrawn: OffboardingRequest, *, was: RequestStatus
) -> None:
    """Withdraw a request; of a decision or run at the same time only one wins.

    Args:
        was: how it stood when its withdrawal was judged.

    Raises:
        AlreadyDecidedError: it stands otherwise by now.
    """
    row = OffboardingRequestRow
    written = await _record(
        session,
        withdrawn.id,
        col(row.status) == was,
        col(row.run) == withdrawn.run,
        status=withdrawn.status,
        decided_by=withdrawn.decided_by,
        decided_at=withdrawn.decided_at,
    )
    if not written:
        raise AlreadyDecidedError


async def record_running(session: AsyncSession, id: RequestId, run: int) -> bool:
    """Begin a run; False unless the request is approved for just this run.

    True again when this run already began: a workflow that a crash cut short comes by
    here a second time.
    """
    row = OffboardingRequestRow
    can_run = (RequestStatus.APPROVED, RequestStatus.RUNNING)
    return await _record(
        session,
        id,
        and_(col(row.status).in_(can_run), col(row.run) == run),
        status=RequestStatus.RUNNING,
    )


async def record_finished(
    session: AsyncSession, id: RequestId, status: RequestStatus, at: datetime
) -> bool:
    """End the run with an outcome; False if no run is under way."""
    running = col(OffboardingRequestRow.status) == RequestStatus.RUNNING
    return await _record(session, id, running, status=status, finished_at=at)


async def record_voided(session: AsyncSession, id: RequestId, at: datetime) -> bool:
    """Void an approved request whose plan grew; False if it is not to run."""
    can_run = (RequestStatus.APPROVED, RequestStatus.RUNNING)
    return await _record(
        session,
        id,
        col(OffboardingRequestRow.status).in_(can_run),
        status=RequestStatus.VOIDED,
        finished_at=at,
    )


async def begin_retry(session: AsyncSession, id: RequestId) -> int | None:
    """Let an incomplete request run again for the steps that failed.

    Returns:
        The new run's number. None if the request is not incomplete, or another one
        for the same leaver is open.
    """
    row = OffboardingRequestRow
    statement = (
        update(row)
        .where(
            col(row.id) == id,
            col(row.status) == RequestStatus.INCOMPLETE,
            ~_other_is_open(),
        )
        .values(status=RequestStatus.APPROVED, run=col(row.run) + 1, finished_at=None)
        .returning(col(row.run))
    )
    run: int | None = (await session.exec(statement)).scalar_one_or_none()
    if run is not None:
        await offboarding_steps.reset_failed(session, id)
    return run


def _other_is_open() -> ColumnElement[bool]:
    row, other = OffboardingRequestRow, aliased(OffboardingRequestRow)
    return (
        select(other.id)
        .where(
            other.connection_id == row.connection_id,
            other.leaver_object_id == row.leaver_object_id,
            col(other.status).in_(OPEN),
        )
        .exists()
    )


async def _list(
    session: AsyncSession, *conditions: ColumnElement[bool]
) -> list[OffboardingRequest]:
    """Requests whose plan is still what its digest says, oldest first.

    One that was edited must not keep the others from expiring or running; it is found
    by `offboarding_tampering.list_tampered`.
    """
    row = OffboardingRequestRow
    statement = select(row).where(*conditions).order_by(col(row.asked_at), col(row.id))
    requests = []
    for found in (await session.exec(statement)).all():
        with contextlib.suppress(PlanTamperedError):
            requests.append(request_of(found))
    return requests


async def _record(
    session: AsyncSession,
    id: RequestId,
    *conditions: ColumnElement[bool],
    **values: object,
) -> bool:
    row = OffboardingRequestRow
    statement = update(row).where(col(row.id) == id, *conditions).values(values)
    return (await session.exec(statement)).rowcount == 1
