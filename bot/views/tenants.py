"""A connected tenant: what works, what is missing, and the next click."""

from collections.abc import Sequence
from enum import StrEnum

from bot.domain.permissions import Feature, PermissionReport
from bot.domain.tenants import SignInKind, Tenant, TenantStatus
from bot.graph.clouds import api_permissions_link, credentials_link
from bot.views.permissions import advice, feature_text, wanted_features
from bot.views.text import (
    Block,
    Drawing,
    actions,
    button,
    channel,
    code,
    context,
    day,
    divider,
    facts,
    foreign,
    header,
    link_button,
    person,
    section,
    when,
)

DOMAINS_SHOWN = 5
APPROVERS_SHOWN = 10


class TenantAction(StrEnum):
    """Action and callback IDs."""

    CHECK = "tenant.check"
    SCAN = "tenant.scan"
    REPORT = "tenant.report"
    ROTATE = "tenant.rotate"
    SETTINGS = "tenant.settings"
    DISCONNECT = "tenant.disconnect"
    LINK_PERMISSIONS = "tenant.open_permissions"
    LINK_CREDENTIALS = "tenant.open_credentials"
    LINK_CONSENT = "tenant.grant_consent"


def connection_message(tenant: Tenant, consent_link: str | None = None) -> Drawing:
    """The message in the alerts channel, kept up to date in place."""
    return Drawing(
        text=f"{foreign(tenant.name)}: {summary(tenant)}",
        blocks=connection_blocks(tenant, consent_link),
    )


def connection_blocks(tenant: Tenant, consent_link: str | None = None) -> list[Block]:
    """One tenant in full: the outcome of connecting it, or of checking it again."""
    if not tenant.is_connected:
        return _disconnected_blocks(tenant)
    return [
        header(tenant.name),
        section(_headline(tenant)),
        *_advice(tenant),
        actions(*_buttons(tenant, consent_link)),
        context(_checked(tenant)),
        facts(_facts(tenant)),
        divider(),
        *(section(feature_text(tenant.report, feature)) for feature in Feature),
    ]


def forgotten_alert_message() -> Drawing:
    """What stands in the place of an alert's card after a disconnect removed it."""
    text = "Over: the tenant was disconnected, so this is no longer watched."
    return Drawing(text, [section(f":black_circle: {text}")])


def summary(tenant: Tenant) -> str:
    """One line: whether it works, and what does not. Plain but for code marks."""
    if not tenant.is_connected:
        return "disconnected."
    if tenant.status is TenantStatus.FAILING:
        return "sign-in fails."
    if not tenant.granted:
        return "signed in, but nothing is consented."
    report = tenant.report
    wanted = wanted_features(report)
    lacking = [feature for feature in wanted if not report.works(feature)]
    if not lacking and Feature.DEPROVISIONING not in wanted:
        return "connected; set up for watching only, not for offboarding."
    if not lacking:
        return _all_needed(report)
    return f"connected; permissions are missing for {_listed(lacking)}."


def credential_text(tenant: Tenant) -> str:
    """What Gatehouse signs in with here, and when that ends."""
    if tenant.sign_in_kind is SignInKind.SECRET:
        kind = "Client secret"
        if tenant.credential_hint:
            kind += f" that begins with {code(tenant.credential_hint)}"
    else:
        kind = "Certificate"
    if tenant.credential_ends_at is None:
        return f"{kind}; when it ends could not be read"
    return f"{kind}, ends on {day(tenant.credential_ends_at)}"


def state_mark(tenant: Tenant) -> str:
    """A coloured dot; the words beside it say the same."""
    if tenant.status is TenantStatus.FAILING or not tenant.granted:
        return ":red_circle:"
    report = tenant.report
    works = all(report.works(feature) for feature in wanted_features(report))
    return ":large_green_circle:" if works else ":large_yellow_circle:"


def _all_needed(report: PermissionReport) -> str:
    optional = report.left_out()
    if not optional:
        return "connected; everything that Gatehouse uses is granted."
    are = "permission is" if len(optional) == 1 else "permissions are"
    return (
        f"connected; everything needed is granted ({len(optional)} optional {are} not)."
    )


def _listed(features: Sequence[Feature]) -> str:
    return ", ".join(features[:-1]) + (" and " if features[:-1] else "") + features[-1]


