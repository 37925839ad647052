"""`kill -9` at random moments of a first sync: the truth in the end, hardly twice."""

import asyncio
import os
import random
from pathlib import Path

import pytest

from tests.scenarios.bulk_desk import LATENCY, open_desk
from tests.scenarios.sync_desk import TOLD, told_of, truth_of
from tests.store.directory import stored

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]

# Small for every run; `benchmarks.kills` does the same with a large directory.
KILLS = int(os.environ.get("GATEHOUSE_TEST_KILLS", "10"))
# What is on its way: eight pages of each large data set, batches of twenty requests.
LOST_BY_A_KILL = 100


async def undisturbed(folder: Path) -> int:
    """How many requests a first sync takes that nobody kills."""
    async with open_desk(folder, latency=0) as desk, desk.life():
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
