"""The Home tab: the dashboard."""

from bot.domain.dashboard import TenantOverview, WorkspaceOverview
from bot.views.connect import ConnectAction
from bot.views.offboarding_form import OffboardingAction
from bot.views.status import overview_text, scan_text
from bot.views.sync import SyncAction
from bot.views.tenants import TenantAction
from bot.views.text import (
    Block,
    View,
    actions,
    button,
    context,
    count,
    divider,
    header,
    section,
    when,
)

HOME_TENANTS_SHOWN = 20  # four blocks each, of the 100 that a Home tab may have


def home_view(overview: WorkspaceOverview, *, is_admin: bool, who: str) -> View:
    """What somebody sees who may use Gatehouse.

    Args:
        who: words for whom to ask for what only administrators may do.
    """
    return _home(
        [
            header("Gatehouse"),
            section(_greeting(overview, is_admin=is_admin, who=who)),
            actions(*_buttons(is_admin=is_admin, any_tenant=bool(overview.tenants))),
            *_tenant_blocks(overview, is_admin=is_admin),
            context(f"As of {when(overview.at)}. Type `/entra help` for all commands."),
        ]
    )


def closed_home_view(who: str) -> View:
    """What guests and people of other workspaces see."""
    return _home(
        [
            header("Gatehouse"),
            section(
                "Gatehouse helps this workspace's own members look after Microsoft "
                f"Entra ID. Guests cannot use it.\n*Next:* ask {who}."
            ),
        ]
    )


def _home(blocks: list[Block]) -> View:
    return {"type": "home", "blocks": blocks}


def _greeting(overview: WorkspaceOverview, *, is_admin: bool, who: str) -> str:
    if not overview.tenants:
        if is_admin:
            return (
                "*No tenant is connected yet.*\nRegister an app in Entra, then press "
                "*Connect a tenant*. It takes about five minutes."
            )
        return f"*No tenant is connected yet.*\n*Next:* ask {who} to connect one."
    lines = [
        f"*{count(len(overview.tenants), 'tenant')}* watched, "
        f"*{count(overview.open_alerts, 'alert')}* open, "
        f"*{count(overview.pending_requests, 'request')}* waiting for a decision."
    ]
    if not is_admin:
        lines.append(
            "You can ask for a leaver's offboarding here, if you are in the tenant's "
            f"approvals channel. For anything else, ask {who}."
        )
    return "\n".join(lines)


def _buttons(*, is_admin: bool, any_tenant: bool) -> list[Block]:
    offboard = button("Offboard someone", OffboardingAction.OPEN)
    if not is_admin:
        return [offboard]
    style = None if any_tenant else "primary"
    return [
        button("Connect a tenant", ConnectAction.OPEN, style=style),
        offboard,
    ]


def _tenant_blocks(overview: WorkspaceOverview, *, is_admin: bool) -> list[Block]:
    blocks: list[Block] = []
    for each in overview.tenants[:HOME_TENANTS_SHOWN]:
        blocks += [divider(), *_one(each, overview, is_admin=is_admin)]
    hidden = len(overview.tenants) - HOME_TENANTS_SHOWN
    if hidden > 0:
        words = count(hidden, "more tenant")
        blocks.append(section(f"And {words}: see `/entra status NAME`."))
    return blocks


def _one(
    each: TenantOverview, overview: WorkspaceOverview, *, is_admin: bool
) -> list[Block]:
    key = str(each.tenant.id)
    buttons = [
        button("Check again", TenantAction.CHECK, key),
        button("Permissions", TenantAction.REPORT, key),
        button("Directory", SyncAction.SHOW, key),
    ]
    if is_admin:
        buttons += [
            button("Rotate credential", TenantAction.ROTATE, key),
            button("Settings", TenantAction.SETTINGS, key),
            button("Disconnect", TenantAction.DISCONNECT, key),
        ]
    return [
        section(overview_text(each, overview.at)),
        context(scan_text(each.tenant)),
        actions(*buttons),
    ]
