"""A served workspace and the real Bolt app on it, over real sockets."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from aiohttp import ClientSession
from slack_sdk.web.async_client import AsyncWebClient

from sandbox.seeds.slack import demo_workspace
from sandbox.slack import Pace, SlackWorkspace
from tests.sandbox.slack.echo import Echo, echo_app
from tests.sandbox.slack.serving import served

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
QUICK = Pace(ack_within=0.5)


@pytest.fixture
def manifest(tmp_path: Path) -> Path:
    """Return a manifest with all scopes that the simulated methods need."""
    path = tmp_path / "manifest.yml"
    path.write_text(MANIFEST, encoding="utf-8")
    return path


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
async def client(slack: SlackWorkspace, http: ClientSession) -> AsyncWebClient:
    """Return Slack's own client, pointed at the workspace."""
    return AsyncWebClient(
        token=slack.app.bot_token, base_url=f"{slack.base_url}/api/", session=http
    )


@pytest.fixture
async def echo(slack: SlackWorkspace, http: ClientSession) -> AsyncIterator[Echo]:
    """Connect a hand-made app that acknowledges everything."""
    async with echo_app(slack, http) as connected:
        yield connected
