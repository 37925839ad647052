"""`gatehouse check`: the preflight, a line each, exit status 1 if anything is wrong."""

from collections.abc import AsyncIterator

import typer
import yaml

from bot.cli.manifest import manifest_text
from bot.cli.running import go, open_slack_client, read_settings, say
from bot.core import Core, build_core
from bot.domain.errors import BotError
from bot.preflight import Finding, check_slack, check_tenants
from bot.settings import Settings
from store import audit


def check() -> None:
    """Look at Slack, the database, the keys and every tenant; say what to mend."""
    settings = read_settings()
    if not go(lambda: _print_all(settings)):
        raise typer.Exit(1)


async def _print_all(settings: Settings) -> bool:
    good = True
    async for finding in _findings(settings):
        say(f"{_mark(finding)}  {finding.name}: {finding.words}")
        if finding.remedy:
            say(f"      {finding.remedy}")
        good = good and finding.ok
    return good


def _mark(finding: Finding) -> str:
    if not finding.ok:
        return "FAIL"
    return "warn" if finding.remedy else "ok  "


async def _findings(settings: Settings) -> AsyncIterator[Finding]:
    app_token = settings.slack_app_token
    async with open_slack_client(settings) as client:
        async for finding in check_slack(
            client, app_token.get_secret_value() if app_token else None, wanted_scopes()
        ):
            yield finding
    try:
        core = build_core(settings)
    except BotError as error:
        yield Finding("Encryption keys", False, error.message, error.remedy)
        return
    yield _keys(settings)
    try:
        async for finding in _stored(core):
            yield finding
    finally:
        await core.close()


def _keys(settings: Settings) -> Finding:
    if settings.encryption_keys:
        return Finding("Encryption keys", True, f"{len(settings.encryption_keys)} set")
    return Finding(
        "Encryption keys",
        True,
        f"from a file in {settings.data_dir}",
        "Set GATEHOUSE_ENCRYPTION_KEYS, so that database and key are kept apart.",
    )


async def _stored(core: Core) -> AsyncIterator[Finding]:
    await core.prepare()
    yield Finding("Database", True, core.database.engine.dialect.name)
    async with core.database.snapshots() as session:
        chain = await audit.verify(session)
    words = f"{chain.rows} row(s)" if chain.ok else f"breaks at row {chain.broken_at}"
    remedy = "" if chain.ok else "Compare with a backup."
    yield Finding("Audit chain", chain.ok, words, remedy)
    async for finding in check_tenants(core.services.tenants, core.tenant_graphs):
        yield finding


def wanted_scopes() -> list[str]:
    """The bot scopes that the manifest asks for."""
    manifest = yaml.safe_load(manifest_text())
    scopes: list[str] = manifest["oauth_config"]["scopes"]["bot"]
    return scopes
