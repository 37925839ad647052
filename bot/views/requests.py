"""An offboarding request in messages: the approvers' card, and the requester's DM."""

from collections.abc import Sequence
from enum import StrEnum

from bot.domain.offboarding import (
    OffboardingRequest,
    RequestStatus,
    StepResult,
    StepStatus,
    waits_for_its_date,
)
from bot.domain.tenants import Tenant, TenantStatus
from bot.views.offboarding import run_time
from bot.views.plans import (
    blocked_lines,
    change_lines,
    changes_text,
    note_lines,
    packed,
    plan_summary,
)
from bot.views.progress import open_lines, plan_block, shortfall, tally
from bot.views.text import (
    Block,
    Drawing,
    actions,
    button,
    clip,
    confirm,
    context,
    divider,
    facts,
    foreign,
    header,
    one_line,
    person,
    section,
    when,
)

# Slack refuses messages that say more than some 13,200 characters in all. The parts
# below are bounded so that their sum stays under it, whoever the leaver is.
_CHANGES_CHARS = 3_500
_BLOCKED_CHARS = 2_500
_NOTES_CHARS = 1_800
_OPEN_CHARS = 3_000
_REASON_MAX = 300


class RequestAction(StrEnum):
    """Action and callback IDs of request messages and their modals."""

    APPROVE = "request.approve"
    DENY = "request.deny"
    DENIAL = "request.denial"  # the modal that asks for the reason
    DETAILS = "request.details"
    WITHDRAW = "request.withdraw"
    RETRY = "request.retry"
    PREVIOUS_PAGE = "request.previous_page"
    NEXT_PAGE = "request.next_page"


_BEFORE_RUN = frozenset({RequestStatus.PENDING, RequestStatus.APPROVED})
_RAN = frozenset(
    {RequestStatus.RUNNING, RequestStatus.COMPLETE, RequestStatus.INCOMPLETE}
)

_STATE_WORDS = {
    RequestStatus.DRAFT: "Under review",
    RequestStatus.PENDING: ":hourglass_flowing_sand: Waiting for approval",
    RequestStatus.APPROVED: ":white_check_mark: Approved",
    RequestStatus.RUNNING: ":gear: Running",
    RequestStatus.COMPLETE: ":white_check_mark: Complete: every step is verified",
    RequestStatus.INCOMPLETE: ":warning: Incomplete",
    RequestStatus.DENIED: ":no_entry: Denied",
    RequestStatus.WITHDRAWN: ":leftwards_arrow_with_hook: Withdrawn",
    RequestStatus.EXPIRED: ":alarm_clock: Expired undecided; nothing was changed",
    RequestStatus.VOIDED: ":warning: Void; nothing was changed",
}


def request_message(
    request: OffboardingRequest, steps: Sequence[StepResult], tenant: Tenant
) -> Drawing:
    """The card in the approvals channel, as the request stands now."""
    name = one_line(request.plan.leaver.display_name)
    blocks = [
        header(clip(f"Offboarding: {name}", 150)),
        _facts(request, tenant),
        section(f"*{_state(request, steps, tenant)}*"),
        *(_progress(steps) if request.status in _RAN else _plan(request)),
        *_buttons(request, steps),
        context(_footer(request)),
    ]
    return Drawing(_fallback(request, steps), blocks)


def outcome_message(
    request: OffboardingRequest, steps: Sequence[StepResult], tenant: Tenant
) -> Drawing:
    """What the requester is told by direct message when the request is over."""
    leaver = request.plan.leaver
    blocks = [
        section(
            f"Your request to offboard *{foreign(leaver.display_name)}* "
            f"({foreign(leaver.user_principal_name)}) in {foreign(tenant.name, 60)}:\n"
            f"*{_state(request, steps, tenant)}*"
        ),
        *(_open_part(steps) if request.status in _RAN else []),
        actions(*_outcome_buttons(request, steps)),
    ]
    return Drawing(_fallback(request, steps), blocks)


def can_retry(request: OffboardingRequest, steps: Sequence[StepResult]) -> bool:
    """Whether there is something that "Retry failed steps" would do."""
    again = {StepStatus.FAILED, StepStatus.UNKNOWN}
    return request.status is RequestStatus.INCOMPLETE and any(
        step.status in again for step in steps
    )


def _facts(request: OffboardingRequest, tenant: Tenant) -> Block:
    leaver = request.plan.leaver
    return facts(
        {
            "Leaver": f"{foreign(leaver.display_name)}\n"
            f"{foreign(leaver.user_principal_name)}",
            "Tenant": foreign(tenant.name, 60),
            "Requested by": person(request.requester),
            "When": run_time(request),
            "Reason": foreign(request.reason, _REASON_MAX) or "_not given_",
            "Ticket": foreign(request.ticket, 80),
        }
    )


def _why_void(request: OffboardingRequest, tenant: Tenant) -> str:
    if request.decision_reason:
        return foreign(request.decision_reason, 300)
    if tenant.status is TenantStatus.DISCONNECTED:
        return "the tenant was disconnected"
    return "the plan grew after its approval, so a new request asks again"


