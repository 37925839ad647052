"""Response URLs: what may be said there, and for how long."""

from typing import Any

import pytest
from aiohttp import ClientSession
from slack_sdk.web.async_client import AsyncWebClient

from sandbox.slack import SlackWorkspace
from tests.sandbox.slack.echo import Echo
from tests.sandbox.slack.forms import buttons


class Url:
    """Posts to one response URL."""

    def __init__(self, address: str, http: ClientSession) -> None:
        self.address, self._http = address, http

    async def post(self, **body: Any) -> tuple[int, str]:
        """Post and return status and text."""
        async with self._http.post(self.address, json=body) as response:
            return response.status, await response.text()


@pytest.fixture
async def of_command(echo: Echo, slack: SlackWorkspace, http: ClientSession) -> Url:
    """Return the response URL of a command typed by Ada in #general."""
    await slack.command("U0ADA", "C0GENERAL", "/entra")
    return Url(echo.payloads[0]["response_url"], http)


def texts(slack: SlackWorkspace, user: str, channel: str) -> list[str]:
    """Return what somebody reads in a channel."""
    return [m.body["text"] for m in slack.messages.seen_by(user, channel)]


async def test_ephemeral_by_default_even_where_the_bot_is_not(
    of_command: Url, slack: SlackWorkspace
) -> None:
    """No membership is needed; in_channel shows it to all."""
    assert await of_command.post(text="For you") == (200, "ok")
    await of_command.post(text="For all", response_type="in_channel")

    assert texts(slack, "U0ADA", "C0GENERAL") == ["For you", "For all"]
    assert texts(slack, "U0LEE", "C0GENERAL") == ["For all"]


async def test_half_an_hour(of_command: Url, slack: SlackWorkspace) -> None:
    """Good for 30 minutes, then 404."""
    slack.clock.set_offset(29 * 60)
    assert (await of_command.post(text="x"))[0] == 200
    slack.clock.set_offset(31 * 60)
    status, text = await of_command.post(text="x")

    assert (status, "expired_url" in text) == (404, True)


async def test_five_uses(of_command: Url) -> None:
    """The sixth post is refused."""
    assert [(await of_command.post(text="x"))[0] for _ in range(5)] == [200] * 5
    status, text = await of_command.post(text="x")

    assert (status, "used_url" in text) == (404, True)


async def test_wrong_contents(of_command: Url, slack: SlackWorkspace) -> None:
    """Broken blocks and empty posts are 400, and logged."""
    assert (await of_command.post(text=""))[0] == 400
    status, text = await of_command.post(blocks=[{"type": "banner"}])

    assert (status, "invalid_blocks" in text) == (400, True)
    calls = [call for call in slack.log.calls if call.method == "response_url"]
    assert [call.error for call in calls] == ["no_text", "invalid_blocks"]


async def test_replacing_what_was_clicked(
    echo: Echo, client: AsyncWebClient, slack: SlackWorkspace, http: ClientSession
) -> None:
    """replace_original works on messages and on ephemerals; without it a new one."""
    where: dict[str, Any] = {"channel": "C0ALERTS"}
    posted = await client.chat_postMessage(**where, text="Old", blocks=[buttons("a")])
    shown = await client.chat_postEphemeral(
        **where, user="U0ADA", text="Old", blocks=[buttons("b")]
    )
    await slack.click("U0ADA", "a", **where, message_ts=posted["ts"])
    await slack.click("U0ADA", "b", **where, message_ts=shown["message_ts"])
    first, second = (Url(p["response_url"], http) for p in echo.payloads)

    await first.post(text="New", replace_original=True)
    await second.post(text="New too", replace_original=True)
    assert texts(slack, "U0ADA", "C0ALERTS") == ["New", "New too"]
    await first.post(text="Aside")
    assert texts(slack, "U0ADA", "C0ALERTS") == ["New", "New too", "Aside"]
    await second.post(delete_original=True)
    assert texts(slack, "U0ADA", "C0ALERTS") == ["New", "Aside"]
    assert (await second.post(delete_original=True))[0] == 400
