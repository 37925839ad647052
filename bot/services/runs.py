"""When approved requests run: queued with their approval, swept up otherwise."""

from collections.abc import Awaitable

import structlog
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.domain import offboarding as rules
from bot.domain.asking import REVIEWED_WITHIN
from bot.domain.audit import ITSELF, AuditAction, AuditEntry
from bot.domain.ids import RequestId
from bot.domain.offboarding import AlreadyDecidedError, OffboardingRequest
from bot.domain.people import SlackPerson
from bot.domain.request_records import audit_entry, card_key, outcome
from bot.engine import Engine, WorkflowStatus
from bot.ports import Clock
from bot.workflows.offboard import OFFBOARD, workflow_id
from bot.workflows.run_record import RunRecord
from store import (
    audit,
    messages,
    offboarding,
    offboarding_drafts,
    offboarding_tampering,
)
from store.engine import Database
from store.offboarding_tampering import Tampered
from store.plans import PlanTamperedError

log = structlog.get_logger(__name__)

_BROKEN = frozenset({WorkflowStatus.FAILED, WorkflowStatus.CANCELLED})
_BROKE_OFF = (
    "the run broke off by a fault of Gatehouse (see its log). Steps that were not "
    "reached changed nothing; retry them."
)


class Runs:
    """Queues runs, and mends what a crash or a fault left behind."""

    def __init__(self, database: Database, engine: Engine, clock: Clock) -> None:
        self._database, self._engine, self._clock = database, engine, clock
        self._record = RunRecord(database, clock)

    async def enqueue(self, session: AsyncSession, request: OffboardingRequest) -> None:
        """Queue the request's present run; a second time changes nothing."""
        await self._engine.enqueue(
            session,
            OFFBOARD,
            str(request.id),
            request.run,
            workflow_id=workflow_id(request.id, request.run),
        )

    async def begin_retry(
        self, session: AsyncSession, request: OffboardingRequest, by: SlackPerson
    ) -> int:
        """Queue another run for the failed steps of an incomplete request.

        Raises:
            AlreadyDecidedError: it is not incomplete, or another is open for the
                same leaver; a second click finds it running.
        """
        run = await offboarding.begin_retry(session, request.id)
        if run is None:
            raise AlreadyDecidedError("There is nothing to retry now.")
        again = await offboarding.get(session, request.id)
        await self.enqueue(session, again)
        await messages.touch(session, card_key(request.id))
        entry = audit_entry(
            again, AuditAction.REQUEST_RETRIED, at=self._clock.now(), actor=by.id
        )
        await audit.append(session, entry)
        return run

    async def expire(self, request: OffboardingRequest) -> bool:
        """Close a request that nobody decided in time; False if somebody just did."""
        now = self._clock.now()
        try:
            expired = rules.expire(request, at=now)
            async with self._database.sessions.begin() as session:
                await offboarding.record_decision(session, expired)
                await messages.touch(session, card_key(request.id))
                await messages.put(session, outcome(expired))
                entry = audit_entry(expired, AuditAction.REQUEST_EXPIRED, at=now)
                await audit.append(session, entry)
        except AlreadyDecidedError:
            return False
        return True

    async def sweep(self) -> None:
        """Expire, begin and mend. One request's trouble does not hold up another's."""
        now = self._clock.now()
        async with self._database.sessions.begin() as session:
            await offboarding_drafts.discard(session, now - REVIEWED_WITHIN * 2)
            expired = await offboarding.list_expired(session, now)
            due = await offboarding.list_due_without_run(session, now)
            running = await offboarding.list_running(session)
            tampered = await offboarding_tampering.list_tampered(session)
        for edited in tampered:
            await self._guarded(self._void(edited), edited.id)
        for request in expired:
            await self._guarded(self.expire(request), request.id)
        for request in due:
            await self._guarded(self._begin(request), request.id)
        for request in (*due, *running):
            await self._guarded(self._mend(request), request.id)

    async def _guarded(self, work: Awaitable[object], request_id: RequestId) -> None:
        try:
            await work
        except Exception as error:  # the other requests must go on
            log.error("sweep_failed", request_id=str(request_id), exc_info=error)

    async def _void(self, edited: Tampered) -> None:
        """Close a request whose stored plan was edited; it can never run."""
        now = self._clock.now()
        log.error("plan_tampered", request_id=str(edited.id))
        entry = AuditEntry(
            at=now,
            workspace_id=edited.workspace_id,
            actor=ITSELF,
            action=AuditAction.REQUEST_VOIDED,
            subject=f"request:{edited.id}",
            facts={"why": PlanTamperedError().message},
        )
        async with self._database.sessions.begin() as session:
            if await offboarding_tampering.record_voided(session, edited.id, now):
                await messages.touch(session, card_key(edited.id))
                await audit.append(session, entry)

    async def _begin(self, request: OffboardingRequest) -> None:
        async with self._database.sessions.begin() as session:
            await self.enqueue(session, request)

    async def _mend(self, request: OffboardingRequest) -> None:
        """End a request whose workflow ended without ending it."""
        state = await self._engine.status(workflow_id(request.id, request.run))
        if state is None or state.status not in _BROKEN:
            return
        log.error("run_broke_off", request_id=str(request.id), error=state.error)
        key, run = str(request.id), request.run
        if await self._record.open(key, run):
            await self._record.stop(key, run, _BROKE_OFF)
            await self._record.finish(key, run)
