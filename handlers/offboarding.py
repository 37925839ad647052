"""Asking for an offboarding: from command, shortcut or Home to form, plan, request."""

import asyncio
from typing import Any

import structlog

from bot.domain.asking import AlreadyAskedError
from bot.domain.errors import BotError
from bot.domain.ids import ConnectionId, RequestId, SlackUserId
from bot.domain.offboarding import eligible_approvers
from bot.domain.people import SlackPerson
from bot.services.requests import RequestState
from bot.views.errors import error_text, error_view
from bot.views.offboarding import (
    asked_view,
    asking_view,
    plan_view,
    problem_view,
    reading_view,
    refused_view,
)
from bot.views.offboarding_form import (
    OffboardingAction,
    form_view,
    leaver_option,
    loading_view,
    nobody_view,
)
from bot.views.request_details import details_view
from bot.views.text import View
from handlers.doors import requester_in
from handlers.errors import unforeseen
from handlers.leavers import Meant, found_user, in_tenant, in_tenants, meant_by
from handlers.listening import AckBody, Listening, Turn
from handlers.offboarding_form import connection_of, form_errors, read_form
from handlers.open_views import update_if_open
from handlers.payloads import Click, Command, Shortcut, Submission, read_key
from handlers.permalinks import link_of_card
from handlers.requesters import allowed_tenants

log = structlog.get_logger(__name__)

_PUSHED_WITHIN_TRIES = 8  # Slack may push the answered view after our first update
_BETWEEN_TRIES = 0.25  # seconds


def register(listening: Listening) -> None:
    """Tell which delivery goes to which function."""
    listening.command("/offboard", offboard_typed)
    listening.shortcut("offboard_global", offboard_chosen)
    listening.shortcut("offboard_from_message", offboard_chosen)
    listening.action(OffboardingAction.OPEN, home_button_clicked)
    listening.action(OffboardingAction.TENANT, tenant_chosen)
    listening.action(OffboardingAction.ALL_STEPS, all_steps_clicked)
    listening.options(OffboardingAction.LEAVER, leaver_options)
    listening.submission(OffboardingAction.FORM, review_submitted, answer=review_answer)
    listening.submission(
        OffboardingAction.PLAN, request_submitted, answer=request_answer
    )


async def offboard_typed(command: Command, turn: Turn) -> None:
    """`/offboard`, with or without a person or an address."""
    view_id = await turn.open(command.trigger_id, loading_view())
    await _show_form(turn, view_id, command.user, meant_by(command.text))


async def offboard_chosen(shortcut: Shortcut, turn: Turn) -> None:
    """The global shortcut, and the one on a message, which means its author."""
    view_id = await turn.open(shortcut.trigger_id, loading_view())
    await _show_form(turn, view_id, shortcut.user, Meant(person=shortcut.author))


async def home_button_clicked(click: Click, turn: Turn) -> None:
    """The button on the Home tab."""
    view_id = await turn.open(click.trigger_id, loading_view())
    await _show_form(turn, view_id, click.user, Meant())


async def tenant_chosen(click: Click, turn: Turn) -> None:
    """Another tenant: another "Leaver" field, and the person looked up anew there."""
    chosen = ConnectionId(read_key(click.action["selected_option"]["value"]))
    await requester_in(turn, chosen, click.user)
    person = str(click.view.get("private_metadata", ""))
    meant = Meant(person=SlackUserId(person) if person else None)
    tenants = await allowed_tenants(turn, click.user)
    match = await in_tenant(turn, chosen, meant)
    view = form_view(tenants, chosen, match, metadata=person)
    await turn.update(str(click.view["id"]), view)


async def leaver_options(
    typed: str, body: dict[str, Any], turn: Turn
) -> list[dict[str, Any]]:
    """The type-ahead over the tenant's users."""
    chosen = connection_of(str(body.get("block_id", "")))
    user = SlackUserId(str(body["user"]["id"]))
    try:
        found, _ = await asyncio.gather(
            turn.services.offboarding.leavers.search(chosen, typed),
            requester_in(turn, chosen, user),
        )
    except TimeoutError:
        log.info("leavers_too_slow", connection_id=str(chosen))
        return []
    return [leaver_option(found_user(each)) for each in found]


def review_answer(submission: Submission) -> AckBody:
    """Errors under their fields, or a view on top while the plan is read.

    The form stays beneath, so closing plan or problem leads back to it as filled in.
    """
    if errors := form_errors(submission):
        return {"response_action": "errors", "errors": errors}
    return {"response_action": "push", "view": reading_view(_plan_key(submission))}


