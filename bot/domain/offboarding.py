"""Offboarding requests: how their steps stand, and who may decide them."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from bot.domain.errors import BotError, NotAllowedError
from bot.domain.ids import (
    ChannelId,
    ConnectionId,
    RequestId,
    SlackUserId,
    WorkspaceId,
)
from bot.domain.people import SlackPerson
from bot.domain.plans import Plan, PlannedStep
from bot.domain.tenants import Tenant


class StepStatus(StrEnum):
    """How a step stands. Only the first two count towards "complete"."""

    VERIFIED = "verified"  # read back after the change
    ALREADY_SO = "already_so"
    BLOCKED = "blocked"  # cannot be done here, with the reason
    FAILED = "failed"
    UNKNOWN = "unknown"  # done perhaps; the read-back could not tell
    PENDING = "pending"
    RUNNING = "running"

    @property
    def has_ended(self) -> bool:
        """Whether this run is done with the step, well or not."""
        return self not in (StepStatus.PENDING, StepStatus.RUNNING)

    @property
    def is_good(self) -> bool:
        """Whether it is as the approver wanted it."""
        return self in (StepStatus.VERIFIED, StepStatus.ALREADY_SO)


@dataclass(frozen=True)
class StepResult:
    """A step of a request with how it stands.

    Attributes:
        detail: one sentence for people: the proof, or the reason and the remedy.
        graph_request_id: Graph's request-id of the deciding answer, for support.
    """

    step: PlannedStep
    position: int
    status: StepStatus = StepStatus.PENDING
    detail: str = ""
    graph_request_id: str | None = None
    attempts: int = 0
    started_at: datetime | None = None
    ended_at: datetime | None = None


class RequestStatus(StrEnum):
    """The life of a request."""

    DRAFT = "draft"  # a plan under review; nobody was asked yet
    PENDING = "pending"
    APPROVED = "approved"  # waiting for its run, or for its date
    RUNNING = "running"
    COMPLETE = "complete"  # every step verified or already so
    INCOMPLETE = "incomplete"  # ended, and some step is not
    DENIED = "denied"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"
    VOIDED = "voided"  # the plan grew after approval; a new request asks again


@dataclass(frozen=True)
class OffboardingRequest:
    """One request, its approved plan and its decision.

    Attributes:
        digest: of the plan as shown; the approval binds to it.
        run_at: when to run; None means at once after approval.
        supersedes: the request that this one asks again after the plan grew.
        run: counts runs; "Retry failed steps" begins another.
    """

    id: RequestId
    workspace_id: WorkspaceId
    connection_id: ConnectionId
    requester: SlackUserId
    plan: Plan
    digest: str
    status: RequestStatus
    asked_at: datetime
    expires_at: datetime
    approvals_channel: ChannelId
    reason: str = ""
    ticket: str = ""
    run_at: datetime | None = None
    leaver_slack_id: SlackUserId | None = None
    decided_by: SlackUserId | None = None
    decided_at: datetime | None = None
    decision_reason: str = ""
    finished_at: datetime | None = None
    supersedes: RequestId | None = None
    run: int = 0


class DecisionRefusedError(NotAllowedError):
    """This person may not decide this request."""

    code = "decision_refused"


class AlreadyDecidedError(BotError):
    """Somebody was faster, or the request is over."""

    code = "already_decided"

    def __init__(self, message: str = "This request is already decided.") -> None:
        super().__init__(message, remedy="Nothing to do: the card shows its state.")


class RequestExpiredError(BotError):
    """The request was not decided in time."""

    code = "request_expired"

    def __init__(self) -> None:
        super().__init__(
            "This request has expired; nothing was changed.",
            remedy="Ask the requester to send a new one with /offboard.",
        )


def approve(
    request: OffboardingRequest, tenant: Tenant, *, approver: SlackPerson, at: datetime
) -> OffboardingRequest:
    """Decide yes.

    Raises:
        DecisionRefusedError: not an approver, the requester, or the leaver.
        AlreadyDecidedError: no longer pending.
        RequestExpiredError: too late.
    """
    _check_may_decide(request, tenant, approver, at)
    return replace(
        request,
        status=RequestStatus.APPROVED,
        decided_by=approver.id,
        decided_at=at,
    )


def deny(
    request: OffboardingRequest,
    tenant: Tenant,
    *,
    approver: SlackPerson,
    reason: str,
    at: datetime,
) -> OffboardingRequest:
    """Decide no, with a reason that the requester is told.

    Raises: as `approve`.
    """
    _check_may_decide(request, tenant, approver, at)
    return replace(
        request,
        status=RequestStatus.DENIED,
        decided_by=approver.id,
        decided_at=at,
        decision_reason=reason,
    )


def withdraw(
    request: OffboardingRequest, *, by: SlackPerson, at: datetime
) -> OffboardingRequest:
    """Take one's own request back while it waits for its decision, or its date.

    Raises:
        DecisionRefusedError: somebody else's request, or no member (any more).
        AlreadyDecidedError: it waits for neither.
    """
    _check_member(request, by, "Ask an approver to deny it.")
    if by.id != request.requester:
        raise DecisionRefusedError(
            "Only the requester can withdraw a request.",
            remedy=f"Ask <@{request.requester}>, or deny it if you are an approver.",
        )
    if not waits_for_its_date(request):
        _check_pending(request)
    return replace(
        request, status=RequestStatus.WITHDRAWN, decided_by=by.id, decided_at=at
    )


def waits_for_its_date(request: OffboardingRequest) -> bool:
    """Whether it is approved for later, and its first run has not begun."""
    is_first = request.run == 0 and request.run_at is not None
    return is_first and request.status is RequestStatus.APPROVED


def expire(request: OffboardingRequest, *, at: datetime) -> OffboardingRequest:
    """Close a pending request whose time is over."""
    _check_pending(request)
    return replace(request, status=RequestStatus.EXPIRED, decided_at=at)


def outcome_of(results: Sequence[StepResult]) -> RequestStatus:
    """COMPLETE only if every step is verified or already so; else INCOMPLETE."""
    done = bool(results) and all(result.status.is_good for result in results)
    return RequestStatus.COMPLETE if done else RequestStatus.INCOMPLETE


def is_leaver(request: OffboardingRequest, person: SlackPerson) -> bool:
    """Whether a Slack person is the leaver, by Slack ID or by any address."""
    if request.leaver_slack_id == person.id:
        return True
    address = (person.email or "").strip().casefold()
    return address in request.plan.leaver.addresses


def eligible_approvers(
    tenant: Tenant, *, requester: SlackUserId, leaver: SlackUserId | None = None
) -> tuple[SlackUserId, ...]:
    """Those whom a request of this requester may wait for."""
    return tuple(user for user in tenant.approvers if user not in {requester, leaver})


def _check_may_decide(
    request: OffboardingRequest, tenant: Tenant, approver: SlackPerson, at: datetime
) -> None:
    others = " or ".join(
        f"<@{user}>" for user in eligible_approvers(tenant, requester=request.requester)
    )
    ask = f"Ask another approver: {others}." if others else "Ask an administrator."
    _check_member(request, approver, ask)
    _check_pending(request)
    if approver.id == request.requester:
        raise DecisionRefusedError("You cannot decide your own request.", remedy=ask)
    if is_leaver(request, approver):
        raise DecisionRefusedError(
            "You cannot decide your own offboarding.", remedy=ask
        )
    if approver.id not in tenant.approvers:
        raise DecisionRefusedError(
            f"You are not an approver of {tenant.name}.", remedy=ask
        )
    if at >= request.expires_at:
        raise RequestExpiredError


def _check_member(
    request: OffboardingRequest, person: SlackPerson, remedy: str
) -> None:
    if not person.belongs_to(request.workspace_id):
        raise DecisionRefusedError(
            "Guests, bots, deactivated people and people of other workspaces "
            "cannot decide requests.",
            remedy=remedy,
        )


def _check_pending(request: OffboardingRequest) -> None:
    if request.status is not RequestStatus.PENDING:
        raise AlreadyDecidedError(
            f"This request is no longer pending: it is {request.status}."
        )
