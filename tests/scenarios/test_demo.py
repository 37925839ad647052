"""The demo as a whole: it starts, and it leaves nothing behind."""

import asyncio
import os
import re
import signal
from pathlib import Path

import httpx
import pytest

from tests.scenarios.processes import BotProcess, gatehouse


@pytest.mark.parametrize("ending", [signal.SIGTERM, signal.SIGHUP])
async def test_however_the_demo_is_ended_its_processes_end_too(
    tmp_path: Path, ending: signal.Signals
) -> None:
    """A closed terminal sends SIGHUP, a service manager SIGTERM."""
    environment = dict(os.environ)
    async with (
        httpx.AsyncClient() as visitor,
        gatehouse("demo", environment=environment, folder=tmp_path) as running,
    ):
        page = await ready_page(running)
        assert (await visitor.get(page)).status_code == 200
        running.process.send_signal(ending)
        status = await running.ends(30)
        with pytest.raises(httpx.TransportError):
            await visitor.get(page)

    assert status == 0, running.output
    assert running.output.rstrip().endswith("Stopping.")


async def ready_page(running: BotProcess) -> str:
    """The page's address, as the demo prints it when both processes are up."""
    async with asyncio.timeout(40):
        while (found := re.search(r"ready: (http\S+)", running.output)) is None:
            assert running.process.returncode is None, running.output
            await asyncio.sleep(0.05)
    return found[1]
