"""`python -m benchmarks.reading`: a large tenant, read in several ways.

The directory is served by a process of its own, 80 ms a request, with the limits of a
large tenant. Each way of reading is a fresh process too, and begins with a full bucket
of resource units.
"""

import argparse
import asyncio
import tempfile
from collections.abc import Mapping, Sequence

from benchmarks import sdk_client
from benchmarks.bulk_process import BulkProcess, bulk_process
from benchmarks.data_sets import EACH_TIME, owned_collections
from benchmarks.databases import POSTGRESQL, SQLITE, NewDatabase, databases
from benchmarks.equality import prove_equal
from benchmarks.measuring import begin, quantile, say, say_table
from benchmarks.sampling import Sample, sample
from bot.domain.directory import DataSet
from bot.graph.data_sets import COLLECTIONS

USERS = 20_000
ROUNDS = 3
LATENCY_MS = 80.0
CHURN = 0.01

# What the directory generates, and so can encode beforehand.
GENERATED = (
    DataSet.USERS,
    DataSet.GROUPS,
    DataSet.APPLICATIONS,
    DataSet.SERVICE_PRINCIPALS,
    DataSet.OAUTH_GRANTS,
    DataSet.DEVICES,
)

# Ways that are quick enough to be sampled in every round, and those run once.
QUICK = {
    "bytes_only": "same requests, bytes only",
    "read_only": "DirectoryReader, to rows",
    "floor": "floor: bytes, then driver",
    "synced": "whole sync",
}
SLOW = {"sequential": "httpx and json, one by one"}
COMPARED_WITH = {"read_only": "bytes_only", "synced": "floor"}


async def measure(
    bulk: BulkProcess, new: NewDatabase, rounds: int, *, with_slow: bool
) -> dict[str, list[Sample]]:
    """Record one read, then run all ways, the quick ones side by side."""
    samples: dict[str, list[Sample]] = {}
    with tempfile.TemporaryDirectory(prefix="gatehouse-bench-") as recording:
        await sample(bulk, "record", recording=recording)
        for _ in range(rounds):
            for name in QUICK:
                taken = await sample(
                    bulk, name, recording=recording, database=await new()
                )
                samples.setdefault(name, []).append(taken)
        for name in SLOW if with_slow else ():
            samples[name] = [await sample(bulk, name, recording=recording)]
    return samples


def say_samples(users: int, samples: Mapping[str, Sequence[Sample]]) -> None:
    """Print medians, and the ratios that are aimed at."""
    seconds = {name: _seconds(taken) for name, taken in samples.items()}
    say_table(
        f"{users:,} users and all that goes with them",
        ("", "s", "rows", "requests", "units", "429", "loaded", "peak MiB", "ratio"),
        [_line(name, taken, seconds) for name, taken in samples.items()],
    )
    say("ratio: reader to bytes, sync to floor, one by one to sync.")
    say("Requests inside a batch count one by one.")


def _seconds(samples: Sequence[Sample]) -> float:
    return quantile([each.outcome.seconds for each in samples], 0.5)


def _line(
    name: str, taken: Sequence[Sample], seconds: Mapping[str, float]
) -> tuple[str, ...]:
    """Counts are those of the first run; they hardly change from run to run."""
    first = taken[0]
    baseline = COMPARED_WITH.get(name, "synced" if name in SLOW else "")
    ratio = f"{seconds[name] / seconds[baseline]:.2f}" if baseline else ""
    return (
        {**QUICK, **SLOW}[name],
        f"{seconds[name]:.2f}",
        f"{first.outcome.rows:,}" if first.outcome.rows else "",
        f"{first.meter['requests']:,}",
        f"{first.meter['units']:,}",
        f"{first.meter['throttled']}",
        f"{first.outcome.loaded_mib:.0f}",
        f"{max(each.outcome.memory_mib for each in taken):.0f}",
        ratio,
    )


async def measure_sdk(bulk: BulkProcess) -> None:
    """Compare with Microsoft's library, users alone, where it is installed."""
    if not sdk_client.is_installed():
        say("msgraph-sdk: left out, it is not installed.")
        return
    theirs = await sample(bulk, "sdk_users")
    ours = await sample(bulk, "users_only")
    each = [taken.outcome.seconds / taken.outcome.rows for taken in (theirs, ours)]
    say_table(
        "Users alone",
        ("", "users", "s", "ms/user", "peak MiB", "ratio"),
        [
            _sdk_line("msgraph-sdk", theirs, f"{each[0] / each[1]:.1f}"),
            _sdk_line("DirectoryReader, to rows", ours, "1.0"),
        ],
    )


def _sdk_line(title: str, taken: Sample, ratio: str) -> tuple[str, ...]:
    outcome = taken.outcome
    return (
        title,
        f"{outcome.rows:,}",
        f"{outcome.seconds:.2f}",
        f"{outcome.seconds / outcome.rows * 1000:.3f}",
        f"{outcome.memory_mib:.0f}",
        ratio,
    )


async def measure_changes(bulk: BulkProcess, new: NewDatabase) -> None:
    """Sync, let the directory change, and sync again. Changes it for good.

    Raises:
        NotEqualError: what changes lead to is not what a fresh full sync finds.
    """
    kept = await new()
    full = await sample(bulk, "synced", database=kept)
    churn = (await bulk.ask({"churn": CHURN}))["churn"]
    changes = await sample(bulk, "synced", database=kept)
    say_table(
        f"The next sync after {CHURN:.0%} of everything changed",
        ("", "s", "requests", "units", "429"),
        [_change_line("full sync", full), _change_line("next sync", changes)],
    )
    say(f"changed: {', '.join(f'{number:,} {what}' for what, number in churn.items())}")
    fresh = await new()
    await sample(bulk, "synced", database=fresh)
    title = "Rows after the changes, and of a fresh full sync"
    prove_equal(title, kept, fresh, EACH_TIME)
    say("Equal, row by row. Data sets with a slower clock were not due.")


def _change_line(title: str, taken: Sample) -> tuple[str, ...]:
    meter = taken.meter
    return (
        title,
        f"{taken.outcome.seconds:.2f}",
        f"{meter['requests']:,}",
        f"{meter['units']:,}",
        f"{meter['throttled']}",
    )


def targets() -> list[str]:
    """What is asked of the directory, so that it can encode its pages beforehand."""
    owners = (owned.owners for owned in owned_collections())
    asked = [COLLECTIONS[each] for each in GENERATED]
    return [collection.request().target for collection in (*asked, *owners)]


async def run(users: int, rounds: int, kind: str, *, with_slow: bool) -> None:
    """Serve the directory, and measure."""
    begin()
    say(f"database: {kind}")
    async with (
        databases(kind) as new,
        bulk_process(users, latency_ms=LATENCY_MS, warm=targets()) as bulk,
    ):
        say_samples(users, await measure(bulk, new, rounds, with_slow=with_slow))
        if with_slow:
            await measure_sdk(bulk)
        await measure_changes(bulk, new)


def main() -> None:
    """Read the options and run."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--users", type=int, default=USERS)
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    parser.add_argument("--database", choices=(SQLITE, POSTGRESQL), default=SQLITE)
    parser.add_argument(
        "--quick", action="store_true", help="leave the slow baselines out"
    )
    arguments = parser.parse_args()
    users, rounds, kind = arguments.users, arguments.rounds, arguments.database
    asyncio.run(run(users, rounds, kind, with_slow=not arguments.quick))


if __name__ == "__main__":
    main()
