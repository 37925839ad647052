"""What people do in the client: payload shapes, and what the client refuses."""

from typing import Any

import pytest
from slack_sdk.web.async_client import AsyncWebClient

from sandbox.slack import SlackWorkspace
from sandbox.slack.errors import ControlError
from tests.sandbox.slack.echo import Echo
from tests.sandbox.slack.forms import buttons, field, modal, plain, select, text_input

Json = dict[str, Any]
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


# Commands


@pytest.mark.parametrize(
    ("typed", "text"),
    [
        ("/offboard @dana", "<@U0DANA|dana>"),
        ("/offboard  @dana now ", "<@U0DANA|dana> now"),
        ("/offboard #entra-alerts", "<#C0ALERTS|entra-alerts>"),
        ("/offboard dana@contoso.example", "dana@contoso.example"),
        ("/offboard https://x.example/?a=1&b=2", "<https://x.example/?a=1&amp;b=2>"),
        ("/offboard @nobody <b> & co", "@nobody &lt;b&gt; &amp; co"),
        ("/entra @dana", "@dana"),
        ("/entra", ""),
    ],
)
async def test_command_text(
    echo: Echo, slack: SlackWorkspace, typed: str, text: str
) -> None:
    """Mentions become IDs with should_escape only; mark-up is always escaped."""
    await slack.command("U0ADA", "C0ALERTS", typed)

    assert echo.payloads[0]["text"] == text


async def test_where_commands_can_be_typed(echo: Echo, slack: SlackWorkspace) -> None:
    """The person must be in the channel, the app need not."""
    assert (await slack.command("U0ADA", "C0GENERAL", "/entra")).acked
    assert (await slack.command("U0ADA", "D0ADA", "/entra")).acked
    assert echo.payloads[1]["channel_name"] == "directmessage"

    assert (
        await code_of(slack.command("U0LEE", "C0SECRET", "/entra")) == "not_in_channel"
    )
    assert await code_of(slack.command("U0ADA", "C0OLD", "/entra")) == "is_archived"
    assert await code_of(slack.command("U0ADA", "C0X", "/entra")) == "channel_not_found"
    assert await code_of(slack.command("U0OLD", "C0ALERTS", "/entra")) == (
        "account_inactive"
    )
    unknown = await slack.command("U0ADA", "C0ALERTS", "/deploy")
    assert unknown.error == "unknown_command"


async def test_nobody_connected(slack: SlackWorkspace) -> None:
    """Without an app the person is told at once."""
    outcome = await slack.command("U0ADA", "C0ALERTS", "/entra")

    assert (outcome.acked, outcome.error) == (False, "app_not_connected")


async def test_answer_in_the_ack(echo: Echo, slack: SlackWorkspace) -> None:
    """An ack with text shows to the person; in_channel shows to everybody."""
    echo.answer = lambda payload: {"text": f"You said {payload['text']}"}
    await slack.command("U0ADA", "C0ALERTS", "/entra one")
    echo.answer = lambda payload: {"text": "All", "response_type": "in_channel"}
    await slack.command("U0ADA", "C0ALERTS", "/entra two")

    def seen(user: str) -> list[str]:
        return [m.body["text"] for m in slack.messages.seen_by(user, "C0ALERTS")]

    assert seen("U0ADA") == ["You said one", "All"]
    assert seen("U0LEE") == ["All"]


async def test_answer_that_slack_cannot_use(echo: Echo, slack: SlackWorkspace) -> None:
    """A broken block in the ack is shown as an error."""
    echo.answer = lambda payload: {"blocks": [{"type": "banner"}]}

    outcome = await slack.command("U0ADA", "C0ALERTS", "/entra")

    assert (outcome.acked, outcome.error) == (True, "invalid_response")


# Elements on messages


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
    assert payload["user"] == {
        "id": "U0AMIR",
        "username": "amir",
        "name": "amir",
        "team_id": "T0CONTOSO",
    }


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


# Elements in views


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


# Submitting and closing


