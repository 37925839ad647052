"""The page in a real browser, on a control API with fixed answers."""

import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
import pytest_asyncio
from aiohttp import web
from playwright.async_api import Browser, ConsoleMessage, Page, async_playwright

from tests.browsers import ARGUMENTS, find_chromium
from tests.page.fake_control import FakeControl

ANSWER_MS = 5_000


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def browser() -> AsyncIterator[Browser]:
    """A headless browser: the system's Chromium, else the one playwright installed."""
    async with async_playwright() as tool:
        browser = await tool.chromium.launch(
            executable_path=find_chromium(), args=ARGUMENTS
        )
        yield browser
        await browser.close()


@pytest.fixture
def control() -> FakeControl:
    """The fixed answers, to be changed by a test before it opens the page."""
    return FakeControl()


@pytest_asyncio.fixture(loop_scope="session")
async def address(control: FakeControl) -> AsyncIterator[str]:
    """Serve page and fixed answers; the address of the page."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        runner = web.AppRunner(control.app(), shutdown_timeout=0.5)
        await runner.setup()
        await web.SockSite(runner, listener).start()
        yield f"http://127.0.0.1:{listener.getsockname()[1]}/"
        control.feed.close()
        await runner.cleanup()


@pytest_asyncio.fixture(loop_scope="session")
async def page(browser: Browser, address: str) -> AsyncIterator[Page]:
    """The page on fixed answers, opened by a person who has dismissed the guide."""
    async with opened(browser, address) as page:
        yield page


@asynccontextmanager
async def opened(browser: Browser, address: str) -> AsyncIterator[Page]:
    """Open the page at an address; an error in its console fails the test."""
    context = await browser.new_context(
        viewport={"width": 1440, "height": 900},
        timezone_id="Europe/Stockholm",
        permissions=["clipboard-read", "clipboard-write"],
    )
    await context.add_init_script("localStorage.setItem('gatehouse.guide', 'done')")
    page = await context.new_page()
    page.set_default_timeout(ANSWER_MS)
    complaints: list[str] = []
    page.on("console", lambda message: _note(message, complaints))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    await page.goto(address)
    await page.locator("body[data-ready]").wait_for()
    yield page
    await context.close()
    assert complaints == []


def _note(message: ConsoleMessage, complaints: list[str]) -> None:
    # A test that goes offline gets this from the browser itself, for every request.
    offline = "ERR_INTERNET_DISCONNECTED" in message.text
    if message.type == "error" and not offline:
        complaints.append(message.text)
