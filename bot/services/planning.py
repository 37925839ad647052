"""From the form to a request: whose tenants, which plan, and asking for approval."""

from collections.abc import Sequence
from datetime import timedelta
from uuid import uuid4

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.domain.asking import AlreadyAskedError, OffboardForm, ask
from bot.domain.audit import AuditAction
from bot.domain.errors import NotFoundError
from bot.domain.ids import ConnectionId, RequestId, SlackUserId, WorkspaceId
from bot.domain.offboarding import OffboardingRequest, RequestStatus
from bot.domain.people import SlackPerson
from bot.domain.plans import Plan
from bot.domain.request_records import audit_entry, card
from bot.domain.tenants import Tenant
from bot.graph.patience import INTERACTIVE
from bot.ports import Clock
from bot.services.requests import RequestState, of_workspace
from bot.workflows.plan_reading import read_plan
from bot.workflows.tenant_graphs import TenantGraphs
from store import audit, messages, offboarding, offboarding_drafts, tenants
from store.engine import Database
from store.offboarding_rows import RequestNotFoundError


class Planning:
    """What happens before anybody is asked, and the asking itself."""

    def __init__(
        self,
        database: Database,
        tenant_graphs: TenantGraphs,
        clock: Clock,
        approval_valid_for: timedelta,
    ) -> None:
        self._database, self._tenant_graphs = database, tenant_graphs
        self._clock, self._valid_for = clock, approval_valid_for

    async def tenant(self, workspace_id: WorkspaceId, id: ConnectionId) -> Tenant:
        """One of the workspace's connected tenants.

        Raises:
            NotFoundError: not connected in this workspace.
        """
        async with self._database.snapshots() as session:
            present = await tenants.list_for_workspace(session, workspace_id)
        for each in present:
            if each.id == id:
                return each
        raise NotFoundError(
            "This tenant is not connected (any more).",
            remedy="Close this, and start again with /offboard.",
        )

    async def own(
        self, draft_id: RequestId, workspace_id: WorkspaceId, requester: SlackUserId
    ) -> RequestState:
        """A plan under review, for the person who reviews it and nobody else.

        Raises:
            NotFoundError: somebody else's, or gone.
        """
        async with self._database.snapshots() as session:
            draft = await of_workspace(session, draft_id, workspace_id)
            if draft.requester != requester:
                raise RequestNotFoundError
            steps = await offboarding.steps(session, draft_id)
            tenant = await tenants.get(session, draft.connection_id)
        return RequestState(draft, steps, tenant)

    async def draft(self, form: OffboardForm) -> RequestState:
        """Read the plan live and keep it for review. Nobody is asked yet.

        Raises:
            NotFoundError: the tenant, or the leaver in it, is not there.
            GraphError, SignInError: the directory could not be read.
        """
        tenant, graph = await self._tenant_graphs.open(form.connection_id)
        if tenant.workspace_id != form.workspace_id:
            raise RequestNotFoundError
        plan = await read_plan(
            graph.with_patience(INTERACTIVE),
            tenant,
            form.leaver,
            form.actions,
            at=self._clock.now(),
        )
        request = self._new(form, tenant, plan)
        async with self._database.sessions.begin() as session:
            await offboarding.add(session, request)
            steps = await offboarding.steps(session, request.id)
        return RequestState(request, steps, tenant)

    async def ask(
        self,
        draft_id: RequestId,
        *,
        requester: SlackPerson,
        approvers: Sequence[SlackPerson],
    ) -> OffboardingRequest:
        """Ask for approval of exactly the plan that was shown.

        Args:
            approvers: the tenant's approvers as Slack knows them now.

        Raises:
            AlreadyAskedError: the leaver has an open request.
            NoApproverError, NothingToDoError, ReviewTooOldError: as `asking.ask`.
        """
        now = self._clock.now()
        async with self._database.sessions.begin() as session:
            draft = await of_workspace(session, draft_id, requester.workspace_id)
            if draft.requester != requester.id:
                raise RequestNotFoundError
            if draft.status is not RequestStatus.DRAFT:
                return draft  # submitted twice: it is asked already
            await _refuse_second(session, draft)
            tenant = await tenants.get(session, draft.connection_id)
            asked = ask(
                draft, tenant, approvers=approvers, at=now, valid_for=self._valid_for
            )
            await self._record_asked(session, asked)
        return asked

    def _new(
        self, form: OffboardForm, tenant: Tenant, plan: Plan
    ) -> OffboardingRequest:
        return OffboardingRequest(
            id=RequestId(uuid4()),
            workspace_id=form.workspace_id,
            connection_id=tenant.id,
            requester=form.requester,
            plan=plan,
            digest=plan.digest,
            status=RequestStatus.DRAFT,
            asked_at=plan.read_at,
            expires_at=plan.read_at + self._valid_for,
            approvals_channel=tenant.approvals_channel,
            reason=form.reason,
            ticket=form.ticket,
            run_at=form.run_at,
            leaver_slack_id=form.leaver_slack_id,
        )

    async def _record_asked(
        self, session: AsyncSession, asked: OffboardingRequest
    ) -> None:
        if not await offboarding_drafts.record_asked(session, asked):
            return  # the other of two submissions was faster, and did all of this
        await messages.put(session, card(asked))
        facts = {
            "reason": asked.reason,
            "ticket": asked.ticket,
            "run_at": asked.run_at.isoformat() if asked.run_at else "",
            "steps": str(len(asked.plan.runnable)),
        }
        entry = audit_entry(
            asked,
            AuditAction.REQUEST_ASKED,
            at=asked.asked_at,
            actor=asked.requester,
            facts=facts,
        )
        await audit.append(session, entry)


async def _refuse_second(session: AsyncSession, draft: OffboardingRequest) -> None:
    found = await offboarding.open_for_leaver(
        session, draft.connection_id, draft.plan.leaver.object_id
    )
    if found is not None:
        raise AlreadyAskedError(found)
