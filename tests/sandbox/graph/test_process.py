"""`python -m sandbox` as its own process: ready, stopped, refused."""

import asyncio
import contextlib
import json
import sys
import time
from collections.abc import AsyncIterator
from pathlib import Path

import httpx

from sandbox.runner import Sandbox


@contextlib.asynccontextmanager
async def sandbox_process(*options: str) -> AsyncIterator[asyncio.subprocess.Process]:
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "sandbox",
        *options,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    try:
        yield process
    finally:
        if process.returncode is None:
            process.kill()
        await process.communicate()


async def test_process_says_when_it_is_ready_and_stops_on_a_signal(
    tmp_path: Path,
) -> None:
    ready_file = tmp_path / "ready.json"
    began = time.monotonic()
    async with sandbox_process("--ready-file", str(ready_file)) as process:
        assert process.stdout is not None
        line = await asyncio.wait_for(process.stdout.readline(), 10)
        took = time.monotonic() - began
        ready = json.loads(line)
        written = json.loads(ready_file.read_text())
        async with httpx.AsyncClient(trust_env=False) as http:
            page = await http.get(ready["page"])
        process.terminate()
        status = await asyncio.wait_for(process.wait(), 10)

    assert took < 3  # under a second by itself; tests share the machine
    assert ready["ready"] is True
    assert written == ready
    assert page.status_code == 200
    assert set(ready["env"]) >= {"SLACK_BOT_TOKEN", "GATEHOUSE_CLOUDS"}
    assert status == 0
    assert not ready_file.exists()


async def test_taken_port_is_told_in_one_line() -> None:
    async with Sandbox() as sandbox:
        port = sandbox.page_url.rstrip("/").rsplit(":", 1)[1]
        async with sandbox_process("--port", port) as process:
            _, said = await asyncio.wait_for(process.communicate(), 10)

    assert process.returncode == 1
    assert b"Choose another port" in said
    assert b"Traceback" not in said
