"""One step of a run: what was so before, then the deed."""

import secrets
from typing import Any

import structlog

from bot.domain.errors import BotError
from bot.domain.offboarding import OffboardingRequest, StepResult, StepStatus
from bot.ports import Clock
from bot.workflows.carrying import Carrying, Pace, Verdict, verdict_on
from bot.workflows.deeds import deed_of, state_before
from bot.workflows.run_record import RunRecord
from bot.workflows.tenant_graphs import TenantGraphs
from store.engine import PASSING

log = structlog.get_logger(__name__)


class Steps:
    """The two checkpoints of each step. Both may run twice after a crash."""

    def __init__(
        self, record: RunRecord, tenant_graphs: TenantGraphs, clock: Clock, pace: Pace
    ) -> None:
        self._record, self._tenant_graphs = record, tenant_graphs
        self._clock, self._pace = clock, pace

    async def begin(self, request_id: str, run: int, position: int) -> dict[str, Any]:
        """Mark a step as running and read what is so before it.

        Writes nothing to the directory. Returns `ended` with what the workflow must
        know if there is nothing left to do, else None and `before` for the deed.
        """
        request, result = await self._record.approved_step(request_id, run, position)
        if result.status.has_ended:
            return {"ended": _told(), "before": None}
        await self._record.begun(request, result)
        try:
            before = await self._before(request, result)
        except BotError as error:
            verdict = verdict_on(error)
        except PASSING:
            raise  # the engine runs this step again
        except Exception as error:  # noqa: BLE001 - the other steps must go on
            verdict = _unforeseen(error, result)
        else:
            if before is not None:
                return {"ended": None, "before": before}
            verdict = await self._already(request, result)
        await self._record.ended(request, result, verdict)
        return {"ended": _told(verdict), "before": None}

    async def do(
        self,
        request_id: str,
        run: int,
        position: int,
        before: dict[str, str | None],
        is_last: bool,
    ) -> dict[str, Any]:
        """Carry a step out and write down how it ended.

        Args:
            before: what `begin` read.
            is_last: there is no later pass to wait for.
        """
        request, result = await self._record.approved_step(request_id, run, position)
        if result.status.has_ended:
            return _told()
        tried_before = result.attempts > 0
        result = await self._record.attempted(request, result)
        try:
            verdict = await self._carried(request, result, before, tried_before)
        except PASSING:
            raise
        except Exception as error:  # noqa: BLE001 - the other steps must go on
            verdict = _unforeseen(error, result, may_be_done=True)
        if verdict.goes_later and not is_last:
            await self._record.postponed(request, result, verdict)
            return _told(verdict)
        await self._record.ended(request, result, verdict)
        return _told(verdict)

    async def _before(
        self, request: OffboardingRequest, result: StepResult
    ) -> dict[str, str | None] | None:
        """What the deed must know; None where it is so already."""
        _, graph = await self._tenant_graphs.open(request.connection_id)
        leaver = request.plan.leaver
        state = await state_before(result.step, leaver, graph)
        deed = deed_of(result.step, leaver, graph, before=state)
        is_so = bool(deed.already) and await deed.is_so()
        return None if is_so and result.attempts == 0 else {"state": state}

    async def _already(
        self, request: OffboardingRequest, result: StepResult
    ) -> Verdict:
        _, graph = await self._tenant_graphs.open(request.connection_id)
        deed = deed_of(result.step, request.plan.leaver, graph, before=None)
        return Verdict(StepStatus.ALREADY_SO, deed.already)

    async def _carried(
        self,
        request: OffboardingRequest,
        result: StepResult,
        before: dict[str, str | None],
        tried_before: bool,
    ) -> Verdict:
        try:
            _, graph = await self._tenant_graphs.open(request.connection_id)
        except BotError as error:
            return verdict_on(error)
        deed = deed_of(
            result.step,
            request.plan.leaver,
            graph.with_priority("high"),
            before=before["state"],
        )
        carrying = Carrying(deed, self._clock, self._pace, tried_before=tried_before)
        return await carrying.run()


def _told(verdict: Verdict | None = None) -> dict[str, Any]:
    if verdict is None:
        return {"later": False, "stops": ""}
    return {"later": verdict.goes_later, "stops": verdict.stops}


def _unforeseen(
    error: Exception, result: StepResult, *, may_be_done: bool = False
) -> Verdict:
    reference = secrets.token_hex(3)
    log.error(
        "step_failed_unforeseen",
        step=result.step.key,
        reference=reference,
        exc_info=error,
    )
    status = StepStatus.UNKNOWN if may_be_done else StepStatus.FAILED
    return Verdict(
        status,
        f"Something went wrong inside Gatehouse (reference {reference}). Look at the "
        "present state in the Entra admin center, then retry.",
    )
