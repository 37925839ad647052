"""Offboarding: the decision on a request, its retry, and what people see of it."""

from dataclasses import dataclass
from datetime import timedelta

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.domain import offboarding as rules
from bot.domain.audit import ITSELF, AuditAction
from bot.domain.errors import BotError, NotAllowedError
from bot.domain.ids import RequestId, WorkspaceId
from bot.domain.offboarding import OffboardingRequest, RequestExpiredError
from bot.domain.people import SlackPerson
from bot.domain.request_records import audit_entry, card_key, outcome
from bot.domain.retrying import check_may_retry
from bot.domain.tenants import Tenant
from bot.engine import Engine
from bot.ports import Clock
from bot.services.leavers import Leavers
from bot.services.planning import Planning
from bot.services.requests import RequestState, of_workspace
from bot.services.runs import Runs
from bot.workflows.tenant_graphs import TenantGraphs
from store import audit, messages, offboarding, tenants
from store.engine import Database


@dataclass(frozen=True)
class Place:
    """Where a message stands in Slack."""

    channel: str
    ts: str


class OffboardingService:
    """The stories of an offboarding. Each change is one transaction with its audit.

    Args:
        approval_valid_for: how long a request waits for its decision.
    """

    def __init__(
        self,
        database: Database,
        tenant_graphs: TenantGraphs,
        engine: Engine,
        clock: Clock,
        approval_valid_for: timedelta,
    ) -> None:
        self._database, self._clock = database, clock
        self._runs = Runs(database, engine, clock)
        self.planning = Planning(database, tenant_graphs, clock, approval_valid_for)
        self.leavers = Leavers(tenant_graphs)

    async def approve(
        self, request_id: RequestId, *, approver: SlackPerson
    ) -> OffboardingRequest:
        """Approve a pending request; its run is queued with it if it is due.

        Raises:
            AlreadyDecidedError: somebody was faster; nothing was queued.
            DecisionRefusedError: this person may not; that is audited.
            RequestExpiredError: too late; the request is closed.
        """
        try:
            async with self._database.sessions.begin() as session:
                request, tenant = await self._subject(session, request_id)
                now = self._clock.now()
                approved = rules.approve(request, tenant, approver=approver, at=now)
                await self._record_decision(
                    session, approved, AuditAction.REQUEST_APPROVED
                )
                if approved.run_at is None or approved.run_at <= now:
                    # In the same transaction: an approval without its run would be
                    # forgotten by a crash here, and a run without approval must not be.
                    await self._runs.enqueue(session, approved)
        except (NotAllowedError, RequestExpiredError) as error:
            await self._refused(request_id, approver, "approve", error)
            raise
        return approved

    async def deny(
        self, request_id: RequestId, *, approver: SlackPerson, reason: str
    ) -> OffboardingRequest:
        """Deny a pending request; the requester is told why. Raises as `approve`."""
        try:
            async with self._database.sessions.begin() as session:
                request, tenant = await self._subject(session, request_id)
                denied = rules.deny(
                    request,
                    tenant,
                    approver=approver,
                    reason=reason,
                    at=self._clock.now(),
                )
                await self._record_decision(session, denied, AuditAction.REQUEST_DENIED)
                await messages.put(session, outcome(denied))
        except (NotAllowedError, RequestExpiredError) as error:
            await self._refused(request_id, approver, "deny", error)
            raise
        return denied

    async def check_may_decide(
        self, request_id: RequestId, *, approver: SlackPerson
    ) -> OffboardingRequest:
        """Whether this person could decide now, before a form is shown to them.

        Raises: as `approve`; a refusal is audited.
        """
        try:
            async with self._database.snapshots() as session:
                request, tenant = await self._subject(session, request_id)
            rules.approve(request, tenant, approver=approver, at=self._clock.now())
        except (NotAllowedError, RequestExpiredError) as error:
            await self._refused(request_id, approver, "deny", error)
            raise
        return request

    async def withdraw(
        self, request_id: RequestId, *, by: SlackPerson
    ) -> OffboardingRequest:
        """Take one's own request back, while it waits for its decision or its date.

        Raises:
            DecisionRefusedError: somebody else's; that is audited.
            AlreadyDecidedError: it waits for neither.
        """
        try:
            async with self._database.sessions.begin() as session:
                request = await offboarding.get(session, request_id)
                gone = rules.withdraw(request, by=by, at=self._clock.now())
                await offboarding.record_withdrawn(session, gone, was=request.status)
                await self._tell(session, gone, AuditAction.REQUEST_WITHDRAWN)
                await messages.put(session, outcome(gone))
        except NotAllowedError as error:
            await self._refused(request_id, by, "withdraw", error)
            raise
        return gone

    async def retry(self, request_id: RequestId, *, by: SlackPerson) -> int:
        """Run the failed steps of an incomplete request again, under its approval.

        Returns:
            The number of the run that begins.

        Raises:
            DecisionRefusedError: neither its requester nor an approver; audited.
            ApprovalTooOldError: its last run ended too long ago.
            AlreadyDecidedError: it is not incomplete (any more).
        """
        try:
            async with self._database.sessions.begin() as session:
                request, tenant = await self._subject(session, request_id)
                check_may_retry(request, tenant, by, at=self._clock.now())
                return await self._runs.begin_retry(session, request, by)
        except NotAllowedError as error:
            await self._refused(request_id, by, "retry", error)
            raise

    async def state(
        self, request_id: RequestId, workspace_id: WorkspaceId
    ) -> RequestState:
        """A request as it stands now.

        Raises:
            NotFoundError: there is none in this workspace.
        """
        async with self._database.snapshots() as session:
            request = await of_workspace(session, request_id, workspace_id)
            steps = await offboarding.steps(session, request_id)
            tenant = await tenants.get(session, request.connection_id)
        return RequestState(request, steps, tenant)

    async def place_of_card(self, request_id: RequestId) -> Place | None:
        """Where a request's card stands, None before it is posted."""
        async with self._database.snapshots() as session:
            found = await messages.find_by_key(session, card_key(request_id))
        if found is None or found.ts is None or found.posted_channel is None:
            return None
        return Place(found.posted_channel, found.ts)

    async def sweep(self) -> None:
        """Close what expired, begin what is due, mend what a fault left behind."""
        await self._runs.sweep()

    async def _subject(
        self, session: AsyncSession, request_id: RequestId
    ) -> tuple[OffboardingRequest, Tenant]:
        # Whose workspace it is, the rules judge, so that a stranger's click is audited.
        request = await offboarding.get(session, request_id)
        return request, await tenants.get(session, request.connection_id)

    async def _record_decision(
        self,
        session: AsyncSession,
        decided: OffboardingRequest,
        action: AuditAction,
    ) -> None:
        await offboarding.record_decision(session, decided)
        await self._tell(session, decided, action)

    async def _tell(
        self, session: AsyncSession, decided: OffboardingRequest, action: AuditAction
    ) -> None:
        """Redraw the card, and keep the decision as evidence."""
        await messages.touch(session, card_key(decided.id))
        entry = audit_entry(
            decided,
            action,
            at=self._clock.now(),
            actor=decided.decided_by or ITSELF,
            facts={"reason": decided.decision_reason},
        )
        await audit.append(session, entry)

    async def _refused(
        self,
        request_id: RequestId,
        person: SlackPerson,
        wanted: str,
        error: BotError,
    ) -> None:
        """Keep a refusal as evidence; a request that ran out is closed as well."""
        now = self._clock.now()
        async with self._database.sessions.begin() as session:
            request = await offboarding.get(session, request_id)
            entry = audit_entry(
                request,
                AuditAction.REFUSED,
                at=now,
                actor=person.id,
                facts={"wanted": wanted, "why": error.message, "code": error.code},
            )
            await audit.append(session, entry)
        if isinstance(error, RequestExpiredError):
            await self._runs.expire(request)