async def review_submitted(submission: Submission, turn: Turn) -> None:
    """Read the plan and show it, or why there is none."""
    try:
        view = await _reviewed(submission, turn)
    except BotError as error:
        view = problem_view(error)
    except Exception as error:  # noqa: BLE001 - else it would say "Reading" for ever
        view = problem_view(unforeseen(error, review_submitted.__name__))
    await _update_pushed(turn, _plan_key(submission), view)


async def all_steps_clicked(click: Click, turn: Turn) -> None:
    """Every step of the plan under review, page by page, on top of it."""
    state = await _own_draft(turn, RequestId(click.key), click.user)
    view = details_view(state.request, state.steps, state.tenant)
    await turn.push(click.trigger_id, view)


def request_answer(_: Submission) -> AckBody:
    """Hold the place of the outcome."""
    return {"response_action": "update", "view": asking_view()}


async def request_submitted(submission: Submission, turn: Turn) -> None:
    """Ask for approval, then say where the request is, or why it is not made."""
    draft_id = RequestId(read_key(submission.private_metadata))
    planning = turn.services.offboarding.planning
    try:
        state = await _own_draft(turn, draft_id, submission.user)
        requester = await requester_in(turn, state.tenant.id, submission.user)
        approvers = await _approvers(turn, state)
        request = await planning.ask(draft_id, requester=requester, approvers=approvers)
    except AlreadyAskedError as error:
        permalink = await link_of_card(turn, error.open_request.id)
        await _show_refusal(turn, submission.view_id, error, permalink)
    except BotError as error:
        await _show_refusal(turn, submission.view_id, error)
    else:
        await update_if_open(turn, submission.view_id, asked_view(request, None))
        if permalink := await link_of_card(turn, request.id, patiently=True):
            view = asked_view(request, permalink)
            await update_if_open(turn, submission.view_id, view)


async def _show_refusal(
    turn: Turn, view_id: str, error: BotError, permalink: str | None = None
) -> None:
    """Say it in the modal; to who closed that meanwhile, in a direct message."""
    if not await update_if_open(turn, view_id, refused_view(error, permalink)):
        await turn.tell(error_text(error))


async def _show_form(turn: Turn, view_id: str, user: SlackUserId, meant: Meant) -> None:
    """Draw the form in the modal that is open; what goes wrong is said in it."""
    try:
        view = await _form(turn, user, meant)
    except BotError as error:
        view = error_view(error)
    await update_if_open(turn, view_id, view)


async def _form(turn: Turn, user: SlackUserId, meant: Meant) -> View:
    tenants = await allowed_tenants(turn, user)
    if not tenants:
        connected = await turn.services.tenants.list_for(turn.access.workspace_id)
        return nobody_view(connected, turn.access.who_administers())
    chosen, match = await in_tenants(turn, [each.id for each in tenants], meant)
    return form_view(tenants, chosen, match, metadata=meant.person or "")


async def _reviewed(submission: Submission, turn: Turn) -> View:
    form = await read_form(submission, turn)
    state = await turn.services.offboarding.planning.draft(form)
    return plan_view(state.request, state.tenant)


async def _own_draft(
    turn: Turn, draft_id: RequestId, user: SlackUserId
) -> RequestState:
    planning = turn.services.offboarding.planning
    return await planning.own(draft_id, turn.access.workspace_id, user)


async def _approvers(turn: Turn, state: RequestState) -> list[SlackPerson]:
    """The approvers as Slack knows them now; who cannot be looked up is left out."""
    able = eligible_approvers(
        state.tenant,
        requester=state.request.requester,
        leaver=state.request.leaver_slack_id,
    )
    look_up = turn.access.directory.person
    found = await asyncio.gather(*map(look_up, able), return_exceptions=True)
    for each in found:
        if isinstance(each, BaseException) and not isinstance(each, BotError):
            raise each
    return [each for each in found if isinstance(each, SlackPerson)]


async def _update_pushed(turn: Turn, external_id: str, view: View) -> None:
    """Redraw the view that our acknowledgement pushed, once Slack has pushed it."""
    for _ in range(_PUSHED_WITHIN_TRIES):
        if await update_if_open(turn, None, view, external_id=external_id):
            return
        await asyncio.sleep(_BETWEEN_TRIES)
    log.info("plan_view_closed")  # they went back before the plan was read


def _plan_key(submission: Submission) -> str:
    """The pushed view's own name; its trigger makes it unique for each submission."""
    return f"plan:{submission.trigger_id or submission.view_hash}"
