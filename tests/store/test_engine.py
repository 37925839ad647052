"""Workflows begin with the fact that asks for them, once and soon."""

import asyncio
import time
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import text

from bot.engine import (
    Engine,
    Lane,
    WorkflowState,
    WorkflowStatus,
)
from store.engine import Database
from tests.store.engines import SOON, ask, ended, until

MINUTE = timedelta(minutes=1)


async def test_a_workflow_runs_on_our_loop_after_the_commit(
    database: Database, engine: Engine
) -> None:
    """Not before it, and its result comes back as JSON has it."""
    loops: list[asyncio.AbstractEventLoop] = []

    async def hello(name: str, number: int) -> tuple[str, int]:
        loops.append(asyncio.get_running_loop())
        return f"hello {name}", number

    @engine.workflow("greet")
    async def greet(name: str, number: int) -> Any:
        return {"said": await engine.step("hello", hello, name, number)}

    await engine.start()
    async with database.sessions.begin() as session:
        await engine.enqueue(session, "greet", "Dana", 7, workflow_id="greet:1")
        assert await engine.status("greet:1") is None

    assert await ended(engine, "greet:1") == WorkflowState(
        "greet:1", "greet", WorkflowStatus.SUCCEEDED, {"said": ["hello Dana", 7]}
    )
    assert loops == [asyncio.get_running_loop()]


async def test_a_workflow_starts_soon_after_it_is_asked_for(
    database: Database, engine: Engine
) -> None:
    """An approver should not wait; the mean of ten stays far below a second."""
    started: dict[int, float] = {}

    @engine.workflow("clock")
    async def clock(number: int) -> None:
        started[number] = time.monotonic()

    await engine.start()
    waits = []
    for number in range(10):
        await ask(database, engine, "clock", number, id=f"clock:{number}")
        asked = time.monotonic()
        await until(lambda number=number: number in started)  # type: ignore[misc]  # a default binds it
        waits.append(started[number] - asked)

    assert sum(waits) / len(waits) < 0.6


async def test_what_is_rolled_back_never_runs(
    database: Database, engine: Engine
) -> None:
    """A workflow without its approval must not be."""
    ran: list[str] = []

    @engine.workflow("note")
    async def note(name: str) -> None:
        ran.append(name)

    await engine.start()
    async with database.sessions() as session:
        await engine.enqueue(session, "note", "taken back", workflow_id="note:1")
        await session.rollback()
    await ask(database, engine, "note", "kept", id="note:2")

    await ended(engine, "note:2")
    assert ran == ["kept"]
    assert await engine.status("note:1") is None


async def test_an_id_is_used_once(database: Database, engine: Engine) -> None:
    """Before, while and after it runs; the first arguments stay."""
    ran: list[int] = []

    @engine.workflow("note")
    async def note(number: int) -> None:
        ran.append(number)

    async with database.sessions.begin() as session:
        await engine.prepare()
        await engine.enqueue(session, "note", 1, workflow_id="note")
        await engine.enqueue(session, "note", 2, workflow_id="note")
    await engine.start()
    await ended(engine, "note")
    await ask(database, engine, "note", 3, id="note")
    await ask(database, engine, "note", 4, id="other")

    await ended(engine, "other")
    assert ran == [1, 4]


async def test_a_name_that_nobody_registered(
    database: Database, engine: Engine
) -> None:
    """It would wait for ever, so it is refused at once."""
    with pytest.raises(KeyError):
        await ask(database, engine, "typo", id="typo:1")


async def test_scans_do_not_hold_people_up(database: Database, engine: Engine) -> None:
    """However many of them wait in the other lane."""
    go = asyncio.Event()

    @engine.workflow("scan", lane=Lane.BACKGROUND)
    async def scan() -> None:
        await go.wait()

    @engine.workflow("offboard")
    async def offboard() -> str:
        return "done"

    await engine.start()
    for number in range(8):
        await ask(database, engine, "scan", id=f"scan:{number}")
    await ask(database, engine, "offboard", id="offboard:1")

    assert (await ended(engine, "offboard:1")).result == "done"
    waiting = await engine.status("scan:7")
    assert waiting is not None
    assert waiting.status is WorkflowStatus.QUEUED
    go.set()
    await ended(engine, "scan:7")


async def test_a_step_waits_for_a_database_in_passing_trouble(
    postgres_database: Database,
) -> None:
    """Its connection is cut twice, as when somebody restarts the server."""
    engine, tried = Engine(postgres_database, "replica-1"), []

    async def cut_off() -> int:
        tried.append("again")
        async with postgres_database.sessions() as session:
            if len(tried) < 3:
                cut = text("SELECT pg_terminate_backend(pg_backend_pid())")
                await (await session.connection()).execute(cut)
        return len(tried)

    @engine.workflow("patient")
    async def patient() -> Any:
        return await engine.step("cut off", cut_off)

    await engine.start()
    await ask(postgres_database, engine, "patient", id="patient:1")

    state = await ended(engine, "patient:1")
    await engine.drain(SOON)
    assert (state.status, state.result) == (WorkflowStatus.SUCCEEDED, 3)


async def test_what_is_under_way_is_told_by_the_beginning_of_its_id(
    database: Database, engine: Engine
) -> None:
    """Until it has ended, and not for what was asked for too long ago."""
    go_on = asyncio.Event()

    @engine.workflow("slow")
    async def slow() -> None:
        await go_on.wait()

    before, later = (datetime.now(UTC) + each for each in (-MINUTE, MINUTE))
    await engine.start()
    await ask(database, engine, "slow", id="slow:a:1")

    assert await engine.is_under_way("slow:a:", since=before)
    assert not await engine.is_under_way("slow:b:", since=before)
    assert not await engine.is_under_way("slow:a:", since=later)
    go_on.set()
    await ended(engine, "slow:a:1")
    assert not await engine.is_under_way("slow:a:", since=before)
