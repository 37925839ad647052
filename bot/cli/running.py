"""What every command shares: settings read, logs set up, errors in one line."""

import asyncio
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import TypeVar

import aiohttp
import typer
from pydantic import ValidationError
from slack_sdk.web.async_client import AsyncWebClient

from bot import logs
from bot.core import Core, build_core
from bot.domain.errors import BotError
from bot.settings import LogFormat, Settings
from bot.slack_client import slack_client

Result = TypeVar("Result")

_SLACKS_OWN = {"SLACK_BOT_TOKEN", "SLACK_APP_TOKEN", "SLACK_SIGNING_SECRET"}


def say(line: str) -> None:
    """Print a line of the answer."""
    typer.echo(line)


def fail(message: str, remedy: str = "") -> typer.Exit:
    """Print what is wrong to stderr and give the exception that ends with 1."""
    typer.echo(f"gatehouse: {message}" + (f" {remedy}" if remedy else ""), err=True)
    return typer.Exit(1)


def read_settings() -> Settings:
    """Read the settings and set up logging, or end with each bad value named."""
    try:
        settings = Settings()
    except ValidationError as error:
        raise fail(
            "; ".join(_worded(each["loc"], each["msg"]) for each in error.errors()),
            "See docs/settings.md.",
        ) from None
    logs.configure(
        as_json=settings.log_format is LogFormat.JSON, level=settings.log_level
    )
    return settings


def _worded(location: tuple[int | str, ...], message: str) -> str:
    """One bad setting; its value is never shown, since it may be a secret."""
    name = str(location[0]).upper() if location else "SETTINGS"
    name = name if name in _SLACKS_OWN else f"GATEHOUSE_{name}"
    problem = "is not set" if message == "Field required" else f"is wrong: {message}"
    return f"{name} {problem}."


def go(work: Callable[[], Awaitable[Result]]) -> Result:
    """Run async work; a BotError becomes one line and exit status 1."""
    try:
        return asyncio.run(_await(work))
    except BotError as error:
        raise fail(error.message, error.remedy) from None
    except KeyboardInterrupt:
        sys.exit(130)


async def _await(work: Callable[[], Awaitable[Result]]) -> Result:
    return await work()


def with_core(work: Callable[[Core], Awaitable[Result]]) -> Result:
    """Run async work on the core (database, keys, Graph, services), then close it."""
    settings = read_settings()

    async def opened() -> Result:
        core = build_core(settings)
        try:
            await core.prepare()  # also the engine: a connect queues a first scan
            return await work(core)
        finally:
            await core.close()

    return go(opened)


@asynccontextmanager
async def open_slack_client(settings: Settings) -> AsyncIterator[AsyncWebClient]:
    """A Web API client for one command, closed at its end."""
    token, api_url = settings.slack_bot_token, settings.slack_api_url
    async with aiohttp.ClientSession() as session:
        yield slack_client(token, api_url, session, retry=True)
