"""Disconnecting a tenant, confirmed by its name."""

from bot.domain.errors import BotError, InputError
from bot.domain.tenants import Tenant
from bot.views.connect import checking_view
from bot.views.disconnect import (
    CONFIRM_BLOCK,
    DisconnectAction,
    disconnect_view,
    disconnected_text,
    disconnected_view,
)
from bot.views.rotate import TENANT_BLOCK
from bot.views.tenants import TenantAction
from handlers.doors import admin_only
from handlers.forms import error_words, show, trouble_of, words
from handlers.home import publish_home
from handlers.listening import AckBody, Listening, Turn
from handlers.payloads import Click, Command, Submission
from handlers.tenant_choice import tenant_clicked, tenant_keyed, tenants_meant

WHAT = "disconnect a tenant"  # for the audit trail


def register(listening: Listening) -> None:
    """Listen to the button and the modal."""
    listening.action(TenantAction.DISCONNECT, disconnect_clicked)
    listening.submission(
        DisconnectAction.SUBMITTED, disconnect_submitted, answer=disconnect_answer
    )


async def disconnect_asked(command: Command, turn: Turn) -> None:
    """`/entra disconnect`, of all tenants or of those whose name begins so."""
    await admin_only(turn, command.user, WHAT)
    tenants = await tenants_meant(command, turn)
    await turn.open(command.trigger_id, disconnect_view(tenants))


async def disconnect_clicked(click: Click, turn: Turn) -> None:
    """The button of one tenant."""
    await admin_only(turn, click.user, WHAT)
    tenant = await tenant_clicked(click, turn)
    await turn.open(click.trigger_id, disconnect_view([tenant]))


def disconnect_answer(_: Submission) -> AckBody:
    """Whether the name is right is known only to the database."""
    view = checking_view("Disconnect a tenant", what="Comparing the name.")
    return {"response_action": "update", "view": view}


async def disconnect_submitted(submission: Submission, turn: Turn) -> None:
    """Disconnect if the name typed is the tenant's; else ask again."""
    await admin_only(turn, submission.user, WHAT)
    chosen = submission.private_metadata or submission.choice(TENANT_BLOCK)
    tenant = await tenant_keyed(chosen, submission.workspace_id, turn)
    try:
        _check_name(tenant, submission.text(CONFIRM_BLOCK))
        gone = await turn.services.tenants.disconnect(tenant.id, by=submission.user)
    except BotError as error:
        tenants = (
            [tenant]
            if submission.private_metadata
            else await turn.services.tenants.list_for(submission.workspace_id)
        )
        view = disconnect_view(tenants, chosen, trouble_of(error))
        await show(turn, submission.view_id, view, error_words(error))
        return
    told = words(disconnected_text(gone.tenant, gone.voided))
    view = disconnected_view(gone.tenant, gone.voided)
    await show(turn, submission.view_id, view, told)
    await publish_home(turn, submission.user, submission.workspace_id)


def _check_name(tenant: Tenant, typed: str) -> None:
    if typed.strip().casefold() != tenant.name.casefold():
        raise InputError(
            CONFIRM_BLOCK,
            "This is not the tenant's name; nothing was disconnected.",
            remedy=f"Type the name as it is shown: {tenant.name}.",
        )
