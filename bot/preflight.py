"""What `gatehouse check` looks at: everything that must be right before it matters."""

from collections.abc import AsyncIterator, Collection
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.domain.errors import BotError
from bot.domain.permissions import ALWAYS_WANTED, Feature, PermissionReport
from bot.domain.tenants import Tenant
from bot.services.tenants import TenantService
from bot.slack_refusals import reason_of
from bot.workflows.tenant_graphs import TenantGraphs

SKEW_MAX = timedelta(minutes=2)  # Entra refuses assertions some 5 minutes off


@dataclass(frozen=True)
class Finding:
    """One line of the preflight. A warning has `ok` and a remedy."""

    name: str
    ok: bool
    words: str
    remedy: str = ""


async def check_slack(
    client: AsyncWebClient, app_token: str | None, wanted_scopes: Collection[str]
) -> AsyncIterator[Finding]:
    """Token, scopes against the manifest, and the app-level token."""
    try:
        answer = await client.auth_test()
    except SlackApiError as error:
        yield _refused("Slack bot token", error, "Copy the Bot User OAuth Token again.")
        return
    yield Finding("Slack bot token", True, f"{answer['user']} in {answer['team']}")
    yield _scopes(answer.headers, wanted_scopes)
    if app_token:
        yield await _app_token(client, app_token)


def _scopes(headers: dict[str, Any], wanted: Collection[str]) -> Finding:
    named = {str(key).lower(): str(value) for key, value in headers.items()}
    held = {each.strip() for each in named.get("x-oauth-scopes", "").split(",")}
    lacking = sorted(set(wanted) - held)
    if not lacking:
        return Finding("Slack scopes", True, f"all {len(wanted)} of the manifest")
    return Finding(
        "Slack scopes",
        False,
        f"missing: {', '.join(lacking)}",
        "Update the app from `gatehouse manifest` and reinstall it.",
    )


async def _app_token(client: AsyncWebClient, token: str) -> Finding:
    try:
        await client.apps_connections_open(app_token=token)
    except SlackApiError as error:
        return _refused("Slack app token", error, "Make one with connections:write.")
    return Finding("Slack app token", True, "opens Socket Mode")


def _refused(name: str, error: SlackApiError, remedy: str) -> Finding:
    return Finding(name, False, f"Slack refuses it: {reason_of(error)}", remedy)


async def check_tenants(
    service: TenantService, graphs: TenantGraphs
) -> AsyncIterator[Finding]:
    """Each tenant's sign-in, permissions and the distance between the clocks."""
    tenants = await service.list_connected()
    if not tenants:
        yield Finding("Tenants", True, "none connected yet", "Use /entra connect.")
    for tenant in tenants:
        async for finding in _check_tenant(tenant, service, graphs):
            yield finding


async def _check_tenant(
    tenant: Tenant, service: TenantService, graphs: TenantGraphs
) -> AsyncIterator[Finding]:
    name = f"Tenant {tenant.name}"
    try:
        connection = await service.prove(tenant.id)
    except BotError as error:
        yield Finding(f"{name}: sign-in", False, error.message, error.remedy)
        return
    yield Finding(f"{name}: sign-in", True, connection.display_name or "signed in")
    report = replace(connection.report, cloud=tenant.cloud)
    for feature in Feature:
        yield _feature(name, report, feature)
    yield await _skew(name, tenant, graphs)


def _feature(name: str, report: PermissionReport, feature: Feature) -> Finding:
    """A lack is worth a warning, or a failure where nothing works without it.

    What is only optional is named and warned of by nobody.
    """
    missing = [str(need.role) for need in report.missing(feature)]
    optional = [str(need.role) for need in report.missing(feature, optional=True)]
    words = f"missing: {', '.join(missing)}" if missing else "all needed is granted"
    if optional:
        words += f"; optional: {', '.join(optional)}"
    remedy = "Grant admin consent under API permissions." if missing else ""
    ok = not (missing and feature in ALWAYS_WANTED)
    return Finding(f"{name}: {feature}", ok, words, remedy)


async def _skew(name: str, tenant: Tenant, graphs: TenantGraphs) -> Finding:
    try:
        _, graph = await graphs.open(tenant.id)
        skew = await graph.clock_skew()
    except BotError as error:
        return Finding(f"{name}: clock", False, error.message, error.remedy)
    words = f"{abs(skew).total_seconds():.0f} s from Microsoft's"
    if abs(skew) <= SKEW_MAX:
        return Finding(f"{name}: clock", True, words)
    return Finding(f"{name}: clock", False, words, "Set this machine's clock by NTP.")
