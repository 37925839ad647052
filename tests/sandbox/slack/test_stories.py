"""The real Bolt app lives on the simulator: stories in Socket Mode and over HTTP."""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from aiohttp import web
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from sandbox.seeds.slack import demo_workspace
from sandbox.slack import Pace, SlackWorkspace
from sandbox.slack.log import Call
from tests.sandbox.slack.bolt_app import make_app
from tests.sandbox.slack.serving import served


@asynccontextmanager
async def by_socket(app: AsyncApp, slack: SlackWorkspace) -> AsyncIterator[None]:
    """Connect the app by Socket Mode."""
    handler = AsyncSocketModeHandler(app, slack.app.app_token)
    await handler.connect_async()  # type: ignore[no-untyped-call]  # not annotated there
    async with asyncio.timeout(5):
        await slack.sockets.until_connected()
    try:
        yield
    finally:
        await handler.close_async()  # type: ignore[no-untyped-call]  # as above


@asynccontextmanager
async def by_http(app: AsyncApp, slack: SlackWorkspace) -> AsyncIterator[None]:
    """Serve the app's request URL and tell the workspace."""
    runner = web.AppRunner(app.web_app("/slack/events"), shutdown_timeout=1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    port = runner.addresses[0][1]
    await slack.use_http(f"http://127.0.0.1:{port}/slack/events")
    try:
        yield
    finally:
        await runner.cleanup()


@pytest.fixture
async def slack(manifest: Path) -> AsyncIterator[SlackWorkspace]:
    """Serve a workspace that gives a real app time enough, even on a busy machine."""
    async with served(demo_workspace(manifest, pace=Pace(ack_within=1.5))) as serving:
        yield serving


@pytest.fixture(params=[by_socket, by_http], ids=["socket", "http"])
async def lived_in(
    request: pytest.FixtureRequest, slack: SlackWorkspace, client: AsyncWebClient
) -> AsyncIterator[SlackWorkspace]:
    """Return a workspace with the app installed and reachable, in either mode."""
    app = make_app(client, slack.app.signing_secret)
    async with request.param(app, slack):
        yield slack


def texts(slack: SlackWorkspace, user: str) -> list[str]:
    """Return what somebody reads in #entra-alerts."""
    return [m.body["text"] for m in slack.messages.seen_by(user, "C0ALERTS")]


def opens(slack: SlackWorkspace) -> list[Call]:
    """Return the app's calls of views.open."""
    return [call for call in slack.log.calls if call.method == "views.open"]


async def posted(slack: SlackWorkspace) -> str:
    """Have Ada fill in the form; return the timestamp of the app's message."""
    await slack.command("U0ADA", "C0ALERTS", "/entra connect")
    [form] = slack.views.stack("U0ADA")
    await slack.submit_by_labels("U0ADA", form.id, {"Name": "Contoso"})
    # The app posts after its ack, so the message may come a little later.
    seen = await slack.until(lambda: slack.messages.seen_by("U0ADA", "C0ALERTS"))
    return seen[0].ts


async def test_form_with_a_mistake_then_a_decision(lived_in: SlackWorkspace) -> None:
    """Ada corrects a name; the modal says "Checking"; Amir approves."""
    slack = lived_in
    outcome = await slack.command("U0ADA", "C0ALERTS", "/entra connect")
    assert outcome.acked
    [form] = slack.views.stack("U0ADA")
    wrong = await slack.submit_by_labels("U0ADA", form.id, {"Name": "bad"})
    assert (wrong.outcome, wrong.errors) == ("errors", {"name": "Not that one"})
    await slack.close_view("U0ADA", form.id)

    ts = await posted(slack)
    [checking] = slack.views.stack("U0ADA")
    assert checking.spec["title"]["text"] == "Checking"
    clicked = await slack.press("U0AMIR", "Approve", channel="C0ALERTS", message_ts=ts)

    assert clicked.acked
    assert await slack.until(lambda: texts(slack, "U0AMIR") == ["Approved"])


async def test_answers_to_a_command(lived_in: SlackWorkspace) -> None:
    """The ack's text is for Ada alone; the sixth use of a response URL fails."""
    slack = lived_in
    await slack.command("U0ADA", "C0ALERTS", "/entra hello")
    assert texts(slack, "U0ADA") == ["Hello yourself"]
    assert texts(slack, "U0LEE") == []

    await slack.command("U0ADA", "C0ALERTS", "/entra often")
    await slack.until(lambda: "Last status 404" in texts(slack, "U0LEE"))
    assert texts(slack, "U0ADA")[1:-1] == [f"Answer {number}" for number in range(5)]


async def test_deleting_by_response_url(lived_in: SlackWorkspace) -> None:
    """delete_original removes the message that was clicked."""
    slack = lived_in
    ts = await posted(slack)

    await slack.press("U0AMIR", "Dismiss", channel="C0ALERTS", message_ts=ts)

    assert await slack.until(lambda: texts(slack, "U0AMIR") == [])


async def test_type_ahead(lived_in: SlackWorkspace) -> None:
    """Options come from the app, and a pick of them is submitted."""
    slack = lived_in
    await slack.command("U0ADA", "C0ALERTS", "/entra connect")
    [form] = slack.views.stack("U0ADA")

    found = await slack.options("U0ADA", "leaver", "da", view_id=form.id)

    [option] = found["options"]
    assert option["text"]["text"] == "Dana (da)"
    answers = {"Name": "Contoso", "Leaver": option}
    done = await slack.submit_by_labels("U0ADA", form.id, answers)
    assert done.outcome == "updated"


async def test_home(lived_in: SlackWorkspace) -> None:
    """Opening the Home tab has the app publish it."""
    assert (await lived_in.open_home("U0LEE")).acked

    home = await lived_in.until(lambda: lived_in.views.home("U0LEE"))
    assert home is not None
    assert home.blocks[0]["text"]["text"] == "Tenants"


async def test_click_that_nobody_handles(lived_in: SlackWorkspace) -> None:
    """Bolt answers 404 or nothing; the clicker reads that it failed."""
    slack = lived_in
    ts = await posted(slack)

    outcome = await slack.press("U0AMIR", "Lost", channel="C0ALERTS", message_ts=ts)

    assert not outcome.acked
    assert outcome.error in ("operation_timeout", "dispatch_failed")
    assert slack.notices["U0AMIR"] is not None


async def test_the_sdk_reconnects_after_a_disconnect(
    slack: SlackWorkspace, client: AsyncWebClient
) -> None:
    """After a disconnect frame, Slack's client asks for a new ticket and is back."""
    async with by_socket(make_app(client, slack.app.signing_secret), slack):
        await slack.set_fault("disconnect_socket")
        async with asyncio.timeout(5):
            await slack.sockets.until_connected()

        opened = [c for c in slack.log.calls if c.method == "apps.connections.open"]
        assert len(opened) == 2
        assert (await slack.command("U0ADA", "C0ALERTS", "/entra hello")).acked


async def test_duplicated_command_opens_one_modal(
    slack: SlackWorkspace, client: AsyncWebClient, caplog: pytest.LogCaptureFixture
) -> None:
    """The second delivery finds the trigger used up, as on Slack."""
    caplog.set_level(logging.CRITICAL)
    async with by_socket(make_app(client, slack.app.signing_secret), slack):
        await slack.set_fault("duplicate_deliveries")
        await slack.command("U0ADA", "C0ALERTS", "/entra connect")
        await slack.until(lambda: len(opens(slack)) == 2)

    assert [call.error for call in opens(slack)] == [None, "exchanged_trigger_id"]
    assert len(slack.views.stack("U0ADA")) == 1


async def test_an_error_right_after_the_ack_loses_it(
    slack: SlackWorkspace, client: AsyncWebClient, caplog: pytest.LogCaptureFixture
) -> None:
    """slack-bolt's AsyncApp forgets an ack when the listener fails within 10 ms."""
    caplog.set_level(logging.CRITICAL)
    app = AsyncApp(client=client, signing_secret=slack.app.signing_secret)

    @app.command("/entra")
    async def fails(ack: object) -> None:
        await ack()  # type: ignore[operator]  # Bolt passes a callable
        raise RuntimeError("too soon")

    async with by_socket(app, slack):
        outcome = await slack.command("U0ADA", "C0ALERTS", "/entra")

    assert outcome.error == "operation_timeout"
