"""The control API over HTTP, as the page and other programs use it."""

import json
from typing import Any

import pytest
from aiohttp import ClientSession
from slack_sdk.web.async_client import AsyncWebClient

from sandbox.slack import SlackWorkspace
from tests.sandbox.slack.echo import Echo
from tests.sandbox.slack.forms import buttons, field, modal, text_input

Json = dict[str, Any]


class Page:
    """Calls the control API as the page does."""

    def __init__(self, slack: SlackWorkspace, http: ClientSession) -> None:
        self._base, self._http = f"{slack.base_url}/control/slack", http
        self.status = 0

    async def see(self, sight: str, **query: str) -> Json:
        """GET a sight."""
        async with self._http.get(f"{self._base}/{sight}", params=query) as response:
            return await self._read(response)

    async def do(self, act: str, **body: Any) -> Json:
        """POST an act."""
        async with self._http.post(f"{self._base}/{act}", json=body) as response:
            return await self._read(response)

    async def _read(self, response: Any) -> Json:
        self.status = response.status
        answer: Json = await response.json()
        assert answer["ok"] is (response.status == 200)
        return answer


@pytest.fixture
def page(slack: SlackWorkspace, http: ClientSession) -> Page:
    """Return the control API's client."""
    return Page(slack, http)


async def test_workspace(page: Page, echo: Echo) -> None:
    """Everything that the page draws around the messages."""
    seen = await page.see("workspace")

    assert seen["team"] == {
        "id": "T0CONTOSO",
        "name": "Contoso IT",
        "domain": "contoso-it",
    }
    app = seen["app"]
    assert (app["connected"], app["mode"], app["home_tab"]) == (True, "socket", True)
    assert app["commands"][0]["usage_hint"] == "connect"
    assert {s["type"] for s in app["shortcuts"]} == {"global", "message"}
    ada = next(user for user in seen["people"] if user["id"] == "U0ADA")
    assert ada["dm"] == "D0ADA"
    channels = {channel["id"]: channel for channel in seen["channels"]}
    assert channels["D0ADA"]["user"] == "U0ADA"
    assert channels["C0OLD"]["is_archived"]
    assert "U0LEE" not in channels["C0APPROVE"]["members"]


async def test_filling_in_a_modal(
    page: Page, echo: Echo, client: AsyncWebClient
) -> None:
    """Command, modal, options, a submit that the client refuses, the cross."""
    typed = await page.do("command", user="U0ADA", channel="C0ALERTS", text="/entra x")
    assert (typed["acked"], typed["error"]) == (True, None)
    trigger = echo.payloads[0]["trigger_id"]
    element = {"type": "external_select", "action_id": "who", "min_query_length": 0}
    view = modal(
        text_input("name", "Name"),
        field("who", "Leaver", element, optional=True),
    )
    await client.views_open(trigger_id=trigger, view=view)
    [modal_] = (await page.see("views", **{"as": "U0ADA"}))["stack"]

    echo.answer = lambda payload: {"options": []}
    found = await page.do(
        "options",
        user="U0ADA",
        action_id="who",
        block_id="who",
        value="",
        container={"view_id": modal_["id"]},
    )
    assert found["options"] == []
    echo.answer = lambda payload: None
    empty = await page.do("submit", user="U0ADA", view_id=modal_["id"], state={})
    assert (empty["outcome"], empty["client"]) == ("errors", True)
    closed = await page.do("close", user="U0ADA", view_id=modal_["id"], all=True)
    assert closed["acked"]
    assert (await page.see("views", **{"as": "U0ADA"}))["stack"] == []


async def test_acting_in_a_channel(
    page: Page, echo: Echo, client: AsyncWebClient
) -> None:
    """Button, shortcut, Home, a message, and all of it in the log."""
    await client.chat_postMessage(channel="C0ALERTS", text="x", blocks=[buttons("ok")])
    [message] = (await page.see("messages", channel="C0ALERTS", **{"as": "U0LEE"}))[
        "messages"
    ]
    clicked = await page.do(
        "action",
        user="U0LEE",
        action={"type": "button", "action_id": "ok", "block_id": "buttons"},
        state={"values": {}},
        container={"channel": "C0ALERTS", "message_ts": message["ts"]},
    )
    assert clicked["acked"]
    assert (await page.do("shortcut", user="U0LEE", callback_id="offboard_global"))[
        "acked"
    ]
    assert (await page.do("home", user="U0LEE"))["acked"]
    said = await page.do("say", user="U0LEE", channel="C0ALERTS", text="Hi & bye")
    assert said["message"]["text"] == "Hi &amp; bye"
    log = await page.see("log", since="0")
    methods = [call["method"] for call in log["calls"]]
    assert methods == ["apps.connections.open", "chat.postMessage"]
    kinds = [delivery["type"] for delivery in log["deliveries"]]
    assert kinds == ["block_actions", "shortcut", "app_home_opened"]


