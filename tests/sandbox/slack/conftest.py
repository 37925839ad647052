"""A served workspace and the real Bolt app on it, over real sockets."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from aiohttp import ClientSession, web
from slack_sdk.web.async_client import AsyncWebClient

from sandbox.seeds.slack import demo_workspace
from sandbox.slack import Pace, SlackWorkspace, slack_routes

MANIFEST = """
display_information: {name: Gatehouse}
features:
  app_home: {home_tab_enabled: true, messages_tab_enabled: true}
  shortcuts:
    - {name: Offboard, type: global, callback_id: offboard_global, description: d}
    - {name: This one, type: message, callback_id: offboard_message, description: d}
  slash_commands:
    - {command: /entra, description: d, usage_hint: connect}
    - {command: /offboard, description: d, should_escape: true}
oauth_config:
  scopes:
    bot: [commands, chat:write, users:read, users:read.email, channels:read,
      groups:read, im:write, channels:history, groups:history, im:history,
      usergroups:read, files:write, channels:join, reactions:write, team:read]
settings:
  event_subscriptions: {bot_events: [app_home_opened, message.im, app_mention]}
  interactivity: {is_enabled: true}
  socket_mode_enabled: true
"""
QUICK = Pace(ack_within=0.6, retry_after=(0.0, 60.0, 300.0))


@pytest.fixture
def manifest(tmp_path: Path) -> Path:
    """Return a manifest with all scopes that the simulated methods need."""
    path = tmp_path / "manifest.yml"
    path.write_text(MANIFEST, encoding="utf-8")
    return path


@asynccontextmanager
async def served(workspace: SlackWorkspace) -> AsyncIterator[SlackWorkspace]:
    """Serve a workspace on a free port of loopback."""
    app = web.Application()
    app.add_routes(slack_routes(workspace))
    runner = web.AppRunner(app, shutdown_timeout=1)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    assert runner.addresses
    workspace.base_url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    try:
        yield workspace
    finally:
        await workspace.close()
        await runner.cleanup()


@pytest.fixture
async def slack(manifest: Path) -> AsyncIterator[SlackWorkspace]:
    """Serve the demo's workspace with short waits."""
    async with served(demo_workspace(manifest, pace=QUICK)) as workspace:
        yield workspace


@pytest.fixture
async def http() -> AsyncIterator[ClientSession]:
    """Return a plain HTTP client."""
    async with ClientSession() as session:
        yield session


@pytest.fixture
async def client(
    slack: SlackWorkspace, http: ClientSession
) -> AsyncWebClient:
    """Return Slack's own client, pointed at the workspace."""
    return AsyncWebClient(
        token=slack.app.bot_token, base_url=f"{slack.base_url}/api/", session=http
    )