async def test_submission_payload(
    echo: Echo, client: AsyncWebClient, slack: SlackWorkspace
) -> None:
    """The payload has the view with its state; an empty ack closes it."""
    view_id = await opened(
        client, slack, modal(text_input("name", "Name"), private_metadata="req-7")
    )

    done = await slack.submit_by_labels("U0ADA", view_id, {"Name": "Contoso"})

    payload = echo.payloads[0]
    assert (done.acked, done.outcome) == (True, "closed")
    assert set(payload) == COMMON | {"trigger_id", "view", "response_urls"}
    assert payload["view"]["private_metadata"] == "req-7"
    entry = payload["view"]["state"]["values"]["name"]["name"]
    assert entry == {"type": "plain_text_input", "value": "Contoso"}
    assert slack.views.stack("U0ADA") == []


async def test_answers_by_label(
    echo: Echo, client: AsyncWebClient, slack: SlackWorkspace
) -> None:
    """Options are named by their text, people by @name, channels by #name."""
    view = modal(
        field("cloud", "Cloud", select("cloud", "global", "china")),
        field("do", "Actions", select("do", "disable", "revoke", kind="checkboxes")),
        field("who", "Leaver", {"type": "users_select", "action_id": "who"}),
        field("to", "Channel", {"type": "conversations_select", "action_id": "to"}),
    )
    view_id = await opened(client, slack, view)
    answers = {
        "Cloud": "China",
        "Actions": ["Revoke"],
        "Leaver": "@dana",
        "Channel": "#entra-alerts",
    }

    await slack.submit_by_labels("U0ADA", view_id, answers)

    values = echo.payloads[0]["view"]["state"]["values"]
    assert values["cloud"]["cloud"]["selected_option"]["value"] == "china"
    assert [o["value"] for o in values["do"]["do"]["selected_options"]] == ["revoke"]
    assert values["who"]["who"]["selected_user"] == "U0DANA"
    assert values["to"]["to"]["selected_conversation"] == "C0ALERTS"
    view_id = await opened(client, slack, view)
    with pytest.raises(ControlError, match="Cloud"):
        await slack.submit_by_labels("U0ADA", view_id, {"Clouds": "China"})
    with pytest.raises(ControlError, match="Global"):
        await slack.submit_by_labels("U0ADA", view_id, {"Cloud": "Mars"})


WRONG_INPUT: dict[str, tuple[Json, Any, str]] = {
    "empty": ({"type": "plain_text_input"}, None, "required"),
    "short": ({"type": "plain_text_input", "min_length": 3}, "ab", "at least 3"),
    "long": ({"type": "plain_text_input", "max_length": 3}, "abcd", "at most 3"),
    "no number": ({"type": "number_input", "is_decimal_allowed": True}, "x", "number"),
    "decimal": ({"type": "number_input", "is_decimal_allowed": False}, "1.5", "whole"),
    "too small": (
        {"type": "number_input", "is_decimal_allowed": False, "min_value": "3"},
        "2",
        "at least 3",
    ),
    "too big": (
        {"type": "number_input", "is_decimal_allowed": False, "max_value": "3"},
        "4",
        "at most 3",
    ),
    "no address": ({"type": "email_text_input"}, "dana", "e-mail"),
    "no URL": ({"type": "url_text_input"}, "contoso", "URL"),
}


@pytest.mark.parametrize("name", WRONG_INPUT)
async def test_the_client_refuses_before_sending(
    echo: Echo, client: AsyncWebClient, slack: SlackWorkspace, name: str
) -> None:
    """Slack's client writes under the field, and the app hears nothing."""
    element, value, words = WRONG_INPUT[name]
    drawn = field("f", "Field", element | {"action_id": "f"})
    view_id = await opened(client, slack, modal(drawn))

    done = await slack.submit("U0ADA", view_id, {"f": {"f": {"value": value}}})

    assert (done.outcome, done.client) == ("errors", True)
    assert words in done.errors["f"]
    assert echo.envelopes == []


