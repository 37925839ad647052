"""Buttons of request messages. Each carries the request's ID, and nothing else counts:
who may is judged by the rules when it is pressed, whatever the message showed."""

from bot.domain.ids import RequestId, SlackUserId
from bot.domain.people import SlackPerson
from bot.services.requests import RequestState
from bot.views.request_details import DENIAL_REASON, denial_view, details_view
from bot.views.requests import RequestAction
from handlers.doors import members_only, requester_in
from handlers.listening import AckBody, Listening, Turn
from handlers.payloads import Click, Submission, read_key

_REASON_MIN = 3  # characters


def register(listening: Listening) -> None:
    """Tell which delivery goes to which function."""
    listening.action(RequestAction.APPROVE, approve_clicked)
    listening.action(RequestAction.DENY, deny_clicked)
    listening.action(RequestAction.WITHDRAW, withdraw_clicked)
    listening.action(RequestAction.RETRY, retry_clicked)
    listening.action(RequestAction.DETAILS, details_clicked)
    listening.action(RequestAction.PREVIOUS_PAGE, page_clicked)
    listening.action(RequestAction.NEXT_PAGE, page_clicked)
    listening.submission(RequestAction.DENIAL, denial_submitted, answer=denial_answer)


async def approve_clicked(click: Click, turn: Turn) -> None:
    """Pass an approver's yes on; the card redraws itself."""
    approver = await _person(turn, click.user)
    await turn.services.offboarding.approve(RequestId(click.key), approver=approver)


async def deny_clicked(click: Click, turn: Turn) -> None:
    """Ask an approver for the reason."""
    approver = await _person(turn, click.user)
    request = await turn.services.offboarding.check_may_decide(
        RequestId(click.key), approver=approver
    )
    await turn.open(click.trigger_id, denial_view(request))


def denial_answer(submission: Submission) -> AckBody:
    """A reason of blanks is none."""
    if len(submission.text(DENIAL_REASON).strip()) < _REASON_MIN:
        words = "Write why, in a few words; the requester is told."
        return {"response_action": "errors", "errors": {DENIAL_REASON: words}}
    return {}


async def denial_submitted(submission: Submission, turn: Turn) -> None:
    """Pass an approver's no on, with its reason."""
    await turn.services.offboarding.deny(
        RequestId(read_key(submission.private_metadata)),
        approver=await _person(turn, submission.user),
        reason=submission.text(DENIAL_REASON).strip(),
    )


async def withdraw_clicked(click: Click, turn: Turn) -> None:
    """Take a request back."""
    by = await _person(turn, click.user)
    await turn.services.offboarding.withdraw(RequestId(click.key), by=by)


async def retry_clicked(click: Click, turn: Turn) -> None:
    """Run what failed again."""
    by = await _person(turn, click.user)
    await _check_still_asks(turn, RequestId(click.key), by)
    await turn.services.offboarding.retry(RequestId(click.key), by=by)


async def details_clicked(click: Click, turn: Turn) -> None:
    """Show everything."""
    state = await _visible(turn, RequestId(click.key), click.user)
    view = details_view(state.request, state.steps, state.tenant)
    await turn.open(click.trigger_id, view)


async def page_clicked(click: Click, turn: Turn) -> None:
    """Turn a page of the details."""
    request_id = RequestId(read_key(str(click.view.get("private_metadata", ""))))
    state = await _visible(turn, request_id, click.user)
    page = int(click.value) if click.value.isdigit() else 0
    view = details_view(state.request, state.steps, state.tenant, page)
    await turn.update(str(click.view["id"]), view)


async def _person(turn: Turn, user: SlackUserId) -> SlackPerson:
    return await turn.access.directory.person(user)


async def _check_still_asks(turn: Turn, request_id: RequestId, by: SlackPerson) -> None:
    """A requester who left the approvals channel may no longer set a run going.

    Raises:
        NotAllowedError: they left it; that is audited.
    """
    state = await turn.services.offboarding.state(request_id, turn.access.workspace_id)
    if by.id == state.request.requester and by.id not in state.tenant.approvers:
        await requester_in(turn, state.tenant.id, by.id, "retry")


async def _visible(
    turn: Turn, request_id: RequestId, user: SlackUserId
) -> RequestState:
    """A request for somebody who may see it: its requester and those in the channel.

    Raises:
        NotAllowedError: others, and a requester who is no full member any more.
        NotFoundError: no such request in this workspace.
    """
    await members_only(turn, user, "see details")
    workspace = turn.access.workspace_id
    state = await turn.services.offboarding.state(request_id, workspace)
    if state.request.requester != user:
        await requester_in(turn, state.tenant.id, user, "see details")
    return state