def _headline(tenant: Tenant) -> str:
    if tenant.status is TenantStatus.FAILING:
        return (
            ":red_circle: *Sign-in fails.* Nothing of this tenant is watched until it "
            "works again.\n*Next:* read the reason below; a new secret or certificate "
            "goes in with `/entra rotate`."
        )
    if not tenant.granted:
        return _nothing_consented(tenant)
    return f"{state_mark(tenant)} *{_sentence(summary(tenant))}*"


def _nothing_consented(tenant: Tenant) -> str:
    what = (
        ":rotating_light: *Signed in, but nothing is consented.* The IDs and the "
        "credential are right, but the app may not read anything yet."
    )
    if advice(tenant.report):  # it tells the next step from what is requested
        return what
    return (
        f"{what}\n*Next:* press *Open API permissions*, add what is listed below as "
        "*Application* permissions, press *Grant admin consent* there, then "
        "*Check again* here."
    )


def _sentence(text: str) -> str:
    return text[0].upper() + text[1:]


def _facts(tenant: Tenant) -> dict[str, str]:
    return {
        "Tenant": foreign(tenant.display_name) or "_could not be read_",
        "Cloud": tenant.cloud.label,
        "Directory (tenant) ID": code(str(tenant.tenant_id)),
        "Application (client) ID": code(str(tenant.client_id)),
        "Verified domains": _domains(tenant.verified_domains),
        "Signs in with": credential_text(tenant),
        "Alerts channel": channel(tenant.alerts_channel),
        "Approvals channel": channel(tenant.approvals_channel),
        "Approvers": _people(tenant.approvers),
    }


def _domains(domains: Sequence[str]) -> str:
    shown = ", ".join(code(name, 80) for name in domains[:DOMAINS_SHOWN])
    more = len(domains) - DOMAINS_SHOWN
    return f"{shown} and {more} more" if more > 0 else shown or "_could not be read_"


def _people(users: Sequence[str]) -> str:
    if not users:
        return ":warning: nobody yet; choose some with `/entra settings`"
    shown = ", ".join(person(user) for user in users[:APPROVERS_SHOWN])
    more = len(users) - APPROVERS_SHOWN
    return f"{shown} and {more} more" if more > 0 else shown


def _advice(tenant: Tenant) -> list[Block]:
    blocks = [section(line) for line in advice(tenant.report)]
    if tenant.problems:
        failing = tenant.status is TenantStatus.FAILING
        title = "Why" if failing else "What the last check could not read"
        lines = "\n".join(f"• {foreign(problem, 600)}" for problem in tenant.problems)
        blocks.append(section(f"*{title}*\n{lines}"))
    return blocks


def _buttons(tenant: Tenant, consent_link: str | None) -> list[Block]:
    consent = (
        [link_button("Grant admin consent", TenantAction.LINK_CONSENT, consent_link)]
        if consent_link
        else []
    )
    return [
        button("Check again", TenantAction.CHECK, str(tenant.id), "primary"),
        link_button(
            "Open API permissions",
            TenantAction.LINK_PERMISSIONS,
            api_permissions_link(tenant.cloud, tenant.client_id),
        ),
        *consent,
        link_button(
            "Open certificates & secrets",
            TenantAction.LINK_CREDENTIALS,
            credentials_link(tenant.cloud, tenant.client_id),
        ),
    ]


def _checked(tenant: Tenant) -> str:
    known = tenant.connected_by.startswith(("U", "W"))
    who = person(tenant.connected_by) if known else "the command line"
    by = f"Connected by {who} on {day(tenant.connected_at)}."
    if tenant.checked_at is None:
        return by
    return f"Checked {when(tenant.checked_at)}. {by}"


def _disconnected_blocks(tenant: Tenant) -> list[Block]:
    return [
        header(tenant.name),
        section(
            ":black_circle: *Disconnected.* Nothing is watched or changed here any "
            "more; the stored credential and what was read are removed. The audit "
            "trail is kept."
        ),
        context(
            f"Directory (tenant) ID {code(str(tenant.tenant_id))}. To connect it "
            "again, type `/entra connect`. The app's secret still works in Entra: "
            "delete it there if it is no longer needed."
        ),
    ]