async def test_too_many_picked(
    echo: Echo, client: AsyncWebClient, slack: SlackWorkspace
) -> None:
    """max_selected_items is kept by the client."""
    element = {"type": "multi_users_select", "action_id": "f", "max_selected_items": 1}
    view_id = await opened(client, slack, modal(field("f", "Approvers", element)))

    done = await slack.submit_by_labels(
        "U0ADA", view_id, {"Approvers": ["@amir", "@nora"]}
    )

    assert done.errors == {"f": "Pick at most 1."}
    assert echo.envelopes == []


async def test_optional_inputs_may_stay_empty(
    echo: Echo, client: AsyncWebClient, slack: SlackWorkspace
) -> None:
    """An optional input goes along as null."""
    view_id = await opened(
        client, slack, modal(text_input("name", "Name") | {"optional": True})
    )

    assert (await slack.submit("U0ADA", view_id)).outcome == "closed"
    values = echo.payloads[0]["view"]["state"]["values"]
    assert values["name"]["name"]["value"] is None


async def test_answers_to_a_submission(
    echo: Echo, client: AsyncWebClient, slack: SlackWorkspace
) -> None:
    """errors keeps the view, update replaces it, push covers it, clear closes all."""
    form = modal(text_input("name", "Name", initial_value="x"))
    view_id = await opened(client, slack, form)

    async def submit(answer: Json) -> str:
        echo.answer = lambda payload: answer
        top = slack.views.stack("U0ADA")[-1].id
        return (await slack.submit("U0ADA", top)).outcome

    errors = {"response_action": "errors", "errors": {"name": "Taken"}}
    assert await submit(errors) == "errors"
    renamed = form | {"title": plain("Checking")}
    assert await submit({"response_action": "update", "view": renamed}) == "updated"
    [view] = slack.views.stack("U0ADA")
    assert (view.id, view.spec["title"]["text"]) == (view_id, "Checking")
    assert await submit({"response_action": "push", "view": form}) == "pushed"
    assert len(slack.views.stack("U0ADA")) == 2
    assert await submit({"response_action": "clear"}) == "cleared"
    assert slack.views.stack("U0ADA") == []


@pytest.mark.parametrize(
    "answer",
    [
        {"response_action": "errors", "errors": {"nowhere": "No such block"}},
        {"response_action": "errors", "errors": {}},
        {"response_action": "update", "view": {"type": "modal"}},
        {"response_action": "dance"},
    ],
)
async def test_answers_that_slack_cannot_use(
    echo: Echo, client: AsyncWebClient, slack: SlackWorkspace, answer: Json
) -> None:
    """The view stays, and the person reads that something went wrong."""
    view_id = await opened(client, slack, modal(buttons("x")))
    echo.answer = lambda payload: answer

    done = await slack.submit("U0ADA", view_id)

    assert (done.outcome, done.error) == ("none", "invalid_response")
    assert slack.notices["U0ADA"] is not None
    assert [view.id for view in slack.views.stack("U0ADA")] == [view_id]


async def test_submission_without_ack_keeps_the_view(
    echo: Echo, client: AsyncWebClient, slack: SlackWorkspace
) -> None:
    """A timeout leaves the modal open with what was typed."""
    view_id = await opened(client, slack, modal(text_input("name", "Name")))
    echo.silent = True

    done = await slack.submit_by_labels("U0ADA", view_id, {"Name": "Contoso"})

    assert (done.acked, done.error) == (False, "operation_timeout")
    [view] = slack.views.stack("U0ADA")
    assert view.values["name"]["name"]["value"] == "Contoso"


async def test_no_submit_button_no_submit(
    client: AsyncWebClient, slack: SlackWorkspace
) -> None:
    """A view without a submit button cannot be submitted, nor anybody else's."""
    view = modal(buttons("x"))
    del view["submit"]
    view_id = await opened(client, slack, view)

    assert await code_of(slack.submit("U0ADA", view_id)) == "not_submittable"
    assert await code_of(slack.submit("U0LEE", view_id)) == "view_not_open"


