"""Rotating the credential that Gatehouse signs in with."""

from collections.abc import Sequence

from bot.domain.errors import BotError, InputError, NotFoundError
from bot.domain.ids import WorkspaceId
from bot.domain.tenants import SignInKind, Tenant
from bot.views.connect import checking_view
from bot.views.rotate import (
    TENANT_BLOCK,
    RotateAction,
    RotateForm,
    rotate_view,
    rotated_text,
    rotated_view,
)
from bot.views.tenants import TenantAction
from handlers.doors import admin_only
from handlers.forms import (
    error_words,
    errors_under_fields,
    read_credential,
    read_sign_in,
    show,
    trouble_of,
    typed_in,
    words,
)
from handlers.home import publish_home
from handlers.listening import AckBody, Listening, Turn
from handlers.payloads import Click, Command, Submission
from handlers.tenant_choice import tenant_clicked, tenant_keyed, tenants_meant

WHAT = "rotate a credential"  # for the audit trail


def register(listening: Listening) -> None:
    """Listen to the button and the modal."""
    listening.action(TenantAction.ROTATE, rotate_clicked)
    listening.action(RotateAction.SIGN_IN_CHOSEN, sign_in_chosen)
    listening.submission(RotateAction.SUBMITTED, rotate_submitted, answer=rotate_answer)


async def rotate_asked(command: Command, turn: Turn) -> None:
    """`/entra rotate`, of all tenants or of those whose name begins so."""
    await admin_only(turn, command.user, WHAT)
    tenants = await tenants_meant(command, turn)
    await turn.open(command.trigger_id, rotate_view(_form(tenants)))


async def rotate_clicked(click: Click, turn: Turn) -> None:
    """The button of one tenant."""
    await admin_only(turn, click.user, WHAT)
    tenant = await tenant_clicked(click, turn)
    await turn.open(click.trigger_id, rotate_view(_form([tenant])))


async def sign_in_chosen(click: Click, turn: Turn) -> None:
    """Redraw the form with the field of the other credential."""
    typed = typed_in(click)
    form = await _form_again(typed, turn)
    await turn.update(typed.view_id, rotate_view(form))


def rotate_answer(submission: Submission) -> AckBody:
    """Name a field of wrong shape; else show that it is being checked."""
    try:
        read_credential(submission)
    except InputError as error:
        return errors_under_fields({error.field: error})
    view = checking_view(
        "Rotate credential", what="Signing in to Entra with the new credential."
    )
    return {"response_action": "update", "view": view}


async def rotate_submitted(submission: Submission, turn: Turn) -> None:
    """Prove the new credential and put it in; else the form with what is wrong."""
    await admin_only(turn, submission.user, WHAT)
    credential = read_credential(submission)
    tenant = await _tenant_of(submission, turn)
    try:
        rotated = await turn.services.tenants.rotate(
            tenant.id, credential, by=submission.user
        )
    except NotFoundError:
        raise
    except BotError as error:
        form = await _form_again(submission, turn)
        view = rotate_view(form, trouble_of(error, credential))
        await show(turn, submission.view_id, view, error_words(error))
        return
    told = words(rotated_text(rotated))
    await show(turn, submission.view_id, rotated_view(rotated), told)
    await publish_home(turn, submission.user, submission.workspace_id)


async def _tenant_of(submission: Submission, turn: Turn) -> Tenant:
    key = submission.private_metadata or submission.choice(TENANT_BLOCK)
    return await tenant_keyed(key, submission.workspace_id, turn)


def _form(tenants: Sequence[Tenant]) -> RotateForm:
    return RotateForm(tenants, sign_in=_common_kind(tenants))


async def _form_again(typed: Submission, turn: Turn) -> RotateForm:
    """The form as it was filled in."""
    tenants = await _offered(typed.private_metadata, typed.workspace_id, turn)
    return RotateForm(tenants, typed.choice(TENANT_BLOCK), read_sign_in(typed))


async def _offered(key: str, workspace_id: WorkspaceId, turn: Turn) -> Sequence[Tenant]:
    if key:
        return [await tenant_keyed(key, workspace_id, turn)]
    return await turn.services.tenants.list_for(workspace_id)


def _common_kind(tenants: Sequence[Tenant]) -> SignInKind:
    kinds = {tenant.sign_in_kind for tenant in tenants}
    return kinds.pop() if len(kinds) == 1 else SignInKind.SECRET
