"""A large directory, and the bot in a process of its own that reads it."""

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from bot.domain.directory import DataSetState, Standing
from bot.domain.ids import ConnectionId
from sandbox.bulk import BulkServer, Shape
from sandbox.bulk.permissions import DIRECTORY
from sandbox.runner import Sandbox
from store import data_sets, tenants
from store.engine import Database, open_database
from tests.places import MANIFEST
from tests.scenarios.office import CONNECTION, Office, settings_for
from tests.scenarios.people import ADA, ALERTS
from tests.scenarios.processes import BotProcess, environment, gatehouse

# Small for every run; `benchmarks.kills` makes it large.
USERS = int(os.environ.get("GATEHOUSE_TEST_USERS", "20000"))
LATENCY = 0.3  # seconds a request, so that there is time to do something meanwhile
OVER = (Standing.CURRENT, Standing.NOT_PERMITTED)


@dataclass
class Desk:
    """A large directory, a bot in a process of its own, and what it stored."""

    office: Office
    server: BulkServer
    database: Database
    settings: dict[str, str]
    folder: Path

    @asynccontextmanager
    async def life(self) -> AsyncIterator[BotProcess]:
        """A process of the bot, killed at the end."""
        log = self.folder / "output.log"
        before = log.read_text().count('"ready"') if log.exists() else 0
        async with gatehouse(
            "run", environment=self.settings, folder=self.folder
        ) as bot:
            await self.office.sees(
                lambda: bot.output.count('"ready"') > before, within=30
            )
            yield bot

    async def connects(self) -> None:
        """An administrator connects the company."""
        await self.office.types(ADA, "/entra connect")
        await self.office.sees_modal(ADA, "Directory (tenant) ID")
        await self.office.submits(ADA, **CONNECTION)
        await self.office.sees_message(ALERTS, "Bulk Ltd")

    async def states(self) -> list[DataSetState]:
        """How the directory stands."""
        async with self.database.snapshots() as session:
            return await data_sets.list_all(session, await self.connection())

    async def connection(self) -> ConnectionId:
        """The one tenant."""
        async with self.database.snapshots() as session:
            (tenant,) = await tenants.list_connected(session)
        return tenant.id

    async def is_over(self) -> bool:
        """Whether the first sync came to its end."""
        states = await self.states()
        return all(state.standing in OVER for state in states)

    async def moves_on(self, requests: int) -> None:
        """Wait until so many more requests were answered."""
        wanted = self.server.meter.requests + requests
        await self.office.sees(lambda: self.server.meter.requests >= wanted, within=30)


@asynccontextmanager
async def open_desk(folder: Path, *, latency: float = LATENCY) -> AsyncIterator[Desk]:
    """Everything but the bot, stopped at the end.

    Args:
        latency: seconds that Graph takes for each request.
    """
    options = {
        "shape": Shape.of(USERS, logs=0),
        "latency": latency,
        "throttled": False,
        "permissions": DIRECTORY,
    }
    async with Sandbox(
        manifest=MANIFEST, seed="bulk", entra_options=options
    ) as sandbox:
        server = sandbox._entra_server
        assert isinstance(server, BulkServer)
        office = Office(sandbox, settings_for(sandbox, folder / "data"))
        database = open_database(office.settings.effective_database_url)
        settings = environment(sandbox, folder / "data")
        try:
            yield Desk(office, server, database, settings, folder)
        finally:
            await database.close()
            await office.bot.core.close()
