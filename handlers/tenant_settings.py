"""Changing a connected tenant's name, channels and approvers."""

from bot.domain.errors import BotError, InputError, NotFoundError
from bot.domain.tenants import Field, TenantSettings
from bot.views.connect import checking_view
from bot.views.tenant_settings import (
    SettingsAction,
    block_suffix,
    saved_text,
    saved_view,
    settings_view,
)
from bot.views.tenants import TenantAction
from handlers.doors import admin_only
from handlers.forms import (
    check_settings,
    error_words,
    errors_under_fields,
    read_name,
    show,
    trouble_of,
    typed_in,
    words,
)
from handlers.home import publish_home
from handlers.listening import AckBody, Listening, Turn
from handlers.payloads import Click, Command, Submission
from handlers.tenant_choice import tenant_clicked, tenant_keyed, tenants_meant

WHAT = "change a tenant's settings"  # for the audit trail


def register(listening: Listening) -> None:
    """Listen to the button and the modal."""
    listening.action(TenantAction.SETTINGS, settings_clicked)
    listening.action(SettingsAction.TENANT_CHOSEN, tenant_chosen)
    listening.submission(
        SettingsAction.SUBMITTED, settings_submitted, answer=settings_answer
    )


async def settings_asked(command: Command, turn: Turn) -> None:
    """`/entra settings`, of all tenants or of those whose name begins so."""
    await admin_only(turn, command.user, WHAT)
    tenants = await tenants_meant(command, turn)
    first = tenants[0]
    view = settings_view(tenants, first, first.settings)
    await turn.open(command.trigger_id, view)


async def settings_clicked(click: Click, turn: Turn) -> None:
    """The button of one tenant."""
    await admin_only(turn, click.user, WHAT)
    tenant = await tenant_clicked(click, turn)
    view = settings_view([tenant], tenant, tenant.settings)
    await turn.open(click.trigger_id, view)


async def tenant_chosen(click: Click, turn: Turn) -> None:
    """Redraw the form with another tenant's settings."""
    await admin_only(turn, click.user, WHAT)
    chosen = str((click.action.get("selected_option") or {}).get("value", ""))
    tenant = await tenant_keyed(chosen, click.workspace_id, turn)
    tenants = await turn.services.tenants.list_for(click.workspace_id)
    view = settings_view(tenants, tenant, tenant.settings)
    await turn.update(typed_in(click).view_id, view)


def settings_answer(submission: Submission) -> AckBody:
    """Name a field of wrong shape; else show that it is being checked."""
    block = f"{Field.NAME}{block_suffix(submission.private_metadata)}"
    try:
        read_name(submission, block)
    except InputError as error:
        return errors_under_fields({block: error})
    view = checking_view("Tenant settings", what="Asking Slack about the channels.")
    return {"response_action": "update", "view": view}


async def settings_submitted(submission: Submission, turn: Turn) -> None:
    """Save, or show the form with what is wrong."""
    await admin_only(turn, submission.user, WHAT)
    key = submission.private_metadata
    tenant = await tenant_keyed(key, submission.workspace_id, turn)
    settings = _read_settings(submission)
    try:
        await check_settings(turn.access, settings)
        saved = await turn.services.tenants.change_settings(
            tenant.id, settings, by=submission.user
        )
    except NotFoundError:
        raise
    except BotError as error:
        view = settings_view([tenant], tenant, settings, trouble_of(error))
        await show(turn, submission.view_id, view, error_words(error))
        return
    told = words(saved_text(saved))
    await show(turn, submission.view_id, saved_view(saved), told)
    await publish_home(turn, submission.user, submission.workspace_id)


def _read_settings(submission: Submission) -> TenantSettings:
    suffix = block_suffix(submission.private_metadata)
    return TenantSettings(
        name=read_name(submission, f"{Field.NAME}{suffix}"),
        alerts_channel=submission.conversation(f"{Field.ALERTS_CHANNEL}{suffix}"),
        approvals_channel=submission.conversation(f"{Field.APPROVALS_CHANNEL}{suffix}"),
        approvers=submission.people(f"{Field.APPROVERS}{suffix}"),
    )
