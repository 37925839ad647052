"""Submitting and closing modals, and what the client checks before."""

from typing import Any

import pytest
from slack_sdk.web.async_client import AsyncWebClient

from sandbox.slack import SlackWorkspace
from sandbox.slack.errors import ControlError
from tests.sandbox.slack.echo import Echo
from tests.sandbox.slack.forms import buttons, field, modal, plain, select, text_input
from tests.sandbox.slack.shown import COMMON, code_of, opened

Json = dict[str, Any]


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
