"""`kill -9` at random moments of a first sync: the truth in the end, hardly twice."""

import asyncio
import os
import random
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

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
from tests.scenarios.sync_desk import TOLD, told_of, truth_of
from tests.store.directory import stored

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]

# Small for every run; `benchmarks.kills` does the same with a large directory.
KILLS = int(os.environ.get("GATEHOUSE_TEST_KILLS", "10"))
USERS = int(os.environ.get("GATEHOUSE_TEST_USERS", "20000"))
OVER = (Standing.CURRENT, Standing.NOT_PERMITTED)
LATENCY = 0.3  # seconds a request, so that there is time for all kills
# What is on its way: eight pages of each large data set, batches of twenty requests.
LOST_BY_A_KILL = 100


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
async def open_desk(folder: Path) -> AsyncIterator[Desk]:
    """Everything but the bot, stopped at the end."""
    options = {
        "shape": Shape.of(USERS, logs=0),
        "latency": LATENCY,
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


async def undisturbed(folder: Path) -> int:
    """How many requests a first sync takes that nobody kills."""
    async with open_desk(folder) as desk, desk.life():
        await desk.connects()
        async with asyncio.timeout(120):
            while not await desk.is_over():  # noqa: ASYNC110 - another process ends it
                await asyncio.sleep(0.1)
        return desk.server.meter.requests


async def test_kills_during_a_first_sync_cost_little_and_lose_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    chance = random.Random(20261125)  # noqa: S311 - moments, not secrets
    least = await undisturbed(tmp_path / "undisturbed")
    async with open_desk(tmp_path) as desk:
        for kills in range(KILLS):
            async with desk.life():
                if kills == 0:
                    await desk.connects()
                await desk.moves_on(chance.randint(1, 8))
                await asyncio.sleep(chance.uniform(0, LATENCY))
                assert not await desk.is_over(), f"over after {kills} kills"
        async with desk.life():
            async with asyncio.timeout(120):
                while not await desk.is_over():  # noqa: ASYNC110 - as above
                    await asyncio.sleep(0.1)
            again = desk.server.meter.requests - least
        connection = await desk.connection()
        for data_set in TOLD:
            found = await told_of(desk.database, connection, data_set)
            assert found == truth_of(desk.server.directory, data_set), data_set
        states = await desk.states()
        with capsys.disabled():
            print(  # noqa: T201 - what the test measured
                f"\nkills {KILLS}, requests of a sync {least}, more of them {again}"
            )
        for state in states:
            rows = await stored(desk.database, connection, state.data_set)
            assert state.rows == len(rows)
        assert again <= KILLS * LOST_BY_A_KILL
