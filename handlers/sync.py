"""/entra sync: how directories stand, and the buttons under them."""

from bot.domain.dashboard import is_named
from bot.views.status import nothing_connected
from bot.views.sync import (
    SyncAction,
    asked_text,
    removed_text,
    sync_message,
)
from handlers.doors import admin_only, members_only
from handlers.listening import Listening, Turn
from handlers.payloads import Click, Command, read_key
from handlers.tenant_choice import name_typed, no_such_tenant, tenant_clicked


def register(listening: Listening) -> None:
    """Listen to the buttons."""
    listening.action(SyncAction.SHOW, show_clicked)
    listening.action(SyncAction.NOW, now_clicked)
    listening.action(SyncAction.REMOVE, remove_clicked)


async def sync_asked(command: Command, turn: Turn) -> None:
    """`/entra sync`: every directory, or those of tenants whose name begins so."""
    await members_only(turn, command.user, "see the directory syncs")
    syncs = await turn.services.directory.overview(command.workspace_id)
    name = name_typed(command)
    named = [each for each in syncs if is_named(each.tenant, name)]
    if syncs and not named:
        raise no_such_tenant(name)
    drawing = sync_message(named) if named else nothing_connected()
    await turn.tell(drawing.text, drawing.blocks)


async def show_clicked(click: Click, turn: Turn) -> None:
    """Show how one tenant's directory stands, part by part."""
    await members_only(turn, click.user, "see the directory syncs")
    tenant = await tenant_clicked(click, turn)
    drawing = sync_message([await turn.services.directory.of(tenant.id)])
    await turn.tell(drawing.text, drawing.blocks)


async def now_clicked(click: Click, turn: Turn) -> None:
    """Ask for a sync that does not wait for its time."""
    await members_only(turn, click.user, "sync a directory")
    tenant = await tenant_clicked(click, turn)
    # The trigger is of this click alone, so a doubled delivery syncs once.
    asked = await turn.services.directory.ask_now(tenant.id, click.trigger_id)
    await turn.tell(asked_text(tenant, was_running=not asked))


async def remove_clicked(click: Click, turn: Turn) -> None:
    """An administrator says that what was not found is really gone."""
    await admin_only(turn, click.user, "remove what a sync no longer found")
    directory = turn.services.directory
    key = read_key(click.value)
    tenant, data_set = await directory.find_held(click.workspace_id, key)
    removed = await directory.accept_shrinkage(tenant.id, data_set, key, by=click.user)
    await turn.tell(removed_text(tenant, data_set, removed))
