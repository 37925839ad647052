"""Buttons on messages and in views: payloads, and what the client refuses."""

from typing import Any

import pytest
from slack_sdk.web.async_client import AsyncWebClient

from sandbox.slack import SlackWorkspace
from sandbox.slack.errors import ControlError
from tests.sandbox.slack.echo import Echo
from tests.sandbox.slack.forms import buttons, field, modal, plain, select, text_input
from tests.sandbox.slack.shown import COMMON, code_of, message_with, opened

Json = dict[str, Any]


async def test_click_on_a_message(
    echo: Echo, client: AsyncWebClient, slack: SlackWorkspace
) -> None:
    """block_actions carries container, channel, message, state and the action."""
    ts = await message_with(client, buttons("approve", style="primary"))

    outcome = await slack.click("U0AMIR", "approve", channel="C0ALERTS", message_ts=ts)

    payload = echo.payloads[0]
    assert outcome.acked
    assert set(payload) == COMMON | {
        "container",
        "trigger_id",
        "channel",
        "message",
        "state",
        "response_url",
        "actions",
    }
    assert payload["container"] == {
        "type": "message",
        "message_ts": ts,
        "channel_id": "C0ALERTS",
        "is_ephemeral": False,
    }
    assert payload["message"]["ts"] == ts
    [action] = payload["actions"]
    assert float(action.pop("action_ts")) > float(ts)
    assert action == {
        "type": "button",
        "action_id": "approve",
        "block_id": "buttons",
        "text": {"type": "plain_text", "text": "Approve", "emoji": True},
        "value": "approve-value",
        "style": "primary",
    }
    assert payload["user"]["id"] == "U0AMIR"


async def test_click_on_an_ephemeral(
    echo: Echo, client: AsyncWebClient, slack: SlackWorkspace
) -> None:
    """An ephemeral's payload says so and has no message."""
    answer = await client.chat_postEphemeral(
        channel="C0ALERTS", user="U0LEE", text="x", blocks=[buttons("ok")]
    )
    where: Json = {"channel": "C0ALERTS", "message_ts": answer["message_ts"]}

    await slack.click("U0LEE", "ok", **where)

    assert echo.payloads[0]["container"]["is_ephemeral"]
    assert "message" not in echo.payloads[0]
    assert await code_of(slack.click("U0ADA", "ok", **where)) == "message_not_found"


async def test_clicks_that_the_client_refuses(
    echo: Echo, client: AsyncWebClient, slack: SlackWorkspace
) -> None:
    """No such button, hidden from this person, invisible channel, no such message."""
    hidden = buttons("deny", visible_to_user_ids=["U0NORA"])
    ts = await message_with(client, hidden)
    where: Json = {"channel": "C0ALERTS", "message_ts": ts}
    private = await client.chat_postMessage(
        channel="C0APPROVE", text="x", blocks=[buttons("deny")]
    )

    assert await code_of(slack.click("U0AMIR", "deny", **where)) == "element_not_found"
    assert await code_of(slack.click("U0NORA", "approve", **where)) == (
        "element_not_found"
    )
    elsewhere: Json = {"channel": "C0APPROVE", "message_ts": private["ts"]}
    assert await code_of(slack.click("U0LEE", "deny", **elsewhere)) == "not_in_channel"
    nowhere: Json = {"channel": "C0ALERTS", "message_ts": "1.000001"}
    assert await code_of(slack.click("U0NORA", "deny", **nowhere)) == (
        "message_not_found"
    )
    assert await code_of(slack.act("U0NORA", {"action_id": "deny"}, {})) == (
        "invalid_container"
    )
    assert (await slack.click("U0NORA", "deny", **where)).acked
    assert len(echo.envelopes) == 1


async def test_press_by_text(
    echo: Echo, client: AsyncWebClient, slack: SlackWorkspace
) -> None:
    """Buttons are found by what they read; a wrong text lists the right ones."""
    ts = await message_with(client, buttons("approve", "deny"))

    await slack.press("U0AMIR", "Deny", channel="C0ALERTS", message_ts=ts)
    assert echo.payloads[0]["actions"][0]["value"] == "deny-value"
    with pytest.raises(ControlError, match="Approve"):
        await slack.press("U0AMIR", "Yes", channel="C0ALERTS", message_ts=ts)


async def test_click_in_a_modal_and_push(
    echo: Echo, client: AsyncWebClient, slack: SlackWorkspace
) -> None:
    """The view goes along with what was typed, and its trigger can push."""
    view_id = await opened(
        client, slack, modal(text_input("name", "Name"), buttons("more"))
    )
    typed = {"name": {"name": {"type": "plain_text_input", "value": "Con"}}}

    await slack.click("U0ADA", "more", view_id=view_id, state={"values": typed})

    payload = echo.payloads[0]
    assert payload["container"] == {"type": "view", "view_id": view_id}
    assert payload["view"]["state"]["values"] == typed
    assert not {"channel", "message", "response_url"} & set(payload)
    await client.views_push(trigger_id=payload["trigger_id"], view=modal(buttons("ok")))
    assert len(slack.views.stack("U0ADA")) == 2
    assert await code_of(slack.submit("U0ADA", view_id)) == "view_not_open"


async def test_input_without_dispatch_sends_nothing(
    echo: Echo, client: AsyncWebClient, slack: SlackWorkspace
) -> None:
    """Inputs are quiet until the submit unless they ask for more."""
    quiet = field("kind", "Kind", select("kind", "one", "two"))
    view_id = await opened(client, slack, modal(quiet))
    pick: Json = {"selected_option": {"value": "two"}}
    act = slack.click("U0ADA", "kind", view_id=view_id, **pick)
    assert await code_of(act) == "not_dispatching"

    loud = quiet | {"dispatch_action": True}
    view_id = await opened(client, slack, modal(loud))
    await slack.click("U0ADA", "kind", view_id=view_id, **pick)
    state = echo.payloads[0]["view"]["state"]["values"]["kind"]["kind"]
    assert state["selected_option"]["value"] == "two"


async def test_options_of_an_external_select(
    echo: Echo, client: AsyncWebClient, slack: SlackWorkspace
) -> None:
    """The app is asked from the minimal length on and its options are checked."""
    element = {"type": "external_select", "action_id": "who", "min_query_length": 2}
    view_id = await opened(client, slack, modal(field("who", "Leaver", element)))
    found = {"options": [{"text": plain("Dana"), "value": "1"}]}
    echo.answer = lambda payload: found

    assert await slack.options("U0ADA", "who", "d", view_id=view_id) == {"options": []}
    assert await slack.options("U0ADA", "who", "da", view_id=view_id) == found
    [payload] = echo.payloads
    assert (payload["type"], payload["value"]) == ("block_suggestion", "da")
    assert (payload["action_id"], payload["block_id"]) == ("who", "who")
    assert set(payload) == COMMON | {
        "container",
        "view",
        "action_id",
        "block_id",
        "value",
    }
    echo.answer = lambda payload: {"options": [{"text": plain("x" * 76), "value": "1"}]}
    late = slack.options("U0ADA", "who", "dan", view_id=view_id)
    assert await code_of(late) == "invalid_options"
    echo.answer = lambda payload: None
    assert await code_of(slack.options("U0ADA", "who", "dan", view_id=view_id)) == (
        "invalid_options"
    )
    echo.silent = True
    assert await code_of(slack.options("U0ADA", "who", "dan", view_id=view_id)) == (
        "operation_timeout"
    )
