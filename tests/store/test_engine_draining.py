"""Starting and stopping the engine within one process."""

import asyncio
import logging
import time
from datetime import timedelta
from typing import Any

import pytest

from bot.engine import (
    Engine,
    EngineBusyError,
    WorkflowStatus,
)
from store.engine import Database
from tests.store.engines import SOON, ask, ended, until


async def test_draining_waits_for_the_step_and_leaves_the_rest_for_later(
    database: Database, engine: Engine
) -> None:
    """The next start goes on with the second step; the first is not done again."""
    done: list[str] = []
    go = asyncio.Event()

    async def first() -> None:
        done.append("first begins")
        await go.wait()
        done.append("first ends")

    async def second() -> None:
        done.append("second")

    def register(engine: Engine) -> None:
        @engine.workflow("two")
        async def two() -> None:
            await engine.step("first", first)
            await engine.step("second", second)

    register(engine)
    await engine.start()
    await ask(database, engine, "two", id="two:1")
    await until(lambda: done == ["first begins"])
    draining = asyncio.create_task(engine.drain(SOON))
    await asyncio.sleep(0.1)
    await ask(database, engine, "two", id="two:2")
    await asyncio.sleep(0.5)
    assert not draining.done()
    go.set()
    await draining
    assert done == ["first begins", "first ends"]

    again = Engine(database, "replica-1")
    register(again)
    await again.start()
    try:
        for id in ("two:1", "two:2"):
            assert (await ended(again, id)).status is WorkflowStatus.SUCCEEDED
    finally:
        await again.drain(SOON)
    assert done.count("first ends") == 2
    assert done.count("second") == 2


async def test_a_step_that_takes_too_long_is_cut_short_and_runs_again(
    database: Database, engine: Engine
) -> None:
    """Draining does not wait beyond its time."""
    tries: list[str] = []
    may_end = False

    async def slow() -> str:
        tries.append("begins")
        if not may_end:
            await asyncio.sleep(60)
        return "done"

    @engine.workflow("slow")
    async def work() -> Any:
        return await engine.step("slow", slow)

    await engine.start()
    await ask(database, engine, "slow", id="slow:1")
    await until(lambda: bool(tries))
    begun = time.monotonic()
    await engine.drain(timedelta(seconds=0.2))
    assert time.monotonic() - begun < 5

    may_end = True
    await engine.start()
    assert (await ended(engine, "slow:1")).result == "done"
    assert tries == ["begins", "begins"]


async def test_one_engine_a_process(database: Database, engine: Engine) -> None:
    """And it can start again after it was drained."""
    await engine.start()
    other = Engine(database, "replica-2")

    with pytest.raises(EngineBusyError) as refusal:
        await other.start()

    assert "Drain it" in refusal.value.remedy
    await engine.drain(SOON)
    await other.start()
    await other.drain(SOON)


async def test_threads_work_after_draining(engine: Engine) -> None:
    """The engine takes the loop's thread pool over; it is given back."""
    await engine.start()
    await engine.drain(SOON)

    assert await asyncio.to_thread(lambda: "still there") == "still there"


async def test_it_is_quiet(engine: Engine, capfd: pytest.CaptureFixture[str]) -> None:
    """Nothing on the console past our own log, and no advertisement in that."""
    await engine.start()
    await engine.drain(SOON)

    assert capfd.readouterr().err == ""
    assert not any(
        isinstance(handler, logging.StreamHandler)
        for handler in logging.getLogger("dbos").handlers
    )
