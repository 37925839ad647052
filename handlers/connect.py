"""Connecting a tenant: the modal, its checks, and what became of it."""

from collections.abc import Callable

from bot.domain.clouds import Cloud
from bot.domain.errors import BotError, InputError
from bot.domain.ids import ClientId, SlackUserId, TenantId
from bot.domain.tenants import (
    ConnectInput,
    Field,
    TenantSettings,
    check_distinct,
    is_guid,
    read_guid,
)
from bot.views.connect import (
    ConnectAction,
    ConnectForm,
    checking_view,
    connect_view,
    outcome_view,
)
from bot.views.tenants import connection_message
from handlers.doors import admin_only
from handlers.forms import (
    check_settings,
    error_words,
    errors_under_fields,
    read_credential,
    read_name,
    read_sign_in,
    show,
    trouble_of,
    typed_in,
)
from handlers.home import publish_home
from handlers.listening import AckBody, Listening, Turn
from handlers.payloads import Click, Command, Shortcut, Submission

WHAT = "connect a tenant"  # for the audit trail


def register(listening: Listening) -> None:
    """Listen to the shortcut, the buttons and the modal."""
    listening.shortcut("connect_global", connect_chosen)
    listening.action(ConnectAction.OPEN, connect_clicked)
    listening.action(ConnectAction.SIGN_IN_CHOSEN, sign_in_chosen)
    listening.submission(
        ConnectAction.SUBMITTED, connect_submitted, answer=connect_answer
    )


async def connect_asked(command: Command, turn: Turn) -> None:
    """`/entra connect`."""
    await _open(turn, command.user, command.trigger_id)


async def connect_chosen(shortcut: Shortcut, turn: Turn) -> None:
    """The shortcut "Connect a tenant"."""
    await _open(turn, shortcut.user, shortcut.trigger_id)


async def connect_clicked(click: Click, turn: Turn) -> None:
    """A button "Connect a tenant"."""
    await _open(turn, click.user, click.trigger_id)


async def sign_in_chosen(click: Click, turn: Turn) -> None:
    """Redraw the form with the field of the other credential."""
    form = read_form(typed_in(click))
    await turn.update(str(click.view["id"]), connect_view(form))


def connect_answer(submission: Submission) -> AckBody:
    """Name every field of wrong shape; else show that it is being checked."""
    errors = shape_errors(submission)
    if errors:
        return errors_under_fields(errors)
    return {"response_action": "update", "view": checking_view()}


async def connect_submitted(submission: Submission, turn: Turn) -> None:
    """Prove the connection, then show its outcome, or the form with what is wrong."""
    await admin_only(turn, submission.user, WHAT)
    wanted = read_input(submission)
    try:
        await check_settings(turn.access, _settings(wanted))
        tenant = await turn.services.tenants.connect(wanted, by=submission.user)
    except BotError as error:
        trouble = trouble_of(error, wanted.credential)
        view = connect_view(read_form(submission), trouble)
        await show(turn, submission.view_id, view, error_words(error))
        return
    consent_link = turn.services.tenants.consent_link(tenant)
    await show(
        turn,
        submission.view_id,
        outcome_view(tenant, consent_link),
        connection_message(tenant, consent_link),
    )
    await publish_home(turn, submission.user, submission.workspace_id)


def shape_errors(submission: Submission) -> dict[str, BotError]:
    """What is wrong with the shape of each field, by block ID."""
    errors: dict[str, BotError] = {}
    readers: tuple[Callable[[Submission], object], ...] = (
        read_name,
        _tenant_id,
        _client_id,
        _both_ids,
        read_credential,
    )
    for read in readers:
        try:
            read(submission)
        except InputError as error:
            errors.setdefault(error.field, error)
    return errors


def read_input(submission: Submission) -> ConnectInput:
    """The modal as a value.

    Raises:
        InputError: the first field of wrong shape.
    """
    tenant_id, client_id = _both_ids(submission)
    return ConnectInput(
        workspace_id=submission.workspace_id,
        name=read_name(submission),
        cloud=_cloud(submission),
        tenant_id=tenant_id,
        client_id=client_id,
        credential=read_credential(submission),
        alerts_channel=submission.conversation(Field.ALERTS_CHANNEL),
        approvals_channel=submission.conversation(Field.APPROVALS_CHANNEL),
        approvers=submission.people(Field.APPROVERS),
    )


def read_form(submission: Submission) -> ConnectForm:
    """What was typed and chosen, right or wrong, without the credential."""
    return ConnectForm(
        name=submission.text(Field.NAME),
        cloud=_cloud(submission),
        tenant_id=_guid_or_nothing(submission.text(Field.TENANT_ID)),
        client_id=_guid_or_nothing(submission.text(Field.CLIENT_ID)),
        sign_in=read_sign_in(submission),
        alerts_channel=submission.conversation(Field.ALERTS_CHANNEL),
        approvals_channel=submission.conversation(Field.APPROVALS_CHANNEL),
        approvers=submission.people(Field.APPROVERS),
    )


async def _open(turn: Turn, user: SlackUserId, trigger_id: str) -> None:
    await admin_only(turn, user, WHAT)
    await turn.open(trigger_id, connect_view(ConnectForm()))


def _guid_or_nothing(typed: str) -> str:
    """A secret pasted into the wrong field must not be drawn into a view.

    Slack keeps what stands in a field that is redrawn in place anyway.
    """
    return typed.strip() if is_guid(typed.strip()) else ""


def _cloud(submission: Submission) -> Cloud:
    chosen = submission.choice(Field.CLOUD)
    return Cloud(chosen) if chosen else Cloud.GLOBAL


def _tenant_id(submission: Submission) -> TenantId:
    typed = submission.text(Field.TENANT_ID)
    return TenantId(
        read_guid(typed, field=Field.TENANT_ID, label="The directory (tenant) ID")
    )


def _client_id(submission: Submission) -> ClientId:
    typed = submission.text(Field.CLIENT_ID)
    return ClientId(
        read_guid(typed, field=Field.CLIENT_ID, label="The application (client) ID")
    )


def _both_ids(submission: Submission) -> tuple[TenantId, ClientId]:
    tenant_id, client_id = _tenant_id(submission), _client_id(submission)
    check_distinct(tenant_id, client_id)
    return tenant_id, client_id


def _settings(wanted: ConnectInput) -> TenantSettings:
    return TenantSettings(
        wanted.name, wanted.alerts_channel, wanted.approvals_channel, wanted.approvers
    )
