"""Reading in a process of its own: begun, ended, killed, and never left behind."""

import asyncio
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.domain.directory import DataSet, Standing
from bot.sync_process.process import NICENESS
from store import data_sets
from tests.scenarios.bulk_desk import Desk, open_desk
from tests.scenarios.people import ADA
from tests.scenarios.processes import BotProcess
from tests.scenarios.test_sync_slack import sync_message

pytestmark = [pytest.mark.slow, pytest.mark.timeout(120)]

SOON = 30.0  # seconds; a sync of the desk's directory takes ten
HEAVY = {
    "slack_bolt",
    "slack_sdk",
    "dbos",
    "aiohttp",
    "typer",
    "alembic",
    "apscheduler",
}


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Desk]:
    async with open_desk(tmp_path) as opened:
        yield opened


def events(bot: BotProcess, name: str) -> list[dict[str, object]]:
    """The log lines of one event, of all of the bot's lives."""
    lines = (line for line in bot.output.splitlines() if f'"{name}"' in line)
    return [json.loads(line) for line in lines]


async def reader_of(desk: Desk, bot: BotProcess, number: int = 1) -> int:
    """Wait for so many reading processes to have begun; the last one's ID."""
    began = "sync_process_began"
    await desk.office.sees(lambda: len(events(bot, began)) == number, within=SOON)
    return int(str(events(bot, began)[-1]["pid"]))


def is_there(process_id: int) -> bool:
    """Whether there is such a process, be it a zombie."""
    try:
        os.kill(process_id, 0)
    except ProcessLookupError:
        return False
    return True


def is_alive(process_id: int) -> bool:
    """The same without zombies, which whoever adopts orphans has yet to reap."""
    try:
        status = Path(f"/proc/{process_id}/stat").read_text(encoding="utf-8")
    except FileNotFoundError:
        return False
    return status.rpartition(")")[2].split()[0] != "Z"


async def pages_stored(desk: Desk) -> None:
    """Wait until a part of the users is stored, and not all."""
    async with asyncio.timeout(SOON):
        while True:
            states = {state.data_set: state for state in await desk.states()}
            users = states.get(DataSet.USERS)
            if users is not None and users.pages_done > 2:
                assert users.standing is Standing.READING
                return
            await asyncio.sleep(0.02)


async def is_complete(desk: Desk) -> None:
    """Wait until everything is read."""
    async with asyncio.timeout(60):
        while not await desk.is_over():  # noqa: ASYNC110 - another process ends it
            await asyncio.sleep(0.1)


async def test_it_reads_and_ends_and_nobody_sees_what_it_knows(desk: Desk) -> None:
    async with desk.life() as bot:
        await desk.connects()
        reader = await reader_of(desk, bot)
        folder = Path(f"/proc/{reader}")
        shown = (folder / "cmdline").read_bytes() + (folder / "environ").read_bytes()
        niceness = os.getpriority(os.PRIO_PROCESS, reader)
        await is_complete(desk)
        await desk.office.sees(lambda: events(bot, "sync_process_ended"))

        assert not is_there(reader)
        assert events(bot, "sync_process_ended")[0]["status"] == 0
        assert float(str(events(bot, "directory_read")[0]["peak_mib"])) > 20
    assert niceness == NICENESS
    assert b"bot.sync_process" in shown
    for name in ("SLACK_BOT_TOKEN", "SLACK_APP_TOKEN", "SLACK_SIGNING_SECRET"):
        assert desk.settings[name].encode() not in shown
    assert b"GATEHOUSE_" not in shown


async def test_it_dies_with_its_bot(desk: Desk) -> None:
    """However the bot dies; and the next one goes on where it was."""
    async with desk.life() as bot:
        await desk.connects()
        reader = await reader_of(desk, bot)
        await pages_stored(desk)
        await bot.kill()
        killed = time.monotonic()
        await desk.office.sees(lambda: not is_alive(reader), within=5)
        assert time.monotonic() - killed < 1

    before = desk.server.meter.requests
    async with desk.life() as bot:
        await reader_of(desk, bot, 2)
        await is_complete(desk)
    assert desk.server.meter.requests > before


async def test_the_bot_outlives_it(desk: Desk) -> None:
    """It says what happened; the turn comes back, and the next sync ends the work.

    Until then nobody is told that it is being read.
    """
    async with desk.life() as bot:
        await desk.connects()
        reader = await reader_of(desk, bot)
        await pages_stored(desk)
        os.kill(reader, signal.SIGKILL)
        await desk.office.sees(lambda: events(bot, "sync_process_died"))
        died = events(bot, "sync_process_died")[0]

        assert died["status"] == -signal.SIGKILL
        assert "short of memory" in str(died["remedy"])
        assert not is_there(reader)
        await gave_its_turn_back(desk)
        states = await desk.states()
        assert Standing.READING not in {state.standing for state in states}
        users = {state.data_set: state for state in states}[DataSet.USERS]
        assert users.pages_done > 2
        assert users.standing is Standing.FAILED
        assert "ended early (SIGKILL)" in users.reason
        await asks_again(desk)
        await reader_of(desk, bot, 2)
        await is_complete(desk)


async def gave_its_turn_back(desk: Desk) -> None:
    """Wait for the end of a sync."""
    async with asyncio.timeout(SOON):
        while await is_running(desk):  # noqa: ASYNC110 - another process ends it
            await asyncio.sleep(0.05)


async def asks_again(desk: Desk) -> None:
    """An administrator presses "Sync now"."""
    message = await sync_message(desk.office)
    await desk.office.presses(ADA, "Sync now", message)


async def is_running(desk: Desk) -> bool:
    """Whether a sync has the turn."""
    async with desk.database.snapshots() as session:
        id = await desk.connection()
        return (await data_sets.last_sync(session, id, datetime.now(UTC))).is_running


async def test_a_service_managers_sigterm_breaks_nothing_off(desk: Desk) -> None:
    """It goes to both processes; the workflow goes on at the next start."""
    async with desk.life() as bot:
        await desk.connects()
        reader = await reader_of(desk, bot)
        await pages_stored(desk)
        began = time.monotonic()
        os.kill(reader, signal.SIGTERM)
        bot.process.terminate()

        assert await bot.ends() == 0
        assert time.monotonic() - began < 5
        assert not is_there(reader)
        assert events(bot, "sync_process_died") == []
    async with desk.life() as bot:
        await reader_of(desk, bot, 2)
        await is_complete(desk)


def test_it_loads_nothing_that_reading_does_not_need() -> None:
    code = f"import sys, bot.sync_process.__main__; print({HEAVY} & sys.modules.keys())"
    said = subprocess.run(  # noqa: S603 - our own interpreter and code
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )

    assert said.stdout.strip() == "set()"
