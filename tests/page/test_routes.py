"""What the web server gives: the page's own files, and nothing beside them."""

import re

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from sandbox.page import page_routes
from sandbox.page.routes import STATIC

IMPORT = re.compile(r'from "(\.[^"]+)"')


def _client() -> TestClient[web.Request, web.Application]:
    app = web.Application()
    app.add_routes(page_routes())
    return TestClient(TestServer(app))


async def test_the_page_runs_no_foreign_code_and_fetches_nothing_elsewhere() -> None:
    async with _client() as client:
        answer = await client.get("/")
        policy = answer.headers["Content-Security-Policy"]
        text = await answer.text()

    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert re.findall(r"https?://", text) == []


async def test_scripts_are_served_as_scripts() -> None:
    async with _client() as client:
        answer = await client.get("/static/js/main.js")

    assert answer.status == 200
    assert answer.content_type in {"text/javascript", "application/javascript"}


@pytest.mark.parametrize("path", ["..%2froutes.py", "js/%2e%2e/%2e%2e/routes.py", "js"])
async def test_nothing_beside_the_pages_files_is_served(path: str) -> None:
    async with _client() as client:
        answer = await client.get(f"/static/{path}")

    assert answer.status == 404


def test_every_script_imports_scripts_that_exist() -> None:
    missing = [
        f"{script.name}: {name}"
        for script in STATIC.rglob("*.js")
        for name in IMPORT.findall(script.read_text())
        if not (script.parent / name).resolve().is_file()
    ]

    assert missing == []


def test_no_script_reads_data_as_markup() -> None:
    """innerHTML and its like would turn a display name into code."""
    sinks = re.compile(
        r"\b(?:innerHTML|outerHTML|insertAdjacentHTML|document\.write)\b"
    )
    found = [p.name for p in STATIC.rglob("*.js") if sinks.search(p.read_text())]

    assert found == []