def _state(
    request: OffboardingRequest, steps: Sequence[StepResult], tenant: Tenant
) -> str:
    words = _STATE_WORDS[request.status]
    match request.status:
        case RequestStatus.APPROVED if request.run_at is not None:
            words += f"; it runs {run_time(request).lower()}"
        case RequestStatus.RUNNING:
            words += f": {tally(steps)}"
        case RequestStatus.INCOMPLETE:
            words += f": {shortfall(steps)}"
        case RequestStatus.VOIDED:
            words += f": {_why_void(request, tenant)}"
        case RequestStatus.DENIED:
            reason = foreign(request.decision_reason, 500)
            words += f" by {person(request.decided_by or '')}: {reason}"
    return words


def _plan(request: OffboardingRequest) -> list[Block]:
    plan = request.plan
    blocks = [
        section(f"*{plan_summary(plan)}*"),
        *packed(note_lines(plan), most_chars=_NOTES_CHARS),
    ]
    if request.status not in _BEFORE_RUN:
        return blocks
    blocks += packed(change_lines(plan), most_chars=_CHANGES_CHARS)
    if plan.blocked:
        blocks += [divider(), section("*Cannot be done here*")]
        blocks += packed(blocked_lines(plan), most_chars=_BLOCKED_CHARS)
    return blocks


def _progress(steps: Sequence[StepResult]) -> list[Block]:
    return [plan_block(steps), *_open_part(steps)]


def _open_part(steps: Sequence[StepResult]) -> list[Block]:
    """Steps that ended, and not as they should, apart from the rest."""
    parts = [
        (title, lines)
        for title, status in (
            ("Needs other hands", StepStatus.BLOCKED),
            ("Failed", StepStatus.FAILED),
            ("Not known whether done", StepStatus.UNKNOWN),
        )
        if (lines := open_lines([step for step in steps if step.status is status]))
    ]
    blocks: list[Block] = []
    for title, lines in parts:
        blocks.append(section(f"*{title}*"))
        blocks += packed(lines, most_chars=_OPEN_CHARS // len(parts))
    return blocks


def _buttons(request: OffboardingRequest, steps: Sequence[StepResult]) -> list[Block]:
    key = str(request.id)
    details = button("Details", RequestAction.DETAILS, key)
    if request.status is RequestStatus.PENDING:
        return [
            actions(
                _approve_button(request),
                button("Deny", RequestAction.DENY, key, style="danger"),
                details,
                _withdraw_button(request),
            )
        ]
    if waits_for_its_date(request):
        return [actions(details, _withdraw_button(request))]
    if can_retry(request, steps):
        return [actions(_retry_button(request), details)]
    return [actions(details)]


def _outcome_buttons(
    request: OffboardingRequest, steps: Sequence[StepResult]
) -> list[dict[str, object]]:
    details = button("Details", RequestAction.DETAILS, str(request.id))
    return [_retry_button(request), details] if can_retry(request, steps) else [details]


def _approve_button(request: OffboardingRequest) -> dict[str, object]:
    plan, leaver = request.plan, request.plan.leaver
    starts = "at its date" if request.run_at is not None else "at once"
    element = button("Approve", RequestAction.APPROVE, str(request.id), style="primary")
    return element | {
        "confirm": confirm(
            "Approve this offboarding?",
            f"{changes_text(plan)} to {clip(one_line(leaver.display_name), 90)} "
            f"({clip(one_line(leaver.user_principal_name), 90)}) begin {starts}.",
            "Approve",
            "Not yet",
            danger=False,
        )
    }


def _withdraw_button(request: OffboardingRequest) -> dict[str, object]:
    return button("Withdraw", RequestAction.WITHDRAW, str(request.id)) | {
        "confirm": confirm(
            "Withdraw this request?",
            "Only its requester can. Nothing is changed in the tenant.",
            "Withdraw",
            "Keep it",
            danger=True,
        )
    }


def _retry_button(request: OffboardingRequest) -> dict[str, object]:
    return button(
        "Retry failed steps", RequestAction.RETRY, str(request.id), style="primary"
    )


def _footer(request: OffboardingRequest) -> str:
    parts = [f"Asked {when(request.asked_at)}"]
    if request.status is RequestStatus.PENDING:
        parts.append(f"expires {when(request.expires_at)}")
    was_approved = request.status in (
        *_RAN,
        RequestStatus.APPROVED,
        RequestStatus.VOIDED,
    )
    if was_approved and request.decided_by and request.decided_at:
        by = person(request.decided_by)
        parts.append(f"approved by {by} {when(request.decided_at)}")
    if request.finished_at:
        parts.append(f"ended {when(request.finished_at)}")
    return " · ".join([*parts, f"plan {request.digest[:12]}"])


_PLAIN_STATES = {
    RequestStatus.DRAFT: "is under review",
    RequestStatus.PENDING: "waits for approval",
    RequestStatus.APPROVED: "is approved",
    RequestStatus.RUNNING: "is running",
    RequestStatus.COMPLETE: "is complete",
    RequestStatus.INCOMPLETE: "ended incomplete",
    RequestStatus.DENIED: "was denied",
    RequestStatus.WITHDRAWN: "was withdrawn",
    RequestStatus.EXPIRED: "expired undecided",
    RequestStatus.VOIDED: "is void",
}


def _fallback(request: OffboardingRequest, steps: Sequence[StepResult]) -> str:
    name = foreign(request.plan.leaver.display_name)
    line = f"Offboarding of {name} {_PLAIN_STATES[request.status]}"
    ran = request.status in _RAN
    return f"{line}: {tally(steps)}" if ran else line
