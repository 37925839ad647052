"""Buttons of alert cards, and /entra secrets and /entra consent."""

from bot.domain.alerts import Alert, AlertKind
from bot.domain.errors import NotAllowedError
from bot.domain.ids import AlertId
from bot.domain.tenants import Tenant
from bot.views.alerts import (
    ActionId,
    acknowledged_text,
    check_text,
    snoozed_text,
)
from bot.views.secrets import consent_message, secrets_message
from bot.views.sync import READ_AGAIN
from bot.views.text import channel
from handlers.doors import members_only
from handlers.listening import Listening, Turn
from handlers.payloads import Click, Command


def register(listening: Listening) -> None:
    """Tell Bolt which button goes to which function."""
    listening.action(ActionId.ACKNOWLEDGE, acknowledge_clicked)
    listening.action(ActionId.SNOOZE, snooze_clicked)
    listening.action(ActionId.CHECK_AGAIN, check_again_clicked)


async def acknowledge_clicked(click: Click, turn: Turn) -> None:
    """Note who takes care; the card is redrawn for everybody."""
    alert = await _alert_for(click, turn)
    alert, done = await turn.services.watch.acknowledge(alert.id, by=click.user)
    if not done:
        await turn.tell(acknowledged_text(alert))


async def snooze_clicked(click: Click, turn: Turn) -> None:
    """Hold replies back, and say until when."""
    alert = await _alert_for(click, turn)
    alert = await turn.services.watch.snooze(alert.id, by=click.user)
    await turn.tell(snoozed_text(alert))


async def check_again_clicked(click: Click, turn: Turn) -> None:
    """Scan the tenant now, and say how this alert came out of it.

    A directory takes longer; it is read in the background.
    """
    alert = await _alert_for(click, turn)
    if alert.kind is AlertKind.SYNC_FAILING:
        directory = turn.services.directory
        await directory.ask_now(alert.connection_id, click.trigger_id)
        await turn.tell(READ_AGAIN)
        return
    checked = await turn.services.watch.check_again(alert.id)
    await turn.tell(check_text(checked.alert, checked.problems))


async def secrets_asked(command: Command, turn: Turn) -> None:
    """`/entra secrets`: what ends, soonest first, to any full member alone."""
    await members_only(turn, command.user, "see secrets")
    overview = await turn.services.watch.secrets(command.workspace_id)
    drawing = secrets_message(overview)
    await turn.tell(drawing.text, drawing.blocks)


async def consent_asked(command: Command, turn: Turn) -> None:
    """`/entra consent`: what each tenant has granted now, to any full member alone."""
    await members_only(turn, command.user, "see consent")
    consents = await turn.services.watch.consent(command.workspace_id)
    drawing = consent_message(consents)
    await turn.tell(drawing.text, drawing.blocks)


async def _alert_for(click: Click, turn: Turn) -> Alert:
    """The alert pressed, if this person is one of those it was told to.

    Raises:
        NotFoundError: the alert is gone, or another workspace's.
        NotAllowedError: not a full member who is in the alerts channel; audited.
    """
    watch = turn.services.watch
    alert, tenant = await watch.alert(AlertId(click.key), click.workspace_id)
    try:
        await _check_hears(click, turn, tenant)
    except NotAllowedError as error:
        await turn.services.refusals.record(
            tenant.workspace_id,
            click.user,
            error,
            wanted=click.action_id,
            subject=f"alert:{alert.id}",
        )
        raise
    return alert


async def _check_hears(click: Click, turn: Turn, tenant: Tenant) -> None:
    await turn.access.member(click.user)
    directory = turn.access.directory
    if not await directory.is_member(tenant.alerts_channel, click.user):
        raise NotAllowedError(
            f"Only people in the alerts channel of {tenant.name} may do this.",
            remedy=f"Join {channel(tenant.alerts_channel)} first.",
        )
