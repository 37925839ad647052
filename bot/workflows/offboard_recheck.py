"""The check before a run: is the approved plan still what there is to do?

What shrank is shown as already so. What grew voids the approval, and a new request
asks again with the difference.
"""

from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import uuid5

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.domain.audit import AuditAction
from bot.domain.errors import BotError
from bot.domain.ids import RequestId
from bot.domain.offboarding import (
    OffboardingRequest,
    RequestStatus,
    StepResult,
    StepStatus,
)
from bot.domain.plans import Plan, PlanDifference, difference
from bot.domain.request_records import audit_entry, card, card_key, outcome
from bot.domain.tenants import Tenant
from bot.graph.errors import ThrottledError
from bot.ports import Clock
from bot.workflows.carrying import Verdict
from bot.workflows.plan_reading import read_plan
from bot.workflows.run_record import RunRecord, request_key
from bot.workflows.tenant_graphs import TenantGraphs
from store import audit, messages, offboarding, tenants
from store.engine import Database

_GONE = "Nothing left to do: it was gone when the run began."
_NAMED = 20  # added steps that the new request names


class Recheck:
    """Compares what was approved with what is there now, before anything is done."""

    def __init__(
        self,
        record: RunRecord,
        database: Database,
        tenant_graphs: TenantGraphs,
        clock: Clock,
    ) -> None:
        self._record, self._database = record, database
        self._tenant_graphs, self._clock = tenant_graphs, clock

    async def check(self, request_id: str, run: int) -> dict[str, Any]:
        """Check one run.

        Returns:
            `voided`: the run ends here. `todo`: positions of the steps to run, in
            order. `stops`: why nothing can run, "" if it can.
        """
        key = request_key(request_id)
        async with self._database.snapshots() as session:
            request = await offboarding.get(session, key)
            steps = await offboarding.steps(session, key)
        if request.status is RequestStatus.VOIDED:  # this step ran before, to its end
            return _found(voided=True)
        waiting = [each for each in steps if each.status is StepStatus.PENDING]
        try:
            present = await self._present_plan(request)
        except BotError as error:
            return _found(
                stops="the present state could not be read before the run, so nothing "
                f"was changed. {error.message} {error.remedy}"
            )
        moved = difference(request.plan, present)
        # A retry carries out what is left of the approved steps and nothing else, so
        # what was added since its first run stays as it is.
        if run == 0 and moved.grown:
            await self._void(request, present, moved)
            return _found(voided=True)
        await self._settle(request, waiting, moved)
        settled = {step.key for step in (*moved.shrunk, *moved.barred)}
        return _found(
            todo=[each.position for each in waiting if each.step.key not in settled]
        )

    async def _present_plan(self, request: OffboardingRequest) -> Plan:
        for _ in range(3):
            try:
                return await self._read(request)
            except ThrottledError as error:
                if error.retry_after is None:
                    raise
                await self._clock.sleep(error.retry_after)
        return await self._read(request)

    async def _read(self, request: OffboardingRequest) -> Plan:
        tenant, graph = await self._tenant_graphs.open(request.connection_id)
        return await read_plan(
            graph,
            tenant,
            request.plan.leaver.object_id,
            request.plan.actions,
            at=self._clock.now(),
        )

    async def _settle(
        self,
        request: OffboardingRequest,
        waiting: list[StepResult],
        moved: PlanDifference,
    ) -> None:
        """End the steps about which there is nothing to do."""
        barred = {step.key: step.blocked or "" for step in moved.barred}
        gone = {step.key for step in moved.shrunk}
        for each in waiting:
            if each.step.key in gone:
                verdict = Verdict(StepStatus.ALREADY_SO, _GONE)
            elif each.step.key in barred:
                why = barred[each.step.key]
                detail = f"Since the approval it cannot be done here, because {why}."
                verdict = Verdict(StepStatus.BLOCKED, detail)
            else:
                continue
            await self._record.ended(request, each, verdict)

    async def _void(
        self, request: OffboardingRequest, present: Plan, moved: PlanDifference
    ) -> None:
        now = self._clock.now()
        async with self._database.sessions.begin() as session:
            if not await offboarding.record_voided(session, request.id, now):
                return
            tenant = await tenants.get(session, request.connection_id)
            again = asked_again(request, tenant, present, moved, at=now)
            await offboarding.add(session, again)
            await messages.put(session, card(again))
            await messages.touch(session, card_key(request.id))
            await messages.put(session, outcome(request))
            await self._audit_voided(session, request, again, moved, now)

    async def _audit_voided(
        self,
        session: AsyncSession,
        request: OffboardingRequest,
        again: OffboardingRequest,
        moved: PlanDifference,
        now: datetime,
    ) -> None:
        grown = ", ".join(step.key for step in moved.grown)
        voided = audit_entry(
            request,
            AuditAction.REQUEST_VOIDED,
            at=now,
            facts={"grown": grown, "asked_again": str(again.id)},
        )
        await audit.append(session, voided)
        asked = audit_entry(
            again,
            AuditAction.REQUEST_ASKED,
            at=now,
            facts={"requester": again.requester, "supersedes": str(request.id)},
        )
        await audit.append(session, asked)


def asked_again(
    request: OffboardingRequest,
    tenant: Tenant,
    present: Plan,
    moved: PlanDifference,
    *,
    at: datetime,
) -> OffboardingRequest:
    """The request that takes a voided one's place, with the difference as a note.

    It goes to the approvals channel of now, which may not be the one of then.
    """
    names = ", ".join(step.label for step in moved.grown[:_NAMED])
    more = f" and {len(moved.grown) - _NAMED} more" if len(moved.grown) > _NAMED else ""
    note = f"Asked again, since after the approval this was added: {names}{more}."
    plan = replace(present, notes=(note, *present.notes))
    is_later = request.run_at is not None and request.run_at > at
    return OffboardingRequest(
        id=RequestId(uuid5(request.id, "asked again")),
        workspace_id=request.workspace_id,
        connection_id=request.connection_id,
        requester=request.requester,
        plan=plan,
        digest=plan.digest,
        status=RequestStatus.PENDING,
        asked_at=at,
        expires_at=at + (request.expires_at - request.asked_at),
        approvals_channel=tenant.approvals_channel,
        reason=request.reason,
        ticket=request.ticket,
        run_at=request.run_at if is_later else None,
        leaver_slack_id=request.leaver_slack_id,
        supersedes=request.id,
    )


def _found(
    *, voided: bool = False, todo: list[int] | None = None, stops: str = ""
) -> dict[str, Any]:
    return {"voided": voided, "todo": todo or [], "stops": stops}
