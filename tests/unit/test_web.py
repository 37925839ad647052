"""The process's own HTTP server, over a real socket."""

import hashlib
import hmac
import io
import json
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import aiohttp
import pytest
from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_bolt.authorization import AuthorizeResult

from bot.web import SLACK_PATH, PortTakenError, WebServer

pytestmark = pytest.mark.quick

SIGNING_SECRET = "5a9d1c7e0b3f48269ad4c8e17f60b25d"


async def nothing_to_measure() -> None:
    """Of a process that is only a web server."""


@asynccontextmanager
async def serving(
    missing: list[str] | None = None, bolt: AsyncApp | None = None
) -> AsyncIterator[str]:
    async def not_ready() -> list[str]:
        return missing or []

    server = WebServer("127.0.0.1", 0, not_ready, nothing_to_measure)
    if bolt is not None:
        server.serve_slack(bolt)
    await server.start()
    try:
        yield f"http://127.0.0.1:{server.port}"
    finally:
        await server.stop()


@pytest.mark.parametrize(("missing", "status"), [([], 200), (["slack"], 503)])
async def test_readiness_names_what_is_missing(missing: list[str], status: int) -> None:
    async with serving(missing) as address, aiohttp.ClientSession() as http:
        answer = await http.get(f"{address}/readyz")
        healthy = await http.get(f"{address}/healthz")

        assert answer.status == status
        assert (await answer.json())["missing"] == missing
        assert healthy.status == 200


async def test_metrics_speak_prometheus() -> None:
    async with serving() as address, aiohttp.ClientSession() as http:
        answer = await http.get(f"{address}/metrics")

        assert "process_resident_memory_bytes" in await answer.text()


async def test_a_taken_port_is_told_with_a_remedy() -> None:
    async with serving() as address:
        port = int(address.rsplit(":", 1)[1])

        async def not_ready() -> list[str]:
            return []

        server = WebServer("127.0.0.1", port, not_ready, nothing_to_measure)
        with pytest.raises(PortTakenError, match=str(port)) as raised:
            await server.start()

    assert "GATEHOUSE_HTTP_PORT" in raised.value.remedy


def bolt_app() -> AsyncApp:
    async def authorize() -> AuthorizeResult:
        return AuthorizeResult(
            enterprise_id=None, team_id="T1", bot_token="xoxb-1", bot_user_id="U1"
        )

    app = AsyncApp(
        signing_secret=SIGNING_SECRET, authorize=authorize, process_before_response=True
    )

    async def hello(ack: AsyncAck) -> None:
        await ack("hello")

    app.command("/entra")(hello)
    return app


def signed(body: str, *, secret: str = SIGNING_SECRET, age: int = 0) -> dict[str, str]:
    at = str(int(time.time()) - age)
    digest = hmac.new(secret.encode(), f"v0:{at}:{body}".encode(), hashlib.sha256)
    return {
        "X-Slack-Request-Timestamp": at,
        "X-Slack-Signature": f"v0={digest.hexdigest()}",
        "Content-Type": "application/x-www-form-urlencoded",
    }


COMMAND = "command=%2Fentra&text=help&team_id=T1&user_id=U1&channel_id=C1"


async def test_a_signed_delivery_reaches_its_listener() -> None:
    async with serving(bolt=bolt_app()) as address, aiohttp.ClientSession() as http:
        answer = await http.post(
            address + SLACK_PATH, data=COMMAND, headers=signed(COMMAND)
        )

        assert (answer.status, await answer.text()) == (200, "hello")


@pytest.mark.parametrize(
    "headers",
    [
        {},
        signed(COMMAND, secret="another"),
        signed(COMMAND, age=400),
        {**signed(COMMAND), "X-Slack-Request-Timestamp": "now"},
        {**signed(COMMAND), "X-Slack-Signature": "v0=é"},
        {**signed(COMMAND), "X-Slack-Signature": "v0=short"},
    ],
    ids=["unsigned", "wrong secret", "too old", "odd time", "not ASCII", "short"],
)
async def test_an_unproven_delivery_is_refused(headers: dict[str, str]) -> None:
    async with serving(bolt=bolt_app()) as address, aiohttp.ClientSession() as http:
        answer = await http.post(
            address + SLACK_PATH,
            data=COMMAND,
            headers={
                "Content-Type": "application/x-www-form-urlencoded",
                **headers,
            },
        )

        assert answer.status == 401


async def test_a_huge_body_is_refused() -> None:
    body = json.dumps({"x": "y" * 1_048_576})
    async with serving(bolt=bolt_app()) as address, aiohttp.ClientSession() as http:
        answer = await http.post(
            address + SLACK_PATH, data=io.BytesIO(body.encode()), headers=signed(body)
        )

        assert answer.status == 413


@pytest.mark.parametrize("form", ["json", "x-www-form-urlencoded"])
@pytest.mark.parametrize(
    "body", [b"{garbage", b"[]", b"\xff\xfe", b"payload=%7Bgarbage", b"payload=%5B%5D"]
)
async def test_garbage_from_anybody_is_no_fault_of_ours(
    body: bytes, form: str, caplog: pytest.LogCaptureFixture
) -> None:
    headers = {**signed("", secret="another"), "Content-Type": f"application/{form}"}
    async with serving(bolt=bolt_app()) as address, aiohttp.ClientSession() as http:
        answer = await http.post(address + SLACK_PATH, data=body, headers=headers)

    assert answer.status in (400, 401)
    assert "Traceback" not in caplog.text
