"""A browser at the page, with the real bot behind it."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Browser, async_playwright

from tests.browser.desk import Desk
from tests.browsers import ARGUMENTS, find_chromium
from tests.places import ROOT
from tests.scenarios.office import open_office

SHOTS = ROOT / "test-output" / "screenshots"


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def browser() -> AsyncIterator[Browser]:
    """A headless Chromium."""
    path = find_chromium()
    async with async_playwright() as tool:
        browser = await tool.chromium.launch(executable_path=path, args=ARGUMENTS)
        yield browser
        await browser.close()


@pytest_asyncio.fixture(loop_scope="session")
async def desk(
    browser: Browser, tmp_path: Path, request: pytest.FixtureRequest
) -> AsyncIterator[Desk]:
    """Somebody's desk: the page, both simulators and the bot; nothing connected."""
    SHOTS.mkdir(parents=True, exist_ok=True)
    name = request.node.name.removeprefix("test_")
    async with open_office(tmp_path, scan_every=timedelta(hours=6)) as office:
        context = await browser.new_context(viewport={"width": 1440, "height": 900})
        await context.add_init_script("localStorage['gatehouse.guide'] = 'done'")
        page = await context.new_page()
        page.set_default_timeout(10_000)
        complaints: list[str] = []
        page.on("pageerror", lambda error: complaints.append(str(error)))
        await page.goto(office.sandbox.page_url)
        await page.locator("body[data-ready]").wait_for()
        yield Desk(page, office, SHOTS / name)
        await context.close()
    assert complaints == []