async def test_closing(
    echo: Echo, client: AsyncWebClient, slack: SlackWorkspace
) -> None:
    """Cancel tells of that view, the cross of the root; only if they asked."""
    quiet = await opened(client, slack, modal(buttons("x")))
    await slack.close_view("U0ADA", quiet)
    assert echo.envelopes == []

    told = modal(buttons("x"), notify_on_close=True)
    root = await opened(client, slack, told)
    inside = slack.triggers.make("U0ADA", view_id=root)
    pushed = await client.views_push(trigger_id=inside, view=told)
    top = pushed["view"]["id"]
    await slack.close_view("U0ADA", top)
    assert [view.id for view in slack.views.stack("U0ADA")] == [root]
    again = slack.triggers.make("U0ADA", view_id=root)
    pushed = await client.views_push(trigger_id=again, view=told)
    await slack.close_view("U0ADA", pushed["view"]["id"], everything=True)

    cancel, cross = echo.payloads
    assert (cancel["view"]["id"], cancel["is_cleared"]) == (top, False)
    assert (cross["view"]["id"], cross["is_cleared"]) == (root, True)
    assert set(cross) == COMMON | {"view", "is_cleared"}
    assert cross["view"]["state"] == {"values": {}}
    assert slack.views.stack("U0ADA") == []


# Shortcuts, Home, messages


async def test_shortcuts(echo: Echo, slack: SlackWorkspace) -> None:
    """Global ones know no channel, message ones bring the message."""
    message = await slack.say("U0DANA", "C0ALERTS", "My last week")

    await slack.shortcut("U0RUTH", "offboard_global")
    where: Json = {"channel": "C0ALERTS", "message_ts": message.ts}
    await slack.shortcut("U0RUTH", "offboard_message", **where)

    anywhere, on_message = echo.payloads
    assert set(anywhere) == COMMON | {"callback_id", "trigger_id", "action_ts"}
    assert anywhere["type"] == "shortcut"
    assert on_message["type"] == "message_action"
    assert on_message["message"]["user"] == "U0DANA"
    assert on_message["channel"] == {"id": "C0ALERTS", "name": "entra-alerts"}
    unknown = slack.shortcut("U0RUTH", "offboard_message")
    assert await code_of(unknown) == "unknown_shortcut"


async def test_home_brings_the_published_view(
    echo: Echo, client: AsyncWebClient, slack: SlackWorkspace
) -> None:
    """The first opening has no view, later ones have the one published."""
    await slack.open_home("U0ADA")
    home = {"type": "home", "blocks": [buttons("refresh")]}
    published = await client.views_publish(user_id="U0ADA", view=home)
    await slack.open_home("U0ADA")
    await slack.open_home("U0ADA", tab="messages")

    first, second, third = (payload["event"] for payload in echo.payloads)
    assert "view" not in first
    assert second["view"]["id"] == published["view"]["id"]
    assert (third["tab"], "view" in third) == ("messages", False)
    await slack.click("U0ADA", "refresh", view_id=published["view"]["id"])
    assert echo.payloads[3]["view"]["type"] == "home"
    close = slack.close_view("U0ADA", published["view"]["id"])
    assert await code_of(close) == "not_closable"


async def test_saying_something(echo: Echo, slack: SlackWorkspace) -> None:
    """Subscribed events arrive: direct messages and mentions where the bot is."""
    await slack.say("U0ADA", "D0ADA", "Hello")
    await slack.say("U0ADA", "C0ALERTS", "No mention, no event")
    await slack.say("U0ADA", "C0ALERTS", "@gatehouse help")
    await slack.say("U0ADA", "C0GENERAL", "@gatehouse is not here")

    direct, mention = (payload["event"] for payload in echo.payloads)
    assert (direct["type"], direct["channel_type"]) == ("message", "im")
    assert (mention["type"], mention["user"]) == ("app_mention", "U0ADA")
    assert mention["text"].startswith("<@U0GATEHOUSE")
