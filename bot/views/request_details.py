"""Everything about a request, page by page, and the modal that asks why not."""

from collections.abc import Sequence

from bot.domain.offboarding import OffboardingRequest, StepResult
from bot.domain.tenants import Tenant
from bot.views.plans import NAME_MAX, note_lines, packed, plan_summary
from bot.views.progress import STATUS_MARKS, status_words, tally
from bot.views.requests import RequestAction
from bot.views.text import (
    Block,
    View,
    actions,
    button,
    code,
    context,
    divider,
    field,
    foreign,
    modal,
    section,
    when,
)

PAGE = 40  # steps on one page
_PAGE_CHARS = 120_000  # of the 250 kB that Slack takes for a view
DENIAL_REASON = "denial_reason"  # block ID
DENIAL_REASON_MAX = 500


def details_view(
    request: OffboardingRequest,
    steps: Sequence[StepResult],
    tenant: Tenant,
    page: int = 0,
) -> View:
    """Every step with its state, reason and Graph's request-id."""
    pages = max(1, -(-len(steps) // PAGE))
    page = min(max(page, 0), pages - 1)
    shown = steps[page * PAGE : (page + 1) * PAGE]
    lines = [_line(step) for step in shown]
    return modal(
        "Offboarding details",
        [
            section(_about(request, tenant)),
            *packed(note_lines(request.plan), most_chars=20_000),
            divider(),
            section(f"*{plan_summary(request.plan)}*\n{tally(steps)}"),
            *packed(lines, most_chars=_PAGE_CHARS),
            *_turning(page, pages, len(steps)),
            context(f"Plan {code(request.digest, 64)}"),
        ],
        callback_id="request.shown",
        private_metadata=str(request.id),
    )


def denial_view(request: OffboardingRequest) -> View:
    """Asks an approver why not; the requester is told."""
    leaver = request.plan.leaver
    element = {
        "type": "plain_text_input",
        "action_id": "request.denial_reason",
        "multiline": True,
        "min_length": 3,
        "max_length": DENIAL_REASON_MAX,
    }
    return modal(
        "Deny the request",
        [
            section(
                f"The offboarding of *{foreign(leaver.display_name)}* "
                f"({foreign(leaver.user_principal_name)}) will not run."
            ),
            field(DENIAL_REASON, "Reason", element, hint="The requester is told it."),
        ],
        callback_id=RequestAction.DENIAL,
        submit="Deny",
        close="Cancel",
        private_metadata=str(request.id),
    )


def _about(request: OffboardingRequest, tenant: Tenant) -> str:
    leaver = request.plan.leaver
    return (
        f"*{foreign(leaver.display_name)}* ({foreign(leaver.user_principal_name)}), "
        f"object {code(str(leaver.object_id))}, in {foreign(tenant.name, 60)} "
        f"(tenant {code(str(request.plan.tenant_id))}). "
        f"The plan was read {when(request.plan.read_at)}."
    )


def _line(step: StepResult) -> str:
    name = foreign(step.step.label, NAME_MAX)
    told = foreign(step.detail or step.step.blocked or "", 400)
    line = f"{STATUS_MARKS[step.status]} {name}: *{status_words(step.status)}*"
    if told:
        line = f"{line}: {told}"
    if step.graph_request_id:
        line = f"{line} _request-id {foreign(step.graph_request_id, 60)}_"
    return line


def _turning(page: int, pages: int, steps: int) -> list[Block]:
    if pages == 1:
        return []
    buttons = []
    if page > 0:
        label = "Previous page"
        buttons.append(button(label, RequestAction.PREVIOUS_PAGE, str(page - 1)))
    if page < pages - 1:
        buttons.append(button("Next page", RequestAction.NEXT_PAGE, str(page + 1)))
    first, last = page * PAGE + 1, min((page + 1) * PAGE, steps)
    return [context(f"Steps {first} to {last} of {steps}"), actions(*buttons)]
