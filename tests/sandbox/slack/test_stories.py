"""The real Bolt app lives on the simulator: whole stories over Socket Mode."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from sandbox.slack import SlackWorkspace

FORM: dict[str, Any] = {
    "type": "modal",
    "callback_id": "connect",
    "title": {"type": "plain_text", "text": "Connect"},
    "submit": {"type": "plain_text", "text": "Connect"},
    "blocks": [
        {
            "type": "input",
            "block_id": "name",
            "label": {"type": "plain_text", "text": "Name"},
            "element": {"type": "plain_text_input", "action_id": "name"},
        }
    ],
}


@pytest.fixture
def app(client: AsyncWebClient) -> AsyncApp:
    """Make a Bolt app that asks for a name and posts it with a button."""
    bolt = AsyncApp(client=client, process_before_response=True)

    @bolt.command("/entra")
    async def opened(ack: Any, body: dict[str, Any], client: AsyncWebClient) -> None:
        await ack()
        await client.views_open(trigger_id=body["trigger_id"], view=FORM)

    @bolt.view("connect")
    async def submitted(ack: Any, view: dict[str, Any], client: Any) -> None:
        name = view["state"]["values"]["name"]["name"]["value"]
        if name == "bad":
            await ack(response_action="errors", errors={"name": "Not that one"})
            return
        await ack()
        await client.chat_postMessage(
            channel="C0ALERTS",
            text=name,
            blocks=[
                {
                    "type": "actions",
                    "elements": [
                        {
                            "type": "button",
                            "action_id": "approve",
                            "value": "7",
                            "text": {"type": "plain_text", "text": "Approve"},
                        }
                    ],
                }
            ],
        )

    @bolt.action("approve")
    async def approved(ack: Any, body: dict[str, Any], client: Any) -> None:
        await ack()
        await client.chat_update(
            channel=body["channel"]["id"], ts=body["message"]["ts"], text="Approved"
        )

    return bolt


@pytest.fixture
async def connected(
    app: AsyncApp, slack: SlackWorkspace
) -> AsyncIterator[AsyncSocketModeHandler]:
    """Connect the app by Socket Mode."""
    handler = AsyncSocketModeHandler(app, slack.app.app_token)
    await handler.connect_async()
    async with asyncio.timeout(5):
        await slack.sockets.until_connected()
    yield handler
    await handler.close_async()


async def test_command_to_modal_to_message_to_click(
    connected: AsyncSocketModeHandler, slack: SlackWorkspace
) -> None:
    """Ada types a command, corrects a mistake, and Amir presses the button."""
    outcome = await slack.command("U0ADA", "C0ALERTS", "/entra connect")
    assert outcome.acked
    [modal] = slack.views.stack("U0ADA")

    wrong = await slack.submit("U0ADA", modal.id, {"name": {"name": {"value": "bad"}}})
    assert (wrong.outcome, wrong.errors) == ("errors", {"name": "Not that one"})

    right = await slack.submit(
        "U0ADA", modal.id, {"name": {"name": {"value": "Contoso"}}}
    )
    assert right.outcome == "closed"
    assert slack.views.stack("U0ADA") == []
    [message] = slack.messages.seen_by("U0AMIR", "C0ALERTS")

    clicked = await slack.click(
        "U0AMIR", "approve", channel="C0ALERTS", message_ts=message.ts
    )
    assert clicked.acked
    assert message.body["text"] == "Approved"
    assert message.blocks == []
