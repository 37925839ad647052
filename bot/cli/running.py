"""What every command shares: settings read, logs set up, errors in one line."""

import asyncio
import sys
from collections.abc import Awaitable, Callable
from typing import TypeVar

import typer
from pydantic import ValidationError

from bot import logs
from bot.app import Core, build_core
from bot.domain.errors import BotError
from bot.settings import LogFormat, Settings

Result = TypeVar("Result")


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
    if not name.startswith("SLACK_B") and not name.startswith("SLACK_S"):
        name = name if name == "SLACK_APP_TOKEN" else f"GATEHOUSE_{name}"
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
            await core.database.upgrade()
            await core.engine.prepare()  # connecting a tenant queues its first scan
            return await work(core)
        finally:
            await core.close()

    return go(opened)
