"""Show messages and modals, and read how the client refuses an act."""

from typing import Any

import pytest
from slack_sdk.web.async_client import AsyncWebClient

from sandbox.slack import SlackWorkspace
from sandbox.slack.errors import ControlError

Json = dict[str, Any]
# Members of every interactive payload.
COMMON = {"type", "token", "team", "enterprise", "is_enterprise_install", "user"} | {
    "api_app_id"
}


async def message_with(client: AsyncWebClient, *blocks: Json, **args: Any) -> str:
    """Post blocks to #entra-alerts and return the timestamp."""
    answer = await client.chat_postMessage(
        channel="C0ALERTS", text="Alert", blocks=list(blocks), **args
    )
    return str(answer["ts"])


async def opened(client: AsyncWebClient, slack: SlackWorkspace, view: Json) -> str:
    """Open a modal for Ada and return its ID."""
    trigger = slack.triggers.make("U0ADA")
    return str((await client.views_open(trigger_id=trigger, view=view))["view"]["id"])


async def code_of(act: Any) -> str:
    """Await an act that the client refuses; return the refusal's code."""
    with pytest.raises(ControlError) as caught:
        await act
    return caught.value.code
