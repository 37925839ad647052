"""Real processes, really killed: their workflows go on where they were."""

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import timedelta
from pathlib import Path

import pytest

from bot.engine import Engine, EngineBusyError, WorkflowStatus
from store.engine import Database
from tests.store.engines import ended, until
from tests.store.workflow_process import NAME, ThreeSteps

pytestmark = pytest.mark.slow

Start = Callable[[Database, str], Awaitable[asyncio.subprocess.Process]]


@pytest.fixture
def log(tmp_path: Path) -> Path:
    """Where the steps write that they ran."""
    return tmp_path / "steps.log"


@pytest.fixture
async def start(log: Path) -> AsyncIterator[Start]:
    """Start a process under an executor ID; all are gone in the end."""
    begun: list[asyncio.subprocess.Process] = []

    async def start_process(
        database: Database, executor_id: str
    ) -> asyncio.subprocess.Process:
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "tests.store.workflow_process",
            database.url.render_as_string(hide_password=False),
            executor_id,
            str(log),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
        )
        begun.append(process)
        assert process.stdout is not None
        async with asyncio.timeout(20):
            assert await process.stdout.readline() == b"ready\n"
        return process

    yield start_process
    for process in begun:
        if process.returncode is None:
            process.kill()
        await process.communicate()


def lines(log: Path) -> list[str]:
    """Which process ran which step."""
    return log.read_text().splitlines() if log.exists() else []


def hold(log: Path) -> Path:
    """Keep the second step from ending."""
    held = log.with_suffix(".hold")
    held.touch()
    return held


async def kill(process: asyncio.subprocess.Process) -> None:
    """As the kernel does when memory runs out."""
    os.kill(process.pid, signal.SIGKILL)
    await process.wait()


async def ask(database: Database) -> Engine:
    """Enqueue one workflow from this process, which runs none."""
    engine = Engine(database, "asker")
    engine.workflow(NAME)(ThreeSteps.run)
    async with database.sessions.begin() as session:
        await engine.enqueue(session, NAME, "Dana", workflow_id="w")
    return engine


async def test_a_killed_workflow_goes_on_after_a_restart(
    database: Database, start: Start, log: Path
) -> None:
    """Killed twice: in its second step, and once more there."""
    held = hold(log)
    process = await start(database, "r1")
    asker = await ask(database)
    await until(lambda: "r1 second Dana" in lines(log))
    await kill(process)
    process = await start(database, "r1")
    await until(lambda: lines(log).count("r1 second Dana") == 2)
    await kill(process)
    held.unlink()
    await start(database, "r1")

    state = await ended(asker, "w")
    await asker.drain(timedelta(0))
    assert state.status is WorkflowStatus.SUCCEEDED
    assert state.result == ["r1 first Dana", "r1 second Dana", "not_allowed: Not you."]
    assert lines(log) == [
        "r1 first Dana",
        *["r1 second Dana"] * 3,
        "r1 third",
        "r1 fourth Dana",
    ]


async def test_a_second_process_of_one_name_is_refused_while_the_first_lives(
    postgres_database: Database, start: Start, log: Path
) -> None:
    """It would run the first one's workflows again; killed, its name is free."""
    process = await start(postgres_database, "r1")
    second = Engine(postgres_database, "r1")
    second.workflow(NAME)(ThreeSteps.run)
    with pytest.raises(EngineBusyError, match="as r1"):
        await second.start()

    await kill(process)
    await second.start()
    await second.drain(timedelta(0))


async def test_a_restart_under_another_name_resumes_too(
    sqlite_database: Database, start: Start, log: Path
) -> None:
    """A container's name changes; the file has only one process anyway."""
    held = hold(log)
    process = await start(sqlite_database, "before")
    asker = await ask(sqlite_database)
    await until(lambda: "before second Dana" in lines(log))
    await kill(process)
    held.unlink()
    await start(sqlite_database, "after")

    assert (await ended(asker, "w")).status is WorkflowStatus.SUCCEEDED
    await asker.drain(timedelta(0))
    assert lines(log)[2:] == ["after second Dana", "after third", "after fourth Dana"]


async def test_another_replica_takes_over_from_a_dead_one(
    postgres_database: Database, start: Start, log: Path
) -> None:
    """It notices that the heartbeat stopped."""
    held = hold(log)
    first = await start(postgres_database, "r1")
    asker = await ask(postgres_database)
    await until(lambda: "r1 second Dana" in lines(log))
    await start(postgres_database, "r2")
    await asyncio.sleep(1.5)  # longer than silence may last: r1 lives and keeps it
    assert "r2 second Dana" not in lines(log)
    await kill(first)
    held.unlink()

    assert (await ended(asker, "w")).status is WorkflowStatus.SUCCEEDED
    await asker.drain(timedelta(0))
    assert lines(log)[-3:] == ["r2 second Dana", "r2 third", "r2 fourth Dana"]


async def test_a_replica_that_leaves_hands_its_work_over(
    postgres_database: Database, start: Start, log: Path
) -> None:
    """After SIGTERM others need not wait for its silence."""
    held = hold(log)
    first = await start(postgres_database, "r1")
    asker = await ask(postgres_database)
    await until(lambda: "r1 second Dana" in lines(log))
    await start(postgres_database, "r2")
    assert first.stdin is not None
    first.stdin.close()
    await asyncio.sleep(0.3)
    held.unlink()
    assert await first.wait() == 0

    assert (await ended(asker, "w")).status is WorkflowStatus.SUCCEEDED
    await asker.drain(timedelta(0))
    assert lines(log) == [
        "r1 first Dana",
        "r1 second Dana",
        "r2 third",
        "r2 fourth Dana",
    ]


async def test_a_second_process_on_one_file_is_refused(
    sqlite_database: Database, start: Start
) -> None:
    """It would run everything twice. The first one's end frees the file."""
    process = await start(sqlite_database, "r1")
    engine = Engine(sqlite_database, "r2")

    with pytest.raises(EngineBusyError) as refusal:
        await engine.start()

    assert f"process {process.pid}" in refusal.value.message
    assert "PostgreSQL" in refusal.value.remedy
    await kill(process)
    await engine.start()
    await engine.drain(timedelta(seconds=5))
