"""HTTP mode: signatures, forms, retry headers, the answers Slack understands."""

import asyncio
import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

import pytest
from aiohttp import web
from slack_sdk.signature import SignatureVerifier

from sandbox.seeds.slack import demo_workspace
from sandbox.slack import Pace, SlackWorkspace
from sandbox.slack.errors import ControlError
from tests.sandbox.slack.serving import served


class Receiver:
    """An HTTP app that keeps requests and answers with what it is told."""

    def __init__(self) -> None:
        self.bodies: list[str] = []
        self.headers: list[dict[str, str]] = []
        self.reply: dict[str, Any] = {"status": 200}
        self.delay = 0.0

    async def take(self, request: web.Request) -> web.Response:
        """Keep one request."""
        self.bodies.append(await request.text())
        self.headers.append(dict(request.headers))
        await asyncio.sleep(self.delay)
        return web.Response(**self.reply)

    def payload(self, index: int = -1) -> dict[str, Any]:
        """Read the `payload` field of an interaction."""
        [field] = parse_qs(self.bodies[index])["payload"]
        found: dict[str, Any] = json.loads(field)
        return found


@pytest.fixture
async def receiver() -> AsyncIterator[tuple[Receiver, str]]:
    """Serve a receiver and return it with its URL."""
    taker = Receiver()
    app = web.Application()
    app.router.add_post("/slack/events", taker.take)
    runner = web.AppRunner(app, shutdown_timeout=1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    yield taker, f"http://127.0.0.1:{runner.addresses[0][1]}/slack/events"
    await runner.cleanup()


@pytest.fixture
async def slack(
    manifest: Path, receiver: tuple[Receiver, str]
) -> AsyncIterator[SlackWorkspace]:
    """Serve a workspace that posts to the receiver."""
    pace = Pace(ack_within=0.3)
    url = receiver[1]
    workspace = demo_workspace(manifest, mode="http", http_url=url, pace=pace)
    async with served(workspace) as serving:
        yield serving


def verified(slack: SlackWorkspace, taker: Receiver, index: int = -1) -> bool:
    """Check a request's signature with Slack's own verifier."""
    verifier = SignatureVerifier(slack.app.signing_secret)
    return verifier.is_valid_request(taker.bodies[index], taker.headers[index])


async def test_command_is_a_signed_form(
    slack: SlackWorkspace, receiver: tuple[Receiver, str]
) -> None:
    """All fields arrive as a form; text in the answer is shown."""
    taker, _ = receiver
    taker.reply = {"text": "Hello", "content_type": "text/plain"}

    outcome = await slack.command("U0ADA", "C0ALERTS", "/entra connect")

    fields = parse_qs(taker.bodies[0])
    assert (fields["command"], fields["text"]) == (["/entra"], ["connect"])
    assert taker.headers[0]["Content-Type"] == "application/x-www-form-urlencoded"
    assert verified(slack, taker)
    assert (outcome.acked, outcome.response) == (True, {"text": "Hello"})


async def test_interaction_is_in_the_payload_field(
    slack: SlackWorkspace, receiver: tuple[Receiver, str]
) -> None:
    """Interactions come as JSON inside a form."""
    taker, _ = receiver

    assert (await slack.shortcut("U0RUTH", "offboard_global")).acked

    assert taker.payload()["callback_id"] == "offboard_global"
    assert verified(slack, taker)


async def test_event_is_json_and_is_retried_with_headers(
    slack: SlackWorkspace, receiver: tuple[Receiver, str]
) -> None:
    """A refused event comes again, numbered and with a reason."""
    taker, _ = receiver
    taker.reply = {"status": 500}

    outcome = await slack.open_home("U0ADA")
    assert await slack.until(lambda: len(taker.bodies) == 2)

    assert outcome.error == "dispatch_failed"
    first, second = (json.loads(body) for body in taker.bodies)
    assert first["event_id"] == second["event_id"]
    assert "x-slack-retry-num" not in taker.headers[0]
    assert taker.headers[1]["x-slack-retry-num"] == "1"
    assert taker.headers[1]["x-slack-retry-reason"] == "http_error"


async def test_no_retry_header_stops(
    slack: SlackWorkspace, receiver: tuple[Receiver, str]
) -> None:
    """x-slack-no-retry ends the retries."""
    taker, _ = receiver
    taker.reply = {"status": 500, "headers": {"x-slack-no-retry": "1"}}

    await slack.open_home("U0ADA")
    await asyncio.sleep(0.1)

    assert len(taker.bodies) == 1


@pytest.mark.parametrize(
    ("reply", "delay", "error"),
    [
        ({"status": 404}, 0, "dispatch_failed"),
        ({"text": "{", "content_type": "application/json"}, 0, "dispatch_failed"),
        ({"status": 200}, 0.5, "operation_timeout"),
    ],
)
async def test_failed_interactions(
    slack: SlackWorkspace,
    receiver: tuple[Receiver, str],
    reply: dict[str, Any],
    delay: float,
    error: str,
) -> None:
    """Errors, garbage and slowness are what the person reads about."""
    receiver[0].reply, receiver[0].delay = reply, delay

    outcome = await slack.command("U0ADA", "C0ALERTS", "/entra")

    assert (outcome.acked, outcome.error) == (False, error)
    assert slack.notices["U0ADA"] is not None


async def test_clock_skew_breaks_the_signature(
    slack: SlackWorkspace, receiver: tuple[Receiver, str]
) -> None:
    """Six minutes off, Slack's verifier refuses the request."""
    await slack.set_fault("clock_skew", params={"seconds": 360})

    await slack.command("U0ADA", "C0ALERTS", "/entra")

    assert not verified(slack, receiver[0])


async def test_switching_the_request_url(
    slack: SlackWorkspace, receiver: tuple[Receiver, str]
) -> None:
    """A new URL is used at once; nonsense is refused; a dead one is reported."""
    await slack.use_http("http://127.0.0.1:9/")
    outcome = await slack.command("U0ADA", "C0ALERTS", "/entra")
    assert outcome.error == "app_not_connected"

    await slack.use_http(receiver[1])
    assert (await slack.command("U0ADA", "C0ALERTS", "/entra")).acked
    with pytest.raises(ControlError, match="invalid_url"):
        await slack.use_http("slack/events")
