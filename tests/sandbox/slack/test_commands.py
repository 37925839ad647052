"""Commands, shortcuts, the Home tab and plain messages."""

from typing import Any

import pytest
from slack_sdk.web.async_client import AsyncWebClient

from sandbox.slack import SlackWorkspace
from tests.sandbox.slack.echo import Echo
from tests.sandbox.slack.forms import buttons
from tests.sandbox.slack.shown import COMMON, code_of

Json = dict[str, Any]


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
