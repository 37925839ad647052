"""`python -m benchmarks.kills`: a first sync that is killed again and again.

`kill -9` at random moments, then the same sync once more, as the bot does. In the end
the database must hold what an undisturbed sync finds, row by row.
"""

import argparse
import asyncio
import random
import tempfile
from dataclasses import dataclass

from benchmarks.bulk_process import BulkProcess, bulk_process
from benchmarks.databases import POSTGRESQL, SQLITE, NewDatabase, databases
from benchmarks.equality import prove_equal
from benchmarks.measuring import begin, say, say_table
from benchmarks.readers import Task
from benchmarks.reading import LATENCY_MS, targets
from benchmarks.sampling import Sample, outcome_of, sample, started

USERS = 100_000
KILLS = 20
_SHARE = 1.2  # of the undisturbed time, spread over all lives: some end by themselves
_LOOK_EVERY = 0.05  # seconds


@dataclass(frozen=True)
class Survived:
    """A sync that came to its end: how often it was killed, and all that it asked."""

    kills: int
    requests: float
    units: float


async def disturb(
    bulk: BulkProcess, database: str, kills: int, seconds: float
) -> Survived:
    """Sync with so many kills, while the sync lasts.

    Args:
        seconds: how long an undisturbed sync reads, without its start.
    """
    await bulk.clear_meter()
    done = 0
    with tempfile.TemporaryDirectory(prefix="gatehouse-bench-") as folder:
        task = Task(bulk.address, folder, "", database)
        while done < kills:
            share = random.uniform(0.5, 1.5) * _SHARE / kills  # noqa: S311 - a moment
            if not await _killed(bulk, task, seconds * share):
                break
            done += 1
        async with started("synced", task) as process:
            await outcome_of("synced", process)
    meter = await bulk.meter()
    return Survived(done, meter["requests"], meter["units"])


async def _killed(bulk: BulkProcess, task: Task, after: float) -> bool:
    """Kill a sync so long after its first request; False if it ended before."""
    before = (await bulk.meter())["requests"]
    async with started("synced", task) as process:
        while (await bulk.meter())["requests"] == before:
            if process.returncode is not None:
                raise OSError(f"a sync ended with status {process.returncode}")
            await asyncio.sleep(_LOOK_EVERY)
        await asyncio.sleep(after)
        return process.returncode is None


async def measure(bulk: BulkProcess, new: NewDatabase, kills: int) -> None:
    """Sync undisturbed, then disturbed, and compare."""
    truth, disturbed = await new(), await new()
    least = await sample(bulk, "synced", database=truth)
    survived = await disturb(bulk, disturbed, kills, least.outcome.seconds)
    _say(least, survived)
    prove_equal("Rows after the kills, and of the undisturbed sync", disturbed, truth)
    say("Equal, row by row.")


def _say(least: Sample, survived: Survived) -> None:
    requests, units = least.meter["requests"], least.meter["units"]
    more = survived.requests - requests
    say_table(
        "A first sync, undisturbed and killed",
        ("", "kills", "requests", "units", "again", "again per kill"),
        [
            ("undisturbed", "0", f"{requests:,}", f"{units:,}", "", ""),
            (
                "killed",
                f"{survived.kills}",
                f"{survived.requests:,}",
                f"{survived.units:,}",
                f"{more:,}",
                f"{more / max(survived.kills, 1):.1f}",
            ),
        ],
    )


async def run(users: int, kills: int, kind: str) -> None:
    """Serve the directory, and measure."""
    begin()
    async with (
        databases(kind) as new,
        bulk_process(users, latency_ms=LATENCY_MS, warm=targets()) as bulk,
    ):
        await measure(bulk, new, kills)


def main() -> None:
    """Read the options and run."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--users", type=int, default=USERS)
    parser.add_argument("--kills", type=int, default=KILLS)
    parser.add_argument("--database", choices=(SQLITE, POSTGRESQL), default=SQLITE)
    arguments = parser.parse_args()
    asyncio.run(run(arguments.users, arguments.kills, arguments.database))


if __name__ == "__main__":
    main()
