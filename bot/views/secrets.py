"""What /entra secrets and /entra consent answer, to the asker alone."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from bot.domain.credentials import days_left
from bot.domain.overviews import (
    EndingCredential,
    SecretsOverview,
    TenantConsent,
    WatchedTenant,
)
from bot.domain.permissions import Feature, Need, PermissionReport
from bot.views.permissions import wanted_features
from bot.views.rows import as_many_as_fit, row_sections
from bot.views.status import nothing_connected
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
    time_left,
    when,
)

TENANTS_SHOWN = 12
# Characters; together they stay below what a message holds.
_ENDING_MOST, _TENANTS_MOST, _CONSENT_MOST = 8_000, 4_000, 11_000


def secrets_message(overview: SecretsOverview) -> Drawing:
    """Credentials by their end, soonest first, and how old that knowledge is."""
    if not overview.tenants:
        return nothing_connected()
    title = "Secrets and certificates"
    rows = [_row(each, overview.as_of) for each in overview.ending]
    shown = as_many_as_fit(rows, _ENDING_MOST)
    total = len(rows) + overview.more
    blocks = [
        header(title),
        *row_sections(shown or ["No credential with an end date is known."]),
    ]
    if len(shown) < total:
        blocks.append(section(f"… and {total - len(shown)} more that end later."))
    blocks.append(divider())
    blocks.extend(_tenant_lines(overview.tenants))
    return Drawing(f"{title}: {total}, soonest first", blocks)


def consent_message(consents: Sequence[TenantConsent]) -> Drawing:
    """What each tenant has granted and what is missing, feature by feature."""
    if not consents:
        return nothing_connected()
    texts = as_many_as_fit([_consent_text(each) for each in consents], _CONSENT_MOST)
    blocks = [header("Consent"), *(section(text) for text in texts)]
    hidden = len(consents) - len(texts)
    if hidden:
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
        end = f"*{time_left(left)}*, {day(credential.ends_at)}"
    name = f" {code(credential.display_name, 40)}" if credential.display_name else ""
    hint = f", {code(credential.hint, 8)}…" if credential.hint else ""
    own = " · Gatehouse signs in with it" if ending.is_own else ""
    return (
        f"• *{foreign(credential.app_name, 50)}*: {credential.kind}{name}{hint} · "
        f"{end} · {foreign(tenant.name, 60)}{own}"
    )


def _tenant_lines(tenants: Sequence[WatchedTenant]) -> list[Block]:
    lines = as_many_as_fit([_tenant_line(each) for each in tenants], _TENANTS_MOST)
    shown = lines[:TENANTS_SHOWN]
    hidden = len(tenants) - len(shown)
    more = [f"… and {count(hidden, 'tenant')} more."] if hidden else []
    return [context(line) for line in [*shown, *more]]


def _tenant_line(watched: WatchedTenant) -> str:
    name, at = foreign(watched.tenant.name, 60), watched.tenant.last_scan_at
    since = f"as of {when(at)}" if at else "not read to the end so far"
    if not watched.failures:
        return f"{name}: {since}"
    told = foreign(" ".join(watched.failures), 250)
    return f":warning: {name}: {since}. The last scan failed: {told}"


def _consent_text(consent: TenantConsent) -> str:
    name = f"*{foreign(consent.tenant.name, 60)}*"
    if consent.report is None:
        problem = consent.problem
        why = foreign(problem.message, 400) if problem else ""
        remedy = foreign(problem.remedy, 300) if problem else ""
        return f"{name}\n:warning: Could not be read now. {why}\n*Next:* {remedy}"
    report = replace(consent.report, cloud=consent.tenant.cloud)
    lines = [_feature_line(report, each) for each in Feature]
    return "\n".join([name, *lines, *_delegated(report)])


def _feature_line(report: PermissionReport, feature: Feature) -> str:
    needs = report.of(feature)
    met = sum(each.is_met_by(report.granted) for each in needs)
    lacks = (
        _roles(report.missing(feature)),
        _roles(report.missing(feature, optional=True)),
    )
    words = zip(("missing", "optional"), lacks, strict=True)
    lack = "".join(f"; {word} {names}" for word, names in words if names)
    title = feature.capitalize()
    return f"{_sign(report, feature)} {title}: {met} of {len(needs)} granted{lack}"


def _sign(report: PermissionReport, feature: Feature) -> str:
    if not report.works(feature):
        lacking = feature in wanted_features(report)
        return ":warning:" if lacking else ":white_circle:"
    met = any(each.is_met_by(report.granted) for each in report.of(feature))
    return ":white_check_mark:" if met else ":white_circle:"


def _roles(needs: Sequence[Need]) -> str:
    return ", ".join(code(str(each.role)) for each in needs)


def _delegated(report: PermissionReport) -> list[str]:
    if report.delegated is None:
        return ["What the registration requests could not be read."]
    wrong = ", ".join(code(str(role)) for role in report.wrongly_delegated())
    if not wrong:
        return []
    return [f":warning: Requested as Delegated, not Application: {wrong}"]
