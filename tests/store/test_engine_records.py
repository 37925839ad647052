"""What the engine writes down: JSON, without secrets, for as long as it is needed."""

import json
from datetime import UTC, datetime, timedelta

import pytest

from bot.domain.errors import NotAllowedError
from bot.engine import (
    Engine,
    StepFailedError,
    WorkflowStatus,
)
from bot.engine.serializer import JsonSerializer
from store.engine import Database
from tests.store.engines import ask, ended, rows


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
