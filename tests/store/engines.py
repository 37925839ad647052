"""An engine for a test, and how to wait for its workflows."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import RowMapping, select, table, text

from bot.engine import (
    Engine,
    WorkflowState,
    WorkflowStatus,
)
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


async def rows(database: Database, *tables: str) -> list[RowMapping]:
    """Everything that the engine keeps in some of its tables."""
    schema = None if database.is_sqlite else "engine"
    found: list[RowMapping] = []
    async with database.engine.connect() as connection:
        for name in tables:
            everything = select(text("*")).select_from(table(name, schema=schema))
            found.extend((await connection.execute(everything)).mappings())
    return found
