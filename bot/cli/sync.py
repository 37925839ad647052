"""`gatehouse sync TENANT`: read a directory now, and see how far it is."""

import asyncio
import json
from datetime import datetime
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
from bot.domain.subjects import by_subject, is_amiss
from bot.domain.syncs import LABELS, TenantSync, share_done
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
            say("\n".join(lines(found)))
        if any(map(is_amiss, found.states)):
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
        "due_at": state.due_at.isoformat() if state.due_at else None,
    }


def lines(found: TenantSync) -> list[str]:
    """A directory for people: by subject, and once why something is not read."""
    told = []
    for subject, states in by_subject(found.states):
        told.append(str(subject))
        told += [f"  {_line(state, found)}" for state in states]
    reasons: dict[str, list[str]] = {}
    for state in found.states:
        if state.reason and state.standing is not Standing.READING:
            reasons.setdefault(state.reason, []).append(LABELS[state.data_set])
    return [*told, *(f"{', '.join(names)}: {why}" for why, names in reasons.items())]


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
        whole = progress.add_task("All parts", words="")
        bars = {each: _bar(progress, each) for each in DataSet}
        while True:
            is_over = running.done()
            found = await directory.of(connection_id)
            total = len(found.states)
            words = f"{found.done} of {total}"
            progress.update(whole, total=total, completed=found.done, words=words)
            for state in found.states:
                _show(progress, bars[state.data_set], state)
            if is_over and (running.exception() or not found.is_running):
                return found
            await asyncio.sleep(LOOK_EVERY_SECONDS)


def _bar(progress: Progress, data_set: DataSet) -> TaskID:
    return progress.add_task(LABELS[data_set], words="", start=False, visible=False)


def _show(progress: Progress, bar: TaskID, state: DataSetState) -> None:
    """Draw a bar of what is being read, and none of what is not."""
    if state.standing is not Standing.READING:
        progress.update(bar, visible=False)
        return
    progress.start_task(bar)
    total = None if share_done(state) is None else state.rows
    words = f"{state.rows_done:,} so far"
    progress.update(
        bar, total=total, completed=state.rows_done, words=words, visible=True
    )


def _line(state: DataSetState, found: TenantSync) -> str:
    standing = state.standing.replace("_", " ")
    as_of = "" if state.read_at is None else f" as of {_minute(state.read_at)}"
    words = f"{LABELS[state.data_set]}: {state.rows:,}{as_of} ({standing})"
    if state.due_at is None or state.due_at <= found.next_at:
        return words
    return f"{words}, next from {_minute(state.due_at)}"


def _minute(at: datetime) -> str:
    return f"{at:%Y-%m-%d %H:%M} UTC"
