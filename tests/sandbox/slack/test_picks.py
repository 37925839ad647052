"""Selects, pickers, check boxes: each sends its own member."""

from typing import Any

import pytest
from slack_sdk.web.async_client import AsyncWebClient

from sandbox.slack import SlackWorkspace
from tests.sandbox.slack.echo import Echo
from tests.sandbox.slack.forms import field, modal, plain, select
from tests.sandbox.slack.shown import code_of, message_with

Json = dict[str, Any]


PICKS: dict[str, tuple[Json, Json, Any]] = {
    "static_select": (
        select("a", "one", "two"),
        {"selected_option": {"value": "two"}},
        {"text": plain("Two") | {"emoji": True}, "value": "two"},
    ),
    "cleared select": (select("a", "one"), {"selected_option": None}, None),
    "radio_buttons": (
        select("a", "one", "two", kind="radio_buttons"),
        {"selected_option": {"value": "one"}},
        {"text": plain("One") | {"emoji": True}, "value": "one"},
    ),
    "checkboxes": (
        select("a", "one", "two", kind="checkboxes"),
        {"selected_options": [{"value": "two"}]},
        [{"text": plain("Two") | {"emoji": True}, "value": "two"}],
    ),
    "multi_static_select": (
        select("a", "one", "two", kind="multi_static_select"),
        {"selected_options": []},
        [],
    ),
    "overflow": (
        select("a", "one", "two", kind="overflow"),
        {"selected_option": {"value": "two"}},
        {"text": plain("Two") | {"emoji": True}, "value": "two"},
    ),
    "users_select": (
        {"type": "users_select", "action_id": "a"},
        {"selected_user": "U0DANA"},
        "U0DANA",
    ),
    "conversations_select": (
        {"type": "conversations_select", "action_id": "a"},
        {"selected_conversation": "C0ALERTS"},
        "C0ALERTS",
    ),
    "multi_users_select": (
        {"type": "multi_users_select", "action_id": "a"},
        {"selected_users": ["U0AMIR", "U0NORA"]},
        ["U0AMIR", "U0NORA"],
    ),
    "multi_channels_select": (
        {"type": "multi_channels_select", "action_id": "a"},
        {"selected_channels": ["C0ALERTS"]},
        ["C0ALERTS"],
    ),
    "multi_conversations_select": (
        {"type": "multi_conversations_select", "action_id": "a"},
        {"selected_conversations": ["C0ALERTS", "D0ADA"]},
        ["C0ALERTS", "D0ADA"],
    ),
    "multi_external_select": (
        {"type": "multi_external_select", "action_id": "a"},
        {"selected_options": [{"text": plain("One"), "value": "1"}]},
        [{"text": plain("One"), "value": "1"}],
    ),
    "channels_select": (
        {"type": "channels_select", "action_id": "a"},
        {"selected_channel": "C0ALERTS"},
        "C0ALERTS",
    ),
    "datepicker": (
        {"type": "datepicker", "action_id": "a"},
        {"selected_date": "2026-11-30"},
        "2026-11-30",
    ),
    "timepicker": (
        {"type": "timepicker", "action_id": "a"},
        {"selected_time": "17:30"},
        "17:30",
    ),
    "datetimepicker": (
        {"type": "datetimepicker", "action_id": "a"},
        {"selected_date_time": 1_800_000_000},
        1_800_000_000,
    ),
}


@pytest.mark.parametrize("name", PICKS)
async def test_each_element_sends_its_own_member(
    echo: Echo, client: AsyncWebClient, slack: SlackWorkspace, name: str
) -> None:
    """The picked value stands in the action and, if it stays, in the state."""
    element, given, expected = PICKS[name]
    ts = await message_with(
        client, {"type": "actions", "block_id": "b", "elements": [element]}
    )

    where: Json = {"channel": "C0ALERTS", "message_ts": ts}
    await slack.act("U0AMIR", {"action_id": "a", **given}, where)

    [key] = given
    payload = echo.payloads[0]
    assert payload["actions"][0][key] == expected
    if element["type"] != "overflow":
        entry = {"type": element["type"], key: expected}
        assert payload["state"]["values"] == {"b": {"a": entry}}


