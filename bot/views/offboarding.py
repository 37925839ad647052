"""The modals after the form: reading, the plan under review, and what became of it."""

from bot.domain.errors import BotError
from bot.domain.offboarding import OffboardingRequest, eligible_approvers
from bot.domain.tenants import Tenant
from bot.views.errors import error_text
from bot.views.offboarding_form import SHOWN, OffboardingAction
from bot.views.plans import (
    blocked_lines,
    change_lines,
    note_lines,
    packed,
    plan_summary,
)
from bot.views.text import (
    Block,
    View,
    actions,
    button,
    channel,
    context,
    divider,
    facts,
    foreign,
    link,
    modal,
    person,
    section,
    when,
)

_PLAN_CHARS = 120_000  # of the 250 kB that Slack takes for a view


def reading_view(external_id: str) -> View:
    """Stands on the form while the plan is read; closing it leads back."""
    view = modal(
        "Offboarding plan",
        [section(":hourglass_flowing_sand: Reading the directory…")],
        callback_id=SHOWN,
        close="Back",
    )
    return {**view, "external_id": external_id}


def problem_view(error: BotError) -> View:
    """Why there is no plan; closing it leads back to the form as it was filled in."""
    return modal(
        "Offboarding plan",
        [section(error_text(error))],
        callback_id=SHOWN,
        close="Back",
    )


def plan_view(draft: OffboardingRequest, tenant: Tenant) -> View:
    """The plan under review. Without a step that can be done there is no submit."""
    plan = draft.plan
    return modal(
        "Offboarding plan",
        [
            _plan_facts(draft, tenant),
            section(f"*{plan_summary(plan)}*"),
            *packed(note_lines(plan), most_chars=_PLAN_CHARS // 6),
            divider(),
            *packed(change_lines(plan), most_chars=_PLAN_CHARS // 2),
            *_blocked_part(draft),
            actions(
                button("Show every step", OffboardingAction.ALL_STEPS, str(draft.id)),
            ),
            context(_who_decides(draft, tenant)),
        ],
        callback_id=OffboardingAction.PLAN,
        submit="Request approval" if plan.runnable else None,
        close="Back",
        private_metadata=str(draft.id),
    )


def asking_view() -> View:
    """Stands while the request is stored."""
    return _last_view(":hourglass_flowing_sand: Asking for approval…")


def asked_view(request: OffboardingRequest, permalink: str | None) -> View:
    """The request is made: where it is, and until when it waits."""
    where = channel(request.approvals_channel)
    seen = f" ({link(permalink, 'open the message')})" if permalink else ""
    return _last_view(
        f":white_check_mark: Approval is requested in {where}{seen}.\n"
        f"It waits until {when(request.expires_at)}; you will be told the outcome."
    )


def refused_view(error: BotError, permalink: str | None = None) -> View:
    """The request is not made, and why; with a link to the one that is open."""
    text = error_text(error)
    if permalink:
        text = f"{text}\n{link(permalink, 'Open that request')}"
    return _last_view(text)


def _last_view(text: str) -> View:
    """Closing it closes the form and the plan beneath it too."""
    view = modal("Offboarding plan", [section(text)], callback_id=SHOWN)
    return {**view, "clear_on_close": True}


def _plan_facts(draft: OffboardingRequest, tenant: Tenant) -> Block:
    leaver = draft.plan.leaver
    return facts(
        {
            "Leaver": f"{foreign(leaver.display_name)}\n"
            f"{foreign(leaver.user_principal_name)}",
            "Tenant": foreign(tenant.name, 60),
            "When": run_time(draft),
            "Read": when(draft.plan.read_at),
        }
    )


def run_time(request: OffboardingRequest) -> str:
    """When it runs, in words."""
    if request.run_at is None:
        return "At once after approval"
    return f"{when(request.run_at)}, if approved by then; else at once after approval"


def _blocked_part(draft: OffboardingRequest) -> list[Block]:
    lines = blocked_lines(draft.plan)
    if not lines:
        return []
    return [
        divider(),
        section("*Cannot be done here*"),
        *packed(lines, most_chars=_PLAN_CHARS // 3),
    ]


def _who_decides(draft: OffboardingRequest, tenant: Tenant) -> str:
    able = eligible_approvers(
        tenant, requester=draft.requester, leaver=draft.leaver_slack_id
    )
    if not able:
        return ":warning: Nobody can approve this: there is no approver but you."
    names = ", ".join(person(user) for user in able[:20])
    more = f" and {len(able) - 20} more" if len(able) > 20 else ""
    return f"Can approve it: {names}{more}. Never the requester, never the leaver."
