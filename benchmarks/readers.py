"""Ways of reading one directory, each run as its own process.

`python -m benchmarks.readers NAME` reads a `Task` as a line of JSON from its input,
reads the directory in its way, and prints an `Outcome` as a line of JSON.
"""

import asyncio
import json
import sys
import time
from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

from benchmarks import plain_client, sdk_client
from benchmarks.bulk_process import BulkAddress
from benchmarks.measuring import peak_memory_mib, quieten
from benchmarks.recording import Recording
from benchmarks.storage import commit_page, new_connection, opened, raw_sqlite
from bot.domain.directory import DataSet, DataSetState, Standing
from bot.graph.reading import WIDTH, DirectoryReader

DATA_SETS = (
    DataSet.USERS,
    DataSet.GROUPS,
    DataSet.MEMBERSHIPS,
    DataSet.APPLICATIONS,
    DataSet.SERVICE_PRINCIPALS,
)


@dataclass(frozen=True)
class Task:
    """What to read, and what there is to do it with.

    Attributes:
        folder: this run's own, empty.
        recording: folder of the `Recording` of an earlier read.
    """

    address: BulkAddress
    folder: str
    recording: str

    @classmethod
    def read(cls, line: str) -> "Task":
        """Read what `told` wrote."""
        told = json.loads(line)
        return cls(**{**told, "address": BulkAddress(**told["address"])})

    def told(self) -> str:
        """One line of JSON."""
        return json.dumps(asdict(self)) + "\n"


@dataclass(frozen=True)
class Outcome:
    """What a way of reading needed.

    Attributes:
        rows: how many it ended up with, 0 where it looks at none.
        memory_mib: the most it held at once.
    """

    seconds: float
    rows: int
    memory_mib: float


async def record(task: Task) -> int:
    """Read everything once, and keep what was asked and found."""
    recording, rows = Recording(Path(task.recording)), 0
    graphs = task.address.graphs(recording.add_request)
    reader = DirectoryReader(task.address.client_of(graphs))
    for data_set in DATA_SETS:
        async for page in reader.full(data_set):
            recording.add_page((data_set, page.rows))
            rows += len(page.rows)
    await graphs.aclose()
    return rows


async def read_only(task: Task) -> int:
    """Read everything into rows, and let them go."""
    return await _rows_of(task, DATA_SETS)


async def users_only(task: Task) -> int:
    """The same of users alone."""
    return await _rows_of(task, [DataSet.USERS])


async def _rows_of(task: Task, wanted: Iterable[DataSet]) -> int:
    graphs, rows = task.address.graphs(), 0
    reader = DirectoryReader(task.address.client_of(graphs))
    for data_set in wanted:
        async for page in reader.full(data_set):
            rows += len(page.rows)
    await graphs.aclose()
    return rows


async def read_and_store(task: Task) -> int:
    """Read everything into SQLite, each page in a transaction with its mark."""
    graphs, rows = task.address.graphs(), 0
    reader = DirectoryReader(task.address.client_of(graphs))
    async with opened(_database_url(task)) as database:
        connection_id = await new_connection(database)
        for data_set in DATA_SETS:
            state = DataSetState(connection_id, data_set, Standing.READING)
            async for page in reader.full(data_set):
                await commit_page(database, state, page.rows, page.mark)
                rows += len(page.rows)
    await graphs.aclose()
    return rows


async def bytes_only(task: Task) -> int:
    """Repeat the recorded requests, as many at once, and drop the answers."""
    requests = Recording(Path(task.recording)).requests()
    await plain_client.repeat(task.address, requests, WIDTH)
    return 0


async def floor(task: Task) -> int:
    """Repeat the requests, then insert the recorded rows with sqlite3 alone."""
    async with opened(_database_url(task)) as database:
        connection_id = await new_connection(database)
    await bytes_only(task)
    pages = Recording(Path(task.recording)).pages()
    return raw_sqlite(_database_file(task), connection_id, pages)


async def sequential(task: Task) -> int:
    """Follow every chain of pages by itself, with httpx and json."""
    return await plain_client.read_all(task.address)


async def sdk_users(task: Task) -> int:
    """Read the users alone with Microsoft's own client library."""
    return await sdk_client.read_users(task.address)


WAYS: Mapping[str, Callable[[Task], Awaitable[int]]] = {
    way.__name__: way
    for way in (
        record,
        bytes_only,
        read_only,
        users_only,
        floor,
        read_and_store,
        sequential,
        sdk_users,
    )
}


def _database_file(task: Task) -> Path:
    return Path(task.folder) / "gatehouse.db"


def _database_url(task: Task) -> str:
    return f"sqlite+aiosqlite:///{_database_file(task)}"


async def run(name: str, task: Task) -> Outcome:
    """Read in one way, and time it."""
    began = time.perf_counter()
    rows = await WAYS[name](task)
    return Outcome(time.perf_counter() - began, rows, peak_memory_mib())


def main() -> None:
    """Do what the argument names."""
    quieten()
    outcome = asyncio.run(run(sys.argv[1], Task.read(sys.stdin.readline())))
    sys.stdout.write(json.dumps(asdict(outcome)) + "\n")


if __name__ == "__main__":
    main()
