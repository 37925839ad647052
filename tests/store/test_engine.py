"""The port to the durable engine, in one process, on both databases."""

import asyncio
import json
import logging
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import RowMapping, select, table, text

from bot.domain.errors import NotAllowedError
from bot.engine import (
    Engine,
    EngineBusyError,
    Lane,
    StepFailedError,
    WorkflowState,
    WorkflowStatus,
)
from bot.engine.serializer import JsonSerializer
from store.engine import Database

SOON = timedelta(seconds=5)


@pytest.fixture
async def engine(database: Database) -> AsyncIterator[Engine]:
    """An engine that the test starts, drained in the end."""
    engine = Engine(database, "replica-1")
    yield engine
    await engine.drain(SOON)


async def until(
    condition: Callable[[], bool | Awaitable[bool]], *, within: float = 10
) -> None:
    """Wait until something holds; fail if it does not within so many seconds."""
    async with asyncio.timeout(within):
        while True:
            holds = condition()
            if holds is True or (holds is not False and await holds):
                return
            await asyncio.sleep(0.01)


async def ask(
    database: Database, engine: Engine, name: str, *args: Any, id: str
) -> None:
    """Enqueue in a transaction of its own."""
    async with database.sessions.begin() as session:
        await engine.enqueue(session, name, *args, workflow_id=id)


async def ended(engine: Engine, id: str) -> WorkflowState:
    """Wait for a workflow's end."""
    found: list[WorkflowState] = []

    async def has_ended() -> bool:
        state = await engine.status(id)
        found[:] = [state] if state else []
        running = (WorkflowStatus.QUEUED, WorkflowStatus.RUNNING)
        return state is not None and state.status not in running

    await until(has_ended)
    return found[0]


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


async def test_errors_of_steps_are_told_as_recorded(
    database: Database, engine: Engine
) -> None:
    """Those made for people with their words, others without a word of theirs."""

    async def refuse() -> None:
        raise NotAllowedError("Not you.", remedy="Ask Amir.")

    async def break_down() -> None:
        raise ValueError("password=hunter2")

    async def no_json() -> object:
        return object()

    @engine.workflow("fail")
    async def fail() -> list[list[str]]:
        told = []
        for step in (refuse, break_down, no_json):
            try:
                await engine.step(step.__name__, step)
            except StepFailedError as error:
                told.append([error.code, error.kind, error.message, error.remedy])
        return told

    await engine.start()
    await ask(database, engine, "fail", id="fail:1")

    look = "Look for this workflow's ID in the logs."
    assert (await ended(engine, "fail:1")).result == [
        ["not_allowed", "NotAllowedError", "Not you.", "Ask Amir."],
        ["unexpected", "ValueError", "An error nobody foresaw: ValueError.", look],
        ["unexpected", "TypeError", "An error nobody foresaw: TypeError.", look],
    ]


async def test_a_workflow_that_fails_keeps_its_reason(
    database: Database, engine: Engine
) -> None:
    """In its state, and in words that hold no secret."""

    @engine.workflow("fail")
    async def fail() -> None:
        raise ValueError("password=hunter2")

    await engine.start()
    await ask(database, engine, "fail", id="fail:1")

    state = await ended(engine, "fail:1")
    assert state.status is WorkflowStatus.FAILED
    assert state.error == "An error nobody foresaw: ValueError."


async def test_everything_is_stored_as_json(database: Database, engine: Engine) -> None:
    """Inputs, results of steps and workflows, errors: no pickle anywhere."""

    async def refuse() -> None:
        raise NotAllowedError("Not you.", remedy="Ask Amir.")

    @engine.workflow("mixed")
    async def mixed(name: str) -> dict[str, str]:
        with pytest.raises(StepFailedError):
            await engine.step("refuse", refuse)
        return {"name": name}

    @engine.workflow("fail")
    async def fail() -> None:
        raise LookupError

    await engine.start()
    await ask(database, engine, "mixed", "Zoë", id="mixed:1")
    await ask(database, engine, "fail", id="fail:1")
    await ended(engine, "mixed:1")
    await ended(engine, "fail:1")

    status = await rows(database, "workflow_status")
    steps = await rows(database, "operation_outputs")
    others = await rows(database, "workflow_input", "workflow_output")
    kinds = {row["serialization"] for row in (*status, *steps)}
    columns = ("inputs", "output", "error")
    texts = [
        row[column]
        for row in (*status, *steps, *others)
        for column in columns
        if row.get(column) is not None
    ]
    assert kinds == {JsonSerializer().name()}
    assert len(texts) >= 5  # two inputs, a step, a result, an error
    assert all(json.loads(value).keys() & {"value", "error"} for value in texts)
    assert any("Zoë" in value for value in texts)


async def rows(database: Database, *tables: str) -> list[RowMapping]:
    """Everything that the engine keeps in some of its tables."""
    schema = None if database.is_sqlite else "engine"
    found: list[RowMapping] = []
    async with database.engine.connect() as connection:
        for name in tables:
            everything = select(text("*")).select_from(table(name, schema=schema))
            found.extend((await connection.execute(everything)).mappings())
    return found


async def test_arguments_that_json_lacks_are_refused(
    database: Database, engine: Engine
) -> None:
    """When they are enqueued, not when it is too late."""

    @engine.workflow("note")
    async def note(at: datetime) -> None:
        raise AssertionError

    await engine.prepare()
    with pytest.raises(TypeError):
        await ask(database, engine, "note", datetime.now(UTC), id="note:1")
    assert await engine.status("note:1") is None


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


async def test_old_records_are_purged(database: Database, engine: Engine) -> None:
    """Those that ended before a time; then the ID is free again."""
    ran: list[int] = []

    @engine.workflow("note")
    async def note(number: int) -> None:
        ran.append(number)

    await engine.start()
    for number in range(3):
        await ask(database, engine, "note", number, id=f"note:{number}")
        await ended(engine, f"note:{number}")

    assert await engine.purge_finished(datetime.now(UTC) - timedelta(hours=1)) == 0
    assert await engine.purge_finished(datetime.now(UTC) + timedelta(hours=1)) == 3
    assert await engine.status("note:0") is None
    assert await rows(database, "workflow_input", "workflow_output") == []
    await ask(database, engine, "note", 9, id="note:0")
    await ended(engine, "note:0")
    assert ran == [0, 1, 2, 9]


async def test_it_is_quiet(engine: Engine, capfd: pytest.CaptureFixture[str]) -> None:
    """Nothing on the console past our own log, and no advertisement in that."""
    await engine.start()
    await engine.drain(SOON)

    assert capfd.readouterr().err == ""
    assert not any(
        isinstance(handler, logging.StreamHandler)
        for handler in logging.getLogger("dbos").handlers
    )
