"""What /entra secrets and /entra consent answer, to the asker alone."""

from collections.abc import Sequence
from datetime import datetime

from bot.domain.credentials import days_left
from bot.domain.overviews import (
    EndingCredential,
    SecretsOverview,
    TenantConsent,
    WatchedTenant,
)
from bot.domain.permissions import Feature, PermissionReport
from bot.views.alert_words import FEATURES
from bot.views.text import (
    Block,
    Drawing,
    code,
    context,
    count,
    day,
    divider,
    foreign,
    header,
    section,
    when,
)

_ROWS_IN_SECTION = 3  # of at most 900 characters each, every "&" written as "&amp;"
TENANTS_SHOWN = 12
NONE_CONNECTED = "No tenant is connected. Type `/entra connect` to connect one."


def secrets_message(overview: SecretsOverview) -> Drawing:
    """Credentials by their end, soonest first, and how old that knowledge is."""
    if not overview.tenants:
        return Drawing(NONE_CONNECTED, [section(NONE_CONNECTED)])
    title = "Secrets and certificates"
    rows = [_row(each, overview.as_of) for each in overview.ending]
    blocks = [
        header(title),
        *_sections(rows or ["No credential with an end date is known."]),
    ]
    if overview.more:
        blocks.append(section(f"… and {overview.more} more that end later."))
    blocks.append(divider())
    blocks.extend(_tenant_lines(overview.tenants))
    return Drawing(f"{title}: {len(rows) + overview.more}, soonest first", blocks)


def consent_message(consents: Sequence[TenantConsent]) -> Drawing:
    """What each tenant has granted and what is missing, feature by feature."""
    if not consents:
        return Drawing(NONE_CONNECTED, [section(NONE_CONNECTED)])
    blocks: list[Block] = [header("Consent")]
    for consent in consents[:TENANTS_SHOWN]:
        blocks.extend([section(_consent_text(consent)), *_delegated(consent.report)])
    hidden = len(consents) - TENANTS_SHOWN
    if hidden > 0:
        blocks.append(section(f"… and {count(hidden, 'tenant')} more."))
    return Drawing(f"Consent of {count(len(consents), 'tenant')}", blocks)


def _row(ending: EndingCredential, as_of: datetime) -> str:
    credential, tenant = ending.credential, ending.tenant
    left = days_left(credential.ends_at, now=as_of)
    if credential.never_ends:
        end = "no end"
    elif left < 0:
        end = f":red_circle: *expired* {day(credential.ends_at)}"
    else:
        in_time = "less than a day" if left == 0 else count(left, "day")
        end = f"*{in_time} left*, {day(credential.ends_at)}"
    name = f" {code(credential.display_name, 40)}" if credential.display_name else ""
    hint = f", {code(credential.hint, 8)}…" if credential.hint else ""
    own = " · Gatehouse signs in with it" if ending.is_own else ""
    return (
        f"• *{foreign(credential.app_name, 50)}*: {credential.kind}{name}{hint} · "
        f"{end} · {foreign(tenant.name, 60)}{own}"
    )


def _sections(rows: Sequence[str]) -> list[Block]:
    starts = range(0, len(rows), _ROWS_IN_SECTION)
    return [section("\n".join(rows[at : at + _ROWS_IN_SECTION])) for at in starts]


def _tenant_lines(tenants: Sequence[WatchedTenant]) -> list[Block]:
    lines = [context(_tenant_line(each)) for each in tenants[:TENANTS_SHOWN]]
    hidden = len(tenants) - TENANTS_SHOWN
    return [*lines, *([context(f"… and {hidden} more.")] if hidden > 0 else [])]


def _tenant_line(watched: WatchedTenant) -> str:
    name, at = foreign(watched.tenant.name, 60), watched.tenant.last_scan_at
    since = f"as of {when(at)}" if at else "not read to the end so far"
    if not watched.failures:
        return f"{name}: {since}"
    told = " ".join(foreign(failure, 200) for failure in watched.failures)
    return f":warning: {name}: {since}. The last scan failed: {told}"


def _consent_text(consent: TenantConsent) -> str:
    name = f"*{foreign(consent.tenant.name, 60)}*"
    if consent.report is None:
        problem = consent.problem
        why = foreign(problem.message, 400) if problem else ""
        remedy = foreign(problem.remedy, 300) if problem else ""
        return f"{name}\n:warning: Could not be read now. {why}\n*Next:* {remedy}"
    report = consent.report
    return "\n".join([name, *(_feature_line(report, each) for each in Feature)])


def _feature_line(report: PermissionReport, feature: Feature) -> str:
    needs = {each.role: each.is_met_by(report.granted) for each in report.of(feature)}
    missing = [code(str(role)) for role, met in needs.items() if not met]
    granted = f"{sum(needs.values())} of {len(needs)} granted"
    sign = ":white_check_mark:" if report.works(feature) else ":warning:"
    title = FEATURES[feature].capitalize()
    lack = f"; missing {', '.join(missing)}" if missing else ""
    return f"{sign} {title}: {granted}{lack}"


def _delegated(report: PermissionReport | None) -> list[Block]:
    if report is None:
        return []
    if report.delegated is None:
        return [context("What the registration requests could not be read.")]
    wrong = ", ".join(code(str(role)) for role in report.wrongly_delegated())
    if not wrong:
        return []
    return [context(f":warning: Requested as Delegated, not Application: {wrong}")]
