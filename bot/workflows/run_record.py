"""What a run writes down: its beginning, its steps, its end. Each write is one
transaction with its audit entry and the card's redraw, and does nothing when repeated.
"""

from dataclasses import replace
from uuid import UUID

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.domain.audit import AuditAction
from bot.domain.errors import BotError
from bot.domain.ids import RequestId
from bot.domain.offboarding import (
    OffboardingRequest,
    RequestStatus,
    StepResult,
    StepStatus,
    outcome_of,
)
from bot.domain.request_records import audit_entry, card_key, outcome, step_entry
from bot.ports import Clock
from bot.workflows.carrying import Verdict
from store import audit, messages, offboarding
from store.engine import Database


class NotInPlanError(BotError):
    """A step that nobody approved was about to run: a fault of ours."""

    code = "not_in_plan"

    def __init__(self) -> None:
        super().__init__(
            "This step is not part of the approved plan; nothing was done.",
            remedy="Report this fault, and ask again with /offboard.",
        )


class RunRecord:
    """Writes down how a run goes."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database, self._clock = database, clock

    async def open(self, request_id: str, run: int) -> bool:
        """Begin a run. False unless the request is approved for just this run."""
        key = request_key(request_id)
        async with self._database.sessions.begin() as session:
            begun = await offboarding.record_running(session, key, run)
            await messages.touch(session, card_key(key))
        return begun

    async def approved_step(
        self, request_id: str, run: int, position: int
    ) -> tuple[OffboardingRequest, StepResult]:
        """Read a step that is to run.

        Raises:
            PlanTamperedError: the stored plan is not the one approved.
            NotInPlanError: this run, or this step, was not approved.
        """
        key = request_key(request_id)
        async with self._database.snapshots() as session:
            request = await offboarding.get(session, key)
            steps = await offboarding.steps(session, key)
        found = next((each for each in steps if each.position == position), None)
        approved = {step.key for step in request.plan.runnable}
        if found is None or found.step.key not in approved:
            raise NotInPlanError
        if request.status is not RequestStatus.RUNNING or request.run != run:
            raise NotInPlanError
        return request, found

    async def begun(self, request: OffboardingRequest, result: StepResult) -> None:
        """Write that a step runs, once for each run."""
        if result.status is StepStatus.RUNNING:
            return
        now = self._clock.now()
        running = replace(
            result, status=StepStatus.RUNNING, started_at=now, detail="", ended_at=None
        )
        async with self._database.sessions.begin() as session:
            await self._write(session, request, running, AuditAction.STEP_STARTED)

    async def attempted(
        self, request: OffboardingRequest, result: StepResult
    ) -> StepResult:
        """Count an attempt, before it writes."""
        counted = replace(result, attempts=result.attempts + 1)
        async with self._database.sessions.begin() as session:
            await offboarding.record_step(session, request.id, counted)
        return counted

    async def ended(
        self, request: OffboardingRequest, result: StepResult, verdict: Verdict
    ) -> None:
        """Write how a step ended."""
        ended = replace(
            result,
            status=verdict.status,
            detail=verdict.detail,
            graph_request_id=verdict.graph_request_id,
            ended_at=self._clock.now(),
        )
        async with self._database.sessions.begin() as session:
            await self._write(session, request, ended, AuditAction.STEP_ENDED)

    async def postponed(
        self, request: OffboardingRequest, result: StepResult, verdict: Verdict
    ) -> None:
        """Write that a step waits for the others."""
        waits = replace(
            result,
            status=StepStatus.PENDING,
            detail=f"Waits until the others are gone: {verdict.detail}",
        )
        async with self._database.sessions.begin() as session:
            await offboarding.record_step(session, request.id, waits)
            await messages.touch(session, card_key(request.id))

    async def stop(self, request_id: str, run: int, reason: str) -> None:
        """End every step that has not ended, since none of them can work now."""
        key = request_key(request_id)
        async with self._database.snapshots() as session:
            request = await offboarding.get(session, key)
            steps = await offboarding.steps(session, key)
        for each in steps:
            if not each.status.has_ended:
                await self.ended(request, each, _cut_off(each, reason))

    async def finish(self, request_id: str, run: int) -> str:
        """End the run and tell the requester. Returns the request's status."""
        key, now = request_key(request_id), self._clock.now()
        async with self._database.sessions.begin() as session:
            steps = await offboarding.steps(session, key)
            status = outcome_of(steps)
            if not await offboarding.record_finished(session, key, status, now):
                return (await offboarding.get(session, key)).status
            request = await offboarding.get(session, key)
            await messages.touch(session, card_key(key))
            await messages.put(session, outcome(request))
            facts = {"status": str(status), "steps": str(len(steps))}
            entry = audit_entry(
                request, AuditAction.REQUEST_FINISHED, at=now, facts=facts
            )
            await audit.append(session, entry)
        return status

    async def _write(
        self,
        session: AsyncSession,
        request: OffboardingRequest,
        result: StepResult,
        action: AuditAction,
    ) -> None:
        await offboarding.record_step(session, request.id, result)
        await messages.touch(session, card_key(request.id))
        entry = step_entry(request, action, result, at=self._clock.now())
        await audit.append(session, entry)


def _cut_off(result: StepResult, reason: str) -> Verdict:
    """How a step ended that its run did not end."""
    if result.status is StepStatus.RUNNING and result.attempts > 0:
        return Verdict(
            StepStatus.UNKNOWN,
            f"Perhaps done: the change may have been sent, and then {reason}",
        )
    return Verdict(StepStatus.FAILED, f"Not tried: {reason}")


def request_key(text: str) -> RequestId:
    """A request's ID as workflows carry it."""
    return RequestId(UUID(text))
