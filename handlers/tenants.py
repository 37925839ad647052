"""Looking at connected tenants: status, permissions, scans, and checking again."""

from typing import Any

from bot.domain.errors import BotError
from bot.domain.tenants import Tenant
from bot.views.connect import checking_view, outcome_view
from bot.views.status import status_message, which_tenant
from bot.views.tenants import TenantAction, connection_message, summary
from bot.views.text import Drawing, channel, foreign
from handlers import disconnect, rotate, tenant_settings
from handlers.doors import members_only
from handlers.home import publish_home
from handlers.listening import Listening, Turn
from handlers.payloads import Click, Command
from handlers.tenant_choice import (
    name_typed,
    no_such_tenant,
    tenant_clicked,
    tenants_meant,
)


def register(listening: Listening) -> None:
    """Listen to the buttons under tenants, and to the modals that change them."""
    listening.action(TenantAction.CHECK, check_clicked)
    listening.action(TenantAction.REPORT, report_clicked)
    listening.action(TenantAction.SCAN, scan_clicked)
    for module in (rotate, tenant_settings, disconnect):
        module.register(listening)


async def status_asked(command: Command, turn: Turn) -> None:
    """`/entra status`: every tenant at a glance, or those whose name begins so."""
    await members_only(turn, command.user, "see the tenants")
    overview = await turn.services.tenants.overview(command.workspace_id)
    name = name_typed(command)
    named = overview.named(name)
    if overview.tenants and not named.tenants:
        raise no_such_tenant(name)
    await _tell(turn, status_message(named))


async def permissions_asked(command: Command, turn: Turn) -> None:
    """`/entra permissions`: one tenant in full; several are offered by name."""
    await members_only(turn, command.user, "see permissions")
    meant = await tenants_meant(command, turn)
    if len(meant) == 1:
        await _tell(turn, _report(meant[0], turn))
        return
    question = "Which tenant's permissions?"
    await _tell(turn, which_tenant(meant, question, TenantAction.REPORT, "Show"))


async def report_clicked(click: Click, turn: Turn) -> None:
    """Show one tenant's permissions as they were at the last check."""
    await members_only(turn, click.user, "see permissions")
    await _tell(turn, _report(await tenant_clicked(click, turn), turn))


async def scan_clicked(click: Click, turn: Turn) -> None:
    """Queue a scan; what it finds appears in the alerts channel."""
    await members_only(turn, click.user, "scan a tenant")
    tenant = await tenant_clicked(click, turn)
    # The trigger is of this click alone, so a doubled delivery scans once.
    await turn.services.watch.enqueue_scan(tenant.id, f"asked:{click.trigger_id}")
    await turn.tell(
        f":mag: {foreign(tenant.name)} is being scanned. What it finds appears in "
        f"{channel(tenant.alerts_channel)}; `/entra status` shows when it is done."
    )


async def check_clicked(click: Click, turn: Turn) -> None:
    """Prove a connection anew, and show the answer where it was asked for."""
    await members_only(turn, click.user, "check a tenant")
    tenant = await tenant_clicked(click, turn)
    if click.view.get("type") == "modal":
        await turn.update(str(click.view["id"]), checking_view("Checking again"))
    try:
        checked = await turn.services.tenants.check_again(tenant.id, by=click.user)
    except BotError:
        await _refresh_home(click, turn)
        raise
    await _show_checked(click, checked, turn)


async def _show_checked(click: Click, tenant: Tenant, turn: Turn) -> None:
    if click.view.get("type") == "modal":
        link = turn.services.tenants.consent_link(tenant)
        await turn.update(str(click.view["id"]), outcome_view(tenant, link))
        return
    await _refresh_home(click, turn)
    if _is_alone(turn.body):
        # A message that only one person sees cannot be updated; they get another.
        await _tell(turn, _report(tenant, turn))
    else:
        await turn.tell(
            f":mag: Checked just now. {foreign(tenant.name)}: {summary(tenant)}"
        )


async def _refresh_home(click: Click, turn: Turn) -> None:
    if click.view.get("type") == "home":
        await publish_home(turn, click.user, click.workspace_id)


def _is_alone(body: dict[str, Any]) -> bool:
    return bool((body.get("container") or {}).get("is_ephemeral"))


def _report(tenant: Tenant, turn: Turn) -> Drawing:
    return connection_message(tenant, turn.services.tenants.consent_link(tenant))


async def _tell(turn: Turn, drawing: Drawing) -> None:
    await turn.tell(drawing.text, drawing.blocks)
