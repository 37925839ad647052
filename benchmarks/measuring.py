"""Takes samples side by side, and prints them as a table."""

import gc
import inspect
import os
import platform
import time
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from math import ceil
from pathlib import Path

from rich.console import Console
from rich.table import Table

from bot import logs

Seconds = float
Work = Callable[[], object]  # may return something to await

_console = Console(width=100, highlight=False)


async def alternated(
    contenders: Mapping[str, Work], rounds: int
) -> dict[str, list[Seconds]]:
    """Run every contender once a round, so that all see the same machine.

    A first round warms up and does not count.
    """
    samples: dict[str, list[Seconds]] = {name: [] for name in contenders}
    for number in range(rounds + 1):
        for name, work in contenders.items():
            taken = await timed(work)
            if number > 0:
                samples[name].append(taken)
    return samples


async def timed(work: Work) -> Seconds:
    """How long one call takes, begun with nothing left to collect."""
    gc.collect()
    began = time.perf_counter()
    done = work()
    if inspect.isawaitable(done):
        await done
    return time.perf_counter() - began


def quantile(samples: Sequence[Seconds], share: float) -> Seconds:
    """The sample that this share of all does not exceed (nearest rank).

    Raises:
        ValueError: there is no sample.
    """
    if not samples:
        raise ValueError("no sample was taken")
    return sorted(samples)[max(ceil(len(samples) * share), 1) - 1]


def peak_memory_mib() -> float:
    """The most memory that this process held at once.

    From /proc where there is one: getrusage also counts the parent before exec.

    Raises:
        OSError: not on Linux.
    """
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return memory_in(status, "VmHWM")


def memory_in(status: str, name: str) -> float:
    """MiB that a process's status in /proc tells under a name.

    Raises:
        OSError: it tells none.
    """
    for line in status.splitlines():
        if line.startswith(f"{name}:"):
            return int(line.split()[1]) / 1024
    raise OSError(f"/proc does not tell {name}")


def say(line: str = "") -> None:
    """Print a line."""
    _console.print(line, markup=False)


def quieten() -> None:
    """Keep Gatehouse's logs from costing time."""
    logs.configure(as_json=False, level="ERROR")


def begin() -> None:
    """Print what is measured on, and when; quieten the logs."""
    quieten()
    day = datetime.now(UTC).date()
    say(f"{day}, {os.cpu_count()} cores, Python {platform.python_version()}")


def say_table(
    title: str, columns: Sequence[str], rows: Sequence[Sequence[str]]
) -> None:
    """Print a table; all columns but the first hold numbers."""
    table = Table(title=title, title_justify="left", title_style="bold")
    for place, name in enumerate(columns):
        table.add_column(name, justify="right" if place else "left")
    for row in rows:
        table.add_row(*row)
    _console.print(table)
