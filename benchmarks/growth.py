"""`python -m benchmarks.growth`: whole syncs of directories of several sizes.

Seconds should grow with the directory, memory should not.
"""

import argparse
import asyncio
from collections.abc import Sequence

from benchmarks.bulk_process import bulk_process
from benchmarks.databases import POSTGRESQL, SQLITE, databases
from benchmarks.measuring import begin, say, say_table
from benchmarks.reading import LATENCY_MS, targets
from benchmarks.sampling import Sample, sample

USERS = (10_000, 100_000, 500_000)
_PART = 10_000  # users; what seconds and memory are told for


async def measure(users: int, kind: str) -> Sample:
    """Sync a directory of that many users into an empty database."""
    async with (
        databases(kind) as new,
        bulk_process(users, latency_ms=LATENCY_MS, warm=targets()) as bulk,
    ):
        return await sample(bulk, "synced", database=await new())


async def run(sizes: Sequence[int], kind: str) -> None:
    """Measure all sizes, the smallest first."""
    begin()
    lines = []
    for users in sorted(sizes):
        lines.append(_line(users, await measure(users, kind)))
        say(f"{users:,} users: done")
    say_table(
        f"A first sync into {kind} as the directory grows",
        ("users", "rows", "s", "s/10k", "units", "429", "loaded", "peak", "grown"),
        lines,
    )
    say("Memory in MiB; grown: what a sync holds beside the loaded modules, per 10k.")


def _line(users: int, taken: Sample) -> tuple[str, ...]:
    outcome, meter, parts = taken.outcome, taken.meter, users / _PART
    held = outcome.memory_mib - outcome.loaded_mib
    return (
        f"{users:,}",
        f"{outcome.rows:,}",
        f"{outcome.seconds:.2f}",
        f"{outcome.seconds / parts:.2f}",
        f"{meter['units']:,}",
        f"{meter['throttled']}",
        f"{outcome.loaded_mib:.0f}",
        f"{outcome.memory_mib:.0f}",
        f"{held / parts:.1f}",
    )


def main() -> None:
    """Read the options and run."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--users", type=int, nargs="+", default=USERS)
    parser.add_argument("--database", choices=(SQLITE, POSTGRESQL), default=SQLITE)
    arguments = parser.parse_args()
    asyncio.run(run(arguments.users, arguments.database))


if __name__ == "__main__":
    main()
