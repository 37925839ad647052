"""A small Bolt app that uses what real apps use, for stories on the simulator."""

import re
from typing import Any

from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from tests.sandbox.slack.forms import buttons, field, modal, plain, text_input

Json = dict[str, Any]
SEARCH = {"type": "external_select", "action_id": "leaver", "min_query_length": 1}
FORM = modal(
    text_input("name", "Name"),
    field("leaver", "Leaver", SEARCH, optional=True),
    callback_id="connect",
)
CHECKING = {"type": "modal", "title": plain("Checking"), "blocks": []}


async def command(ack: Any, body: Json, client: AsyncWebClient, respond: Any) -> None:
    """Open the form, or answer as told by the text."""
    match body["text"]:
        case "hello":
            await ack("Hello yourself")
        case "often":
            await ack()
            for number in range(6):
                answer = await respond(f"Answer {number}")
            await client.chat_postMessage(
                channel="C0ALERTS", text=f"Last status {answer.status_code}"
            )
        case _:
            await ack()
            await client.views_open(trigger_id=body["trigger_id"], view=FORM)


async def submitted(ack: Any, view: Json, client: AsyncWebClient) -> None:
    """Refuse "bad"; else show a checking view and post the name with a button."""
    name = view["state"]["values"]["name"]["name"]["value"]
    if name == "bad":
        await ack(response_action="errors", errors={"name": "Not that one"})
        return
    await ack(response_action="update", view=CHECKING)
    await client.chat_postMessage(
        channel="C0ALERTS", text=name, blocks=[buttons("approve", "dismiss", "lost")]
    )


async def approved(ack: Any, body: Json, client: AsyncWebClient) -> None:
    """Replace the message by the decision."""
    await ack()
    ts = body["message"]["ts"]
    await client.chat_update(channel=body["channel"]["id"], ts=ts, text="Approved")


async def dismissed(ack: Any, respond: Any) -> None:
    """Delete the message by its response URL."""
    await ack()
    await respond(delete_original=True)


async def searched(ack: Any, payload: Json) -> None:
    """Offer one leaver for any query."""
    await ack(options=[{"text": plain(f"Dana ({payload['value']})"), "value": "1"}])


async def home_opened(event: Json, client: AsyncWebClient) -> None:
    """Publish a Home tab."""
    home = {"type": "home", "blocks": [{"type": "header", "text": plain("Tenants")}]}
    await client.views_publish(user_id=event["user"], view=home)


def make_app(client: AsyncWebClient, signing_secret: str) -> AsyncApp:
    """Wire the listeners. Nothing listens to the button "lost"."""
    app = AsyncApp(
        client=client, signing_secret=signing_secret, process_before_response=True
    )
    app.command("/entra")(command)
    app.view("connect")(submitted)
    app.action("approve")(approved)
    app.action("dismiss")(dismissed)
    app.options(re.compile("leaver"))(searched)
    app.event("app_home_opened")(home_opened)
    return app
