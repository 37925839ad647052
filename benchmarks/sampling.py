"""One way of reading as a process of its own, and what the directory counted."""

import asyncio
import json
import sys
import tempfile
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass

from benchmarks.bulk_process import BulkProcess
from benchmarks.readers import Outcome, Task

ENDS_WITHIN = 1800.0  # seconds; for the slowest way at the largest size


@dataclass(frozen=True)
class Sample:
    """One run: what the reader says of itself, and what the directory counted."""

    outcome: Outcome
    meter: Mapping[str, float]


async def sample(
    bulk: BulkProcess, name: str, *, recording: str = "", database: str = ""
) -> Sample:
    """Run one way, and wait until the directory's bucket is full again.

    Args:
        recording: folder of what an earlier read asked and found.
        database: the URL of one that has all tables, for ways that store.

    Raises:
        OSError: it failed; its own words are on the standard error.
    """
    await bulk.clear_meter()
    with tempfile.TemporaryDirectory(prefix="gatehouse-bench-") as folder:
        task = Task(bulk.address, folder, recording, database)
        async with started(name, task) as process:
            outcome = await outcome_of(name, process)
    meter = await bulk.meter()
    await bulk.refilled(meter["units"])
    return Sample(outcome, meter)


@asynccontextmanager
async def started(name: str, task: Task) -> AsyncIterator[asyncio.subprocess.Process]:
    """A process that reads in one way; it is gone in the end."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "benchmarks.readers", name),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
    )
    try:
        if process.stdin is None:
            raise OSError("a reader takes no task")
        process.stdin.write(task.told().encode())
        await process.stdin.drain()
        yield process
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()


async def outcome_of(name: str, process: asyncio.subprocess.Process) -> Outcome:
    """Wait for the end, and read what it tells.

    Raises:
        OSError: it failed.
        TimeoutError: it takes far too long.
    """
    async with asyncio.timeout(ENDS_WITHIN):
        told, _ = await process.communicate()
    if process.returncode != 0:
        raise OSError(f"{name} ended with status {process.returncode}")
    return Outcome(**json.loads(told))
