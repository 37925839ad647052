"""How the steps of offboarding requests stand."""

from typing import Any

from sqlalchemy import insert, update
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.domain.errors import NotFoundError
from bot.domain.ids import RequestId
from bot.domain.offboarding import StepResult, StepStatus
from bot.domain.plans import Plan, PlannedStep
from store.offboarding_rows import RequestNotFoundError
from store.offboarding_tables import OffboardingRequestRow, OffboardingStepRow
from store.plans import PlanTamperedError, read_plan


async def add_planned(session: AsyncSession, id: RequestId, plan: Plan) -> None:
    """Store the plan's steps as pending, or as blocked with the reason."""
    rows = [_planned(id, number, step) for number, step in enumerate(plan.steps)]
    if rows:
        connection = await session.connection()
        await connection.execute(insert(OffboardingStepRow), rows)


async def steps(session: AsyncSession, id: RequestId) -> tuple[StepResult, ...]:
    """The steps of a request in the order they run.

    What is changed comes from the request's plan, which its digest protects; the
    rows only tell how far it is.

    Raises:
        NotFoundError: there is no such request.
        PlanTamperedError: plan and rows no longer belong together.
    """
    plan = await _plan(session, id)
    row = OffboardingStepRow
    statement = select(row).where(col(row.request_id) == id).order_by(col(row.position))
    rows = (await session.exec(statement)).all()
    if [found.key for found in rows] != [step.key for step in plan.steps]:
        raise PlanTamperedError
    return tuple(
        _result(found, step) for found, step in zip(rows, plan.steps, strict=True)
    )


async def record_step(session: AsyncSession, id: RequestId, result: StepResult) -> None:
    """Write how a step stands; its target stays what was planned.

    Raises:
        NotFoundError: the request has no such step at this position.
    """
    row = OffboardingStepRow
    statement = (
        update(row)
        .where(
            col(row.request_id) == id,
            col(row.position) == result.position,
            col(row.key) == result.step.key,
        )
        .values(
            status=result.status,
            detail=result.detail,
            graph_request_id=result.graph_request_id,
            attempts=result.attempts,
            started_at=result.started_at,
            ended_at=result.ended_at,
        )
    )
    if (await session.exec(statement)).rowcount == 0:
        raise NotFoundError(
            f"The request has no step {result.step.key}.",
            remedy="Ask anew with /offboard.",
        )


async def reset_failed(session: AsyncSession, id: RequestId) -> None:
    """Make failed and unknown steps pending again; the others keep their outcome."""
    row = OffboardingStepRow
    await session.exec(
        update(row)
        .where(
            col(row.request_id) == id,
            col(row.status).in_((StepStatus.FAILED, StepStatus.UNKNOWN)),
        )
        .values(status=StepStatus.PENDING, ended_at=None)
    )


async def _plan(session: AsyncSession, id: RequestId) -> Plan:
    row = OffboardingRequestRow
    statement = select(row.plan, row.digest).where(col(row.id) == id)
    found = (await session.exec(statement)).first()
    if found is None:
        raise RequestNotFoundError
    text, digest = found
    return read_plan(text, digest=digest)


def _planned(id: RequestId, number: int, step: PlannedStep) -> dict[str, Any]:
    status = StepStatus.PENDING if step.blocked is None else StepStatus.BLOCKED
    return {
        "request_id": id,
        "position": number,
        "key": step.key,
        "action": step.action,
        "target_name": step.target_name,
        "status": status,
        "detail": step.blocked or "",
        "attempts": 0,
    }


def _result(row: OffboardingStepRow, step: PlannedStep) -> StepResult:
    return StepResult(
        step=step,
        position=row.position,
        status=row.status,
        detail=row.detail,
        graph_request_id=row.graph_request_id,
        attempts=row.attempts,
        started_at=row.started_at,
        ended_at=row.ended_at,
    )
