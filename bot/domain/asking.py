"""From a plan under review to a request that people are asked to decide."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.domain.errors import BotError
from bot.domain.ids import ConnectionId, ObjectId, SlackUserId, WorkspaceId
from bot.domain.offboarding import (
    OffboardingRequest,
    RequestStatus,
    eligible_approvers,
    is_leaver,
)
from bot.domain.people import SlackPerson
from bot.domain.plans import Action
from bot.domain.tenants import Tenant

REVIEWED_WITHIN = timedelta(hours=1)  # an older plan may no longer be true


@dataclass(frozen=True)
class OffboardForm:
    """The first modal as submitted.

    Attributes:
        run_at: None means at once after approval.
        leaver_slack_id: the leaver's Slack account, where one was found.
    """

    workspace_id: WorkspaceId
    connection_id: ConnectionId
    requester: SlackUserId
    leaver: ObjectId
    actions: tuple[Action, ...]
    run_at: datetime | None = None
    reason: str = ""
    ticket: str = ""
    leaver_slack_id: SlackUserId | None = None


class NoApproverError(BotError):
    """Nobody could decide the request, so it is not made."""

    code = "no_approver"

    def __init__(self, tenant: Tenant) -> None:
        super().__init__(
            f"Nobody could approve this: {tenant.name} has no active approver other "
            "than you and the leaver.",
            remedy="Ask a Gatehouse administrator to add an approver with "
            "/entra settings.",
        )


class NothingToDoError(BotError):
    """A plan without a single step that can be done."""

    code = "nothing_to_do"

    def __init__(self) -> None:
        super().__init__(
            "Nothing in this plan can be done by Gatehouse.",
            remedy="Read the reasons in the plan; they say who can do each step.",
        )


class ReviewTooOldError(BotError):
    """The plan was read too long ago to ask for its approval."""

    code = "review_too_old"

    def __init__(self) -> None:
        super().__init__(
            "This plan was read more than an hour ago and may no longer be true.",
            remedy="Close this, and start again with /offboard to read it anew.",
        )


class AlreadyAskedError(BotError):
    """Somebody has an open request for the same leaver."""

    code = "already_asked"

    def __init__(self, open_request: OffboardingRequest) -> None:
        super().__init__(
            f"An offboarding of this person is already {open_request.status}, asked by "
            f"<@{open_request.requester}>.",
            remedy="Follow that request, or withdraw it first.",
        )
        self.open_request = open_request


def ask(
    draft: OffboardingRequest,
    tenant: Tenant,
    *,
    approvers: Sequence[SlackPerson],
    at: datetime,
    valid_for: timedelta,
) -> OffboardingRequest:
    """Turn a reviewed plan into a pending request.

    Args:
        approvers: the tenant's approvers as Slack knows them now.

    Raises:
        NoApproverError: none of them could decide it.
        NothingToDoError: no step can be done.
        ReviewTooOldError: the plan is older than `REVIEWED_WITHIN`.
    """
    if at - draft.plan.read_at > REVIEWED_WITHIN:
        raise ReviewTooOldError
    if not draft.plan.runnable:
        raise NothingToDoError
    if not any(_could_decide(draft, tenant, person) for person in approvers):
        raise NoApproverError(tenant)
    return replace(
        draft,
        status=RequestStatus.PENDING,
        asked_at=at,
        expires_at=at + valid_for,
        # It may have been changed since the plan was read.
        approvals_channel=tenant.approvals_channel,
    )


def _could_decide(
    draft: OffboardingRequest, tenant: Tenant, person: SlackPerson
) -> bool:
    eligible = eligible_approvers(
        tenant, requester=draft.requester, leaver=draft.leaver_slack_id
    )
    return (
        person.id in eligible
        and person.belongs_to(draft.workspace_id)
        and not is_leaver(draft, person)
    )
