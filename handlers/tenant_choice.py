"""Which tenant somebody means, by the name typed or the button pressed."""

from bot.domain.dashboard import is_named
from bot.domain.errors import NotFoundError
from bot.domain.ids import ConnectionId, WorkspaceId
from bot.domain.tenants import Tenant
from bot.views.text import clip, one_line
from handlers.listening import Turn
from handlers.payloads import Click, Command, read_key


class NothingConnectedError(NotFoundError):
    """A tenant is needed and there is none."""

    code = "nothing_connected"

    def __init__(self) -> None:
        super().__init__(
            "No tenant is connected yet.",
            remedy="An administrator connects one with `/entra connect`.",
        )


async def tenants_meant(command: Command, turn: Turn) -> list[Tenant]:
    """The tenants whose name begins with what follows the command's word; all of
    them where nothing follows.

    Raises:
        NotFoundError: none is connected, or none has such a name.
    """
    present = await turn.services.tenants.list_for(command.workspace_id)
    if not present:
        raise NothingConnectedError
    name = name_typed(command)
    found = [tenant for tenant in present if is_named(tenant, name)]
    if not found:
        raise no_such_tenant(name)
    return found


def name_typed(command: Command) -> str:
    """What follows the command's first word."""
    return " ".join(command.words[1:])


def no_such_tenant(name: str) -> NotFoundError:
    """Say that nothing connected is called so."""
    shown = clip(one_line(name.replace("`", "\u2019")), 60)
    return NotFoundError(
        f"No connected tenant's name begins with `{shown}`.",
        remedy="See `/entra status` for those that are connected.",
    )


async def tenant_clicked(click: Click, turn: Turn) -> Tenant:
    """The tenant whose key the button carries. Raises as `tenant_keyed`."""
    return await tenant_keyed(click.value, click.workspace_id, turn)


async def tenant_keyed(key: str, workspace_id: WorkspaceId, turn: Turn) -> Tenant:
    """A connected tenant of the acting person's own workspace.

    Raises:
        NotFoundError: not connected (any more), or another workspace's.
    """
    tenant = await turn.services.tenants.get(ConnectionId(read_key(key)))
    if tenant.workspace_id != workspace_id:
        raise no_such_tenant(key)
    return tenant
