"""All tenants at a glance, and how one of several is chosen."""

from collections.abc import Sequence
from datetime import datetime

from bot.domain.credentials import Credential, days_left
from bot.domain.dashboard import TenantOverview, WorkspaceOverview
from bot.domain.tenants import Tenant, TenantStatus
from bot.views.connect import ConnectAction
from bot.views.permissions import missing_text
from bot.views.sync import SyncAction, directory_text
from bot.views.tenants import TenantAction, credential_text, state_mark, summary
from bot.views.text import (
    Block,
    Drawing,
    actions,
    button,
    code,
    context,
    count,
    day,
    divider,
    foreign,
    section,
    time_left,
    when,
)

STATUS_SHOWN = 12  # four blocks each, of the 50 that a message may have
CHOICES_SHOWN = 40


def nothing_connected() -> Drawing:
    """Said where a tenant is needed and there is none."""
    what = "No tenant is connected yet."
    remedy = "An administrator connects one with `/entra connect`."
    return Drawing(
        f"{what} {remedy}",
        [
            section(f"*{what}*\n{remedy}"),
            actions(
                button("Connect a tenant", ConnectAction.OPEN, style="primary"),
            ),
        ],
    )


def status_message(overview: WorkspaceOverview) -> Drawing:
    """`/entra status`."""
    if not overview.tenants:
        return nothing_connected()
    blocks: list[Block] = []
    for each in overview.tenants[:STATUS_SHOWN]:
        blocks += [*_status_blocks(each, overview.at), divider()]
    hidden = len(overview.tenants) - STATUS_SHOWN
    if hidden > 0:
        words = count(hidden, "more tenant")
        blocks[-1] = context(f"And {words}: name one, as in `/entra status NAME`.")
    else:
        blocks.pop()
    tenants = count(len(overview.tenants), "tenant")
    return Drawing(f"{tenants}, {count(overview.open_alerts, 'open alert')}.", blocks)


def overview_text(each: TenantOverview, now: datetime) -> str:
    """One tenant in a few lines."""
    tenant = each.tenant
    lines = [
        f"{state_mark(tenant)} *{foreign(tenant.name)}*: {summary(tenant)}",
        f"*Own credential:* {_own_credential(tenant, now)}",
        f"*Ends next:* {_ending_next(each, now)}",
        f"*Open:* {count(each.open_alerts, 'alert')}, "
        f"{count(each.pending_requests, 'request')} waiting for a decision",
        f"*Directory:* {directory_text(each.directory)}",
    ]
    if tenant.status is TenantStatus.FAILING:
        lines[1:1] = _why_failing(tenant)
    elif missing := missing_text(tenant.report):
        lines.insert(1, f"*Missing:* {missing}")
    return "\n".join(lines)


def _why_failing(tenant: Tenant) -> list[str]:
    why = [f"*Why:* {foreign(problem, 300)}" for problem in tenant.problems[:1]]
    return [*why, "*Next:* a new secret or certificate goes in with `/entra rotate`."]


def ending_text(credential: Credential, now: datetime) -> str:
    """A credential that ends, with how long it has."""
    ends_at = credential.ends_at
    return (
        f"{credential.kind} of {code(credential.app_name)} on {day(ends_at)} "
        f"({time_left(days_left(ends_at, now=now))})"
    )


def scan_text(tenant: Tenant) -> str:
    """When the tenant was last read."""
    if tenant.last_scan_at is None:
        return "No scan is complete yet."
    return f"Last complete scan: {when(tenant.last_scan_at)}."


def which_tenant(
    tenants: Sequence[Tenant], question: str, action: str, label: str
) -> Drawing:
    """Several tenants, each with a button for what is wanted of one."""
    rows = [
        section(
            f"{state_mark(tenant)} *{foreign(tenant.name)}*: {summary(tenant)}",
            button(label, action, str(tenant.id)),
        )
        for tenant in tenants[:CHOICES_SHOWN]
    ]
    return Drawing(question, [section(f"*{question}*"), *rows])


def _status_blocks(each: TenantOverview, now: datetime) -> list[Block]:
    key = str(each.tenant.id)
    return [
        section(overview_text(each, now)),
        context(f"{scan_text(each.tenant)} {_checked(each.tenant)}"),
        actions(
            button("Check again", TenantAction.CHECK, key),
            button("Permissions", TenantAction.REPORT, key),
            button("Directory", SyncAction.SHOW, key),
        ),
    ]


def _ending_next(each: TenantOverview, now: datetime) -> str:
    if each.next_ending is not None:
        return ending_text(each.next_ending, now)
    if each.tenant.last_scan_at is None:
        return "not known before the first complete scan"
    return "nothing that ends"


def _own_credential(tenant: Tenant, now: datetime) -> str:
    if tenant.credential_ends_at is None:
        return credential_text(tenant)
    left = time_left(days_left(tenant.credential_ends_at, now=now))
    return f"{credential_text(tenant)} ({left})"


def _checked(tenant: Tenant) -> str:
    at = tenant.checked_at
    return "" if at is None else f"Permissions checked {when(at)}."
