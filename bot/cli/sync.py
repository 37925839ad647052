"""`gatehouse sync TENANT`: read a directory now, and see how far it is."""

import asyncio
import json
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.progress import (
    BarColumn,
    Progress,
    TaskID,
    TextColumn,
    TimeElapsedColumn,
)

from bot.cli.running import fail, say, with_core
from bot.core import Core
from bot.domain.directory import DataSet, DataSetState, Standing
from bot.domain.ids import ConnectionId
from bot.domain.syncs import LABELS, NEEDS_SOMEBODY, TenantSync, is_done, share_done
from bot.pace import set_pace
from bot.services.directory_sync import DirectorySyncService

LOOK_EVERY_SECONDS = 0.25


def sync(
    connection: Annotated[str, typer.Argument(help="Its ID or name, as listed.")],
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Read a tenant's directory now; exit status 1 if a part needs somebody."""

    async def work(core: Core) -> None:
        connection_id = await _find(core, connection)
        found = await _run(core, connection_id, quiet=as_json)
        if as_json:
            say(json.dumps([as_dict(state) for state in found.states], indent=2))
        else:
            for state in found.states:
                say(_line(state))
        if any(state.standing in NEEDS_SOMEBODY for state in found.states):
            raise typer.Exit(1)

    set_pace()
    with_core(work)


def as_dict(state: DataSetState) -> dict[str, Any]:
    """A data set for scripts."""
    return {
        "data_set": str(state.data_set),
        "standing": str(state.standing),
        "rows": state.rows,
        "reason": state.reason,
        "read_at": state.read_at.isoformat() if state.read_at else None,
    }


async def _find(core: Core, connection: str) -> ConnectionId:
    tenants = await core.services.tenants.list_connected()
    found = [each for each in tenants if connection in (str(each.id), each.name)]
    if len(found) != 1:
        raise fail(
            f"{len(found)} connected tenants match {connection!r}.",
            "Give the ID that gatehouse tenant list prints.",
        )
    return found[0].id


async def _run(core: Core, connection_id: ConnectionId, *, quiet: bool) -> TenantSync:
    """Sync here, or watch the bot that does it already.

    Broken off, it gives the turn back before the database is closed.
    """
    directory = core.services.directory
    running = asyncio.create_task(directory.run_here(connection_id))
    console = Console(stderr=True, quiet=quiet)
    try:
        found = await _watched(directory, connection_id, running, console)
        if not await running:
            console.print("Another process read it; this is what it found.")
    finally:
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
    return found


async def _watched(
    directory: DirectorySyncService,
    connection_id: ConnectionId,
    running: asyncio.Task[bool],
    console: Console,
) -> TenantSync:
    """Draw how far it is until it is over; returns how it stands then."""
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn("{task.fields[words]}"),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=console) as progress:
        bars = {each: _bar(progress, each) for each in DataSet}
        while True:
            is_over = running.done()
            found = await directory.of(connection_id)
            for state in found.states:
                _show(progress, bars[state.data_set], state, found)
            if is_over and (running.exception() or not found.is_running):
                return found
            await asyncio.sleep(LOOK_EVERY_SECONDS)


def _bar(progress: Progress, data_set: DataSet) -> TaskID:
    return progress.add_task(LABELS[data_set], total=None, words="waiting", start=False)


def _show(
    progress: Progress, bar: TaskID, state: DataSetState, sync: TenantSync
) -> None:
    if is_done(state, sync.started_at):
        words = f"{state.rows:,} {_word(state)}"
        progress.start_task(bar)
        progress.update(bar, total=1, completed=1, words=words)
        progress.stop_task(bar)
    elif state.standing is Standing.READING:
        progress.start_task(bar)
        total = None if share_done(state) is None else state.rows
        words = f"{state.rows_done:,} so far"
        progress.update(bar, total=total, completed=state.rows_done, words=words)


def _line(state: DataSetState) -> str:
    words = f"{LABELS[state.data_set]}: {state.rows:,} {_word(state)}"
    return f"{words} {state.reason}".strip()


def _word(state: DataSetState) -> str:
    return f"({state.standing.replace('_', ' ')})"
