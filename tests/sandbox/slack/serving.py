"""Serve a workspace on loopback, and read refusals of Slack's own client."""

from collections.abc import AsyncIterator, Awaitable
from contextlib import asynccontextmanager
from typing import Any

import pytest
from aiohttp import web
from slack_sdk.errors import SlackApiError

from sandbox.slack import SlackWorkspace, slack_routes


@asynccontextmanager
async def served(workspace: SlackWorkspace) -> AsyncIterator[SlackWorkspace]:
    """Serve a workspace on a free port of loopback."""
    app = web.Application()
    app.add_routes(slack_routes(workspace))
    runner = web.AppRunner(app, shutdown_timeout=1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    workspace.base_url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    try:
        yield workspace
    finally:
        await workspace.close()
        await runner.cleanup()


async def refusal_of(call: Awaitable[Any]) -> Any:
    """Await a Web API call that must fail; return the answer with its `error`."""
    with pytest.raises(SlackApiError) as caught:
        await call
    return caught.value.response


async def error_of(call: Awaitable[Any]) -> str:
    """Await a Web API call that must fail; return Slack's name for the error."""
    return str((await refusal_of(call))["error"])