@pytest.mark.parametrize(
    ("element", "given"),
    [
        (select("a", "one"), {"selected_option": {"value": "three"}}),
        ({"type": "users_select"}, {"selected_user": "U0NOBODY"}),
        ({"type": "channels_select"}, {"selected_channel": "C0NOWHERE"}),
        (
            {"type": "conversations_select", "filter": {"include": ["private"]}},
            {"selected_conversation": "C0ALERTS"},
        ),
        ({"type": "datepicker"}, {"selected_date": "30.11.2026"}),
        ({"type": "timepicker"}, {"selected_time": "25:00"}),
        ({"type": "datetimepicker"}, {"selected_date_time": "soon"}),
        ({"type": "external_select"}, {"selected_option": "one"}),
    ],
)
async def test_picks_that_are_not_there(
    client: AsyncWebClient, slack: SlackWorkspace, element: Json, given: Json
) -> None:
    """Nobody can pick what the element does not offer."""
    drawn = {"action_id": "a"} | element
    ts = await message_with(client, {"type": "actions", "elements": [drawn]})

    where: Json = {"channel": "C0ALERTS", "message_ts": ts}
    act = slack.act("U0AMIR", {"action_id": "a", **given}, where)
    assert await code_of(act) == "invalid_pick"


async def test_feedback_buttons(
    echo: Echo, client: AsyncWebClient, slack: SlackWorkspace
) -> None:
    """One of two values, with its own text."""
    element = {
        "type": "feedback_buttons",
        "action_id": "f",
        "positive_button": {"text": plain("Good"), "value": "up"},
        "negative_button": {"text": plain("Bad"), "value": "down"},
    }
    ts = await message_with(client, {"type": "context_actions", "elements": [element]})
    where: Json = {"channel": "C0ALERTS", "message_ts": ts}

    await slack.click("U0AMIR", "f", **where, value="down")

    action = echo.payloads[0]["actions"][0]
    assert (action["value"], action["text"]["text"]) == ("down", "Bad")
    assert await code_of(slack.click("U0AMIR", "f", **where)) == "invalid_pick"


async def test_icon_button(
    echo: Echo, client: AsyncWebClient, slack: SlackWorkspace
) -> None:
    """The icon goes along with text and value."""
    element = {
        "type": "icon_button",
        "action_id": "remove",
        "icon": "trash",
        "text": plain("Remove"),
        "value": "7",
    }
    ts = await message_with(client, {"type": "context_actions", "elements": [element]})

    await slack.click("U0AMIR", "remove", channel="C0ALERTS", message_ts=ts)

    action = echo.payloads[0]["actions"][0]
    assert (action["icon"], action["value"]) == ("trash", "7")
    assert action["text"]["text"] == "Remove"


async def test_current_conversation(
    echo: Echo, client: AsyncWebClient, slack: SlackWorkspace
) -> None:
    """A select may start with the channel in which the command was typed."""
    here = {
        "type": "conversations_select",
        "action_id": "to",
        "default_to_current_conversation": True,
    }
    preset = here | {"action_id": "other", "initial_conversation": "C0APPROVE"}
    form = modal(field("to", "To", here), field("other", "Other", preset))

    async def opened_by(trigger: str) -> list[Any]:
        answer = await client.views_open(trigger_id=trigger, view=form)
        values = answer["view"]["state"]["values"]
        entries = [*values["to"].values(), *values["other"].values()]
        return [entry["selected_conversation"] for entry in entries]

    await slack.command("U0ADA", "C0ALERTS", "/entra")
    assert await opened_by(echo.payloads[0]["trigger_id"]) == ["C0ALERTS", "C0APPROVE"]
    await slack.shortcut("U0ADA", "offboard_global")
    assert await opened_by(echo.payloads[1]["trigger_id"]) == [None, "C0APPROVE"]
