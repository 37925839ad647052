"""Several bots on one PostgreSQL: a process each, as an operator would run them."""

import itertools
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path

from sandbox.runner import Sandbox
from store.engine import Database, open_database
from store.keyring import KeyRing
from tests.places import MANIFEST
from tests.scenarios.office import Office, graph_log, settings_for
from tests.scenarios.processes import BotProcess, environment, gatehouse

DEAD_AFTER = 3.0  # seconds of silence until the others take a replica's work over


class Replicas:
    """One workspace and one tenant, watched over by bots that share a database."""

    def __init__(
        self,
        office: Office,
        database: Database,
        shared: dict[str, str],
        folder: Path,
        processes: AsyncExitStack,
    ) -> None:
        self.office, self.database = office, database
        self.folder = folder
        self._shared, self._processes = shared, processes
        self._numbers = itertools.count(1)

    async def begin(self, name: str, **changes: str) -> BotProcess:
        """Start one more; it is not ready yet."""
        number = next(self._numbers)
        return await self._processes.enter_async_context(
            gatehouse(
                "run",
                environment=self._shared | {"GATEHOUSE_REPLICA_ID": name} | changes,
                folder=self.folder / f"{number}-{name}",
            )
        )


@asynccontextmanager
async def open_replicas(
    url: str, folder: Path, **changes: str
) -> AsyncIterator[Replicas]:
    """Both simulators and an empty database; every process ends with them."""
    shared = {
        "GATEHOUSE_DATABASE_URL": url,
        "GATEHOUSE_ENCRYPTION_KEYS": KeyRing.generate_key(),
        "GATEHOUSE_REPLICA_DEAD_AFTER": f"PT{DEAD_AFTER:.0f}S",
    }
    database = open_database(url)
    async with (
        Sandbox(manifest=MANIFEST, graph_log=graph_log()) as sandbox,
        AsyncExitStack() as processes,
    ):
        office = Office(sandbox, settings_for(sandbox, folder, database_url=url))
        try:
            yield Replicas(
                office,
                database,
                environment(sandbox, folder, **shared | changes),
                folder,
                processes,
            )
        finally:
            await office.bot.core.close()
            await database.close()
