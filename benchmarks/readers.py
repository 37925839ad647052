"""Ways of reading one directory, each run as its own process.

`python -m benchmarks.readers NAME` reads a `Task` as a line of JSON from its input,
reads the directory in its way, and prints an `Outcome` as a line of JSON.
"""

import asyncio
import base64
import json
import sys
import time
from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from uuid import UUID

from benchmarks import plain_client, sdk_client
from benchmarks.bulk_process import BulkAddress
from benchmarks.data_sets import READ
from benchmarks.measuring import peak_memory_mib, quieten
from benchmarks.recording import Recording
from benchmarks.storage import new_connection, raw_postgres, raw_sqlite
from bot.domain.directory import DataSet, DataSetState, Standing
from bot.domain.ids import ClientId, TenantId
from bot.domain.tenants import AppCredential, SignInKind, Tenant
from bot.graph.connections import GraphClients
from bot.graph.quota import MOST_IN_BACKGROUND
from bot.graph.reading import DirectoryReader
from bot.pace import set_pace
from bot.ports import SystemClock
from bot.workflows.sync import NO_TURN, Sync
from bot.workflows.tenant_graphs import TenantGraphs
from store import data_sets, tenants
from store.engine import Database, open_database
from store.keyring import KeyRing
from tests.store.people import a_tenant

BY = "sync:benchmark"  # the workflow that has the turn
# Encrypts what opens nothing but a generated directory.
_KEY = base64.urlsafe_b64encode(bytes(32)).decode()


@dataclass(frozen=True)
class Task:
    """What to read, and what there is to do it with.

    Attributes:
        folder: this run's own, empty.
        recording: folder of the `Recording` of an earlier read.
        database: the URL of one that has all tables, for ways that store.
    """

    address: BulkAddress
    folder: str
    recording: str
    database: str = ""

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
        loaded_mib: the same before it began, which is Python and its modules.
    """

    seconds: float
    rows: int
    memory_mib: float
    loaded_mib: float


async def record(task: Task) -> int:
    """Read everything once, and keep what was asked and found."""
    recording, rows = Recording(Path(task.recording)), 0
    graphs = task.address.graphs(recording.add_request)
    reader = DirectoryReader(task.address.client_of(graphs))
    for data_set in READ:
        async for page in reader.full(data_set):
            recording.add_page((data_set, page.rows))
            rows += len(page.rows)
    await graphs.aclose()
    return rows


async def read_only(task: Task) -> int:
    """Read everything into rows, and let them go."""
    return await _rows_of(task, READ)


async def users_only(task: Task) -> int:
    """The same of users alone."""
    return await _rows_of(task, [DataSet.USERS])


async def _rows_of(task: Task, wanted: Iterable[DataSet]) -> int:
    """Read data sets side by side, as a sync does; returns how many rows."""
    graphs = task.address.graphs()
    reader = DirectoryReader(task.address.client_of(graphs))

    async def rows_of(data_set: DataSet) -> int:
        return sum([len(page.rows) async for page in reader.full(data_set)])

    rows = await asyncio.gather(*map(rows_of, wanted))
    await graphs.aclose()
    return sum(rows)


async def synced(task: Task) -> int:
    """Sync as the bot does, from where the directory stands.

    One that was killed goes on; like the bot's, it does not begin anew.

    Returns:
        How many rows are stored in the end.

    Raises:
        ValueError: a data set did not become current.
    """
    graphs, keys = task.address.graphs(), KeyRing([_KEY])
    database = open_database(task.database)
    tenant = await _connected(task, database, keys)
    sync, id = _sync(database, keys, graphs), str(tenant.id)
    async with database.snapshots() as session:
        last = await data_sets.last_sync(session, tenant.id, SystemClock().now())
    begun = await sync.begin(id, BY) if last.by is None else NO_TURN
    await sync.read(id, BY, begun["granted"])
    await sync.end(id, BY)
    async with database.snapshots() as session:
        states = await data_sets.list_all(session, tenant.id)
    await graphs.aclose()
    await database.close()
    return sum(_rows_of_current(state) for state in states)


def _sync(database: Database, keys: KeyRing, graphs: GraphClients) -> Sync:
    return Sync(database, TenantGraphs(database, keys, graphs), SystemClock())


async def _connected(task: Task, database: Database, keys: KeyRing) -> Tenant:
    """The tenant of an earlier sync into the same folder, else a new connection."""
    async with database.sessions.begin() as session:
        for tenant in await tenants.list_connected(session):
            return tenant
        tenant = a_tenant(
            tenant_id=TenantId(UUID(task.address.tenant)),
            client_id=ClientId(UUID(task.address.client)),
        )
        credential = AppCredential(SignInKind.SECRET, task.address.secret)
        await tenants.add(session, tenant, credential, keys)
        return tenant


def _rows_of_current(state: DataSetState) -> int:
    if state.standing not in (Standing.CURRENT, Standing.NOT_PERMITTED):
        raise ValueError(f"{state.data_set} is {state.standing}: {state.reason}")
    return state.rows


async def bytes_only(task: Task) -> int:
    """Repeat the recorded requests, as many at once, and drop the answers."""
    requests = Recording(Path(task.recording)).requests()
    await plain_client.repeat(task.address, requests, MOST_IN_BACKGROUND)
    return 0


async def floor(task: Task) -> int:
    """Repeat the requests, then insert the recorded rows with the driver alone."""
    database = open_database(task.database)
    connection_id = await new_connection(database)
    await database.close()
    await bytes_only(task)
    pages = Recording(Path(task.recording)).pages()
    if database.is_sqlite:
        return raw_sqlite(Path(str(database.url.database)), connection_id, pages)
    return raw_postgres(task.database, connection_id, pages)


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
        synced,
        sequential,
        sdk_users,
    )
}


async def run(name: str, task: Task) -> Outcome:
    """Read in one way, and time it."""
    set_pace()
    loaded_mib, began = peak_memory_mib(), time.perf_counter()
    rows = await WAYS[name](task)
    seconds = time.perf_counter() - began
    return Outcome(seconds, rows, peak_memory_mib(), loaded_mib)


def main() -> None:
    """Do what the argument names."""
    quieten()
    name, task = sys.argv[1], Task.read(sys.stdin.readline())
    if name == sdk_users.__name__:
        sdk_client.load()  # its import alone takes seconds
    outcome = asyncio.run(run(name, task))
    sys.stdout.write(json.dumps(asdict(outcome)) + "\n")


if __name__ == "__main__":
    main()