async def test_ephemerals_are_marked(page: Page, client: AsyncWebClient) -> None:
    """Only their reader sees them, marked as such."""
    await client.chat_postEphemeral(channel="C0ALERTS", user="U0LEE", text="Only you")

    lee = await page.see("messages", channel="C0ALERTS", **{"as": "U0LEE"})
    ada = await page.see("messages", channel="C0ALERTS", **{"as": "U0ADA"})

    assert [m["is_ephemeral"] for m in lee["messages"]] == [True]
    assert ada["messages"] == []


async def test_notice_of_a_failed_act(page: Page, slack: SlackWorkspace) -> None:
    """What Slack would tell the person stands beside the views."""
    await page.do("command", user="U0ADA", channel="C0ALERTS", text="/entra")

    seen = await page.see("views", **{"as": "U0ADA"})

    assert seen["notice"]["level"] == "error"
    assert "not connected" in seen["notice"]["text"]
    assert (seen["home"], seen["stack"]) == (None, [])


async def test_changing_people_and_channels(page: Page, slack: SlackWorkspace) -> None:
    """Deactivate somebody, archive a channel, kick the bot, invite, remove."""
    changed = await page.do("person", id="U0DANA", deleted=True)
    assert changed["person"]["deleted"]
    await page.do("channel", id="C0ALERTS", kick_bot=True, invite="U0EXT")
    await page.do("channel", id="C0APPROVE", archive=True, remove="U0DANA")

    channels = {c["id"]: c for c in (await page.see("workspace"))["channels"]}
    assert "U0GATEHOUSE" not in channels["C0ALERTS"]["members"]
    assert "U0EXT" in channels["C0ALERTS"]["members"]
    assert channels["C0APPROVE"]["is_archived"]
    assert "U0DANA" not in channels["C0APPROVE"]["members"]


async def test_faults_and_clock(page: Page, slack: SlackWorkspace) -> None:
    """Faults are listed with their settings and switched; the clock moves."""
    answer = await page.do("faults", name="slow_api", on=True, params={"ms": 1})
    faults = {fault["name"]: fault for fault in answer["faults"]}
    assert (faults["slow_api"]["on"], faults["slow_api"]["params"]) == (True, {"ms": 1})
    assert all(fault["label"] and fault["description"] for fault in faults.values())
    assert faults == {
        fault["name"]: fault for fault in (await page.see("faults"))["faults"]
    }

    before = slack.clock.now()
    moved = await page.do("clock", offset_seconds=600)
    assert moved["now"] - before == pytest.approx(600, abs=5)


@pytest.mark.parametrize(
    ("act", "body", "status", "error"),
    [
        ("command", {"user": "U0ADA"}, 400, "missing_field"),
        (
            "command",
            {"user": "U0LEE", "channel": "C0SECRET", "text": "/entra"},
            403,
            "not_in_channel",
        ),
        (
            "action",
            {
                "user": "U0LEE",
                "action": {},
                "container": {"channel": "C0ALERTS", "message_ts": "1.1"},
            },
            404,
            "message_not_found",
        ),
        ("submit", {"user": "U0ADA", "view_id": "V0"}, 404, "view_not_open"),
        ("faults", {"name": "gremlins", "on": True}, 400, "unknown_fault"),
        ("channel", {"id": "C0NOWHERE"}, 404, "channel_not_found"),
        (
            "channel",
            {"id": "C0ALERTS", "invite": "U0NOBODY"},
            400,
            "user_not_found",
        ),
    ],
)
async def test_refusals_have_code_and_remedy(
    page: Page, act: str, body: Json, status: int, error: str
) -> None:
    """A wrong act answers 4xx with a code and what to do."""
    answer = await page.do(act, **body)

    assert (page.status, answer["error"]) == (status, error)
    assert answer["message"].endswith(".")


async def test_unreadable_bodies(http: ClientSession, slack: SlackWorkspace) -> None:
    """Garbage and arrays are refused."""
    url = f"{slack.base_url}/control/slack/command"
    for body in ("{", "[]"):
        async with http.post(url, data=body) as response:
            assert response.status == 400
            assert (await response.json())["error"] == "invalid_json"


async def test_event_stream(http: ClientSession, slack: SlackWorkspace) -> None:
    """A first event at once names everything, later ones what changed."""
    async with http.get(f"{slack.base_url}/control/events") as response:
        assert response.content_type == "text/event-stream"

        async def change() -> Json:
            line = b""
            while not line.startswith(b"data: "):
                line = await response.content.readline()
            found: Json = json.loads(line.removeprefix(b"data: "))
            return found

        first = await change()
        assert "tenant" in first["what"]
        await slack.say("U0ADA", "C0ALERTS", "Hi")
        second = await change()
        assert second["what"] == ["messages"]
        assert second["seq"] > first["seq"]
