"""The clock asks for each slot's scans once, and outlives what it starts."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, cast
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest

from bot.domain.ids import ConnectionId
from bot.jobs.clock import WORKFLOWS_KEPT, JobClock
from bot.services.registry import Services
from store import inbound
from store.engine import open_database
from tests.watching import guid

pytestmark = pytest.mark.quick

CONTOSO = ConnectionId(guid("contoso"))
FABRIKAM = ConnectionId(guid("fabrikam"))


@dataclass
class StillClock:
    """A clock that stands where the test puts it."""

    at: datetime

    def now(self) -> datetime:
        """Where it was put."""
        return self.at

    async def sleep(self, duration: timedelta) -> None:
        """Pass that time at once."""
        self.at += duration


@dataclass
class Started:
    """What the clock starts, in place of the services and the engine."""

    tenants: list[ConnectionId] = field(default_factory=lambda: [CONTOSO, FABRIKAM])
    asked: list[tuple[ConnectionId, str]] = field(default_factory=list)
    synced: list[tuple[ConnectionId, str]] = field(default_factory=list)
    every: timedelta = timedelta(hours=1)
    under_way: list[ConnectionId] = field(default_factory=list)
    sweeps: int = 0
    purged_before: datetime | None = None
    erased: int = 0
    broken: UUID | None = None
    changed: asyncio.Event = field(default_factory=asyncio.Event)

    async def until(self, look: Callable[[], bool]) -> None:
        """Wait until it is so, ten seconds at most."""
        async with asyncio.timeout(10):
            while not look():
                self.changed.clear()
                await self.changed.wait()

    async def watched_tenants(self) -> list[ConnectionId]:
        """Both, unless a test says otherwise."""
        return self.tenants

    async def is_scan_under_way(self, connection_id: ConnectionId) -> bool:
        """Only where a test says so."""
        return connection_id in self.under_way

    async def enqueue_scan(self, connection_id: ConnectionId, slot: str) -> None:
        """Note it; fail for the tenant that is broken."""
        if connection_id == self.broken:
            raise RuntimeError("the database hiccups")
        self.asked.append((connection_id, slot))
        self.changed.set()

    async def enqueue(self, connection_id: ConnectionId, slot: str) -> None:
        """Note a sync; fail for the tenant that is broken."""
        if connection_id == self.broken:
            raise RuntimeError("the database hiccups")
        self.synced.append((connection_id, slot))
        self.changed.set()

    async def sweep(self) -> None:
        """Count."""
        self.sweeps += 1
        self.changed.set()
        raise RuntimeError("a sweep that fails is not the last")

    async def purge_finished(self, before: datetime) -> int:
        """Note it."""
        self.purged_before = before
        return 0

    async def erase_left_over(self) -> None:
        """Count it."""
        self.erased += 1


@asynccontextmanager
async def ticking(
    started: Started, at: datetime, every: timedelta, folder: Path
) -> AsyncIterator[JobClock]:
    """A clock with a database of its own."""
    database = open_database(f"sqlite+aiosqlite:///{folder / 'clock.db'}")
    await database.upgrade()
    clock = StillClock(at)
    async with database.sessions.begin() as session:
        await inbound.claim(session, "old", at - timedelta(days=3))
        await inbound.claim(session, "new", at)
    started.every = every
    stand_in = cast(Any, started)
    services = Services(
        tenants=stand_in,
        watch=stand_in,
        offboarding=stand_in,
        directory=stand_in,
        refusals=stand_in,
    )
    jobs = JobClock(services, stand_in, database, clock, every, ZoneInfo("UTC"))
    try:
        yield jobs
    finally:
        await jobs.stop()
        async with database.sessions.begin() as session:
            # Tidied: the old key is new again, the other is still known.
            assert await inbound.claim(session, "old", at)
            assert not await inbound.claim(session, "new", at)
        await database.close()


NOON = datetime(2026, 11, 24, 12, 34, 56, tzinfo=UTC)
SIX_HOURS = timedelta(hours=6)


async def test_a_start_asks_for_the_present_slot_and_tidies(tmp_path: Path) -> None:
    """What a process missed while it was down is asked for when it is up."""
    started = Started()
    async with ticking(started, NOON, SIX_HOURS, tmp_path) as jobs:
        await jobs.start()
    slot = "20261124T120000Z"
    assert started.asked == [(CONTOSO, slot), (FABRIKAM, slot)]
    assert started.synced == started.asked
    assert started.purged_before == NOON - WORKFLOWS_KEPT
    assert started.erased == 1


async def test_one_tenants_failure_is_its_own(tmp_path: Path) -> None:
    """The other tenants are still scanned, and the start goes on."""
    started = Started(broken=CONTOSO)
    async with ticking(started, NOON, SIX_HOURS, tmp_path) as jobs:
        await jobs.start()
    assert started.asked == started.synced == [(FABRIKAM, "20261124T120000Z")]


async def test_a_scan_that_has_not_ended_gets_no_second_behind_it(
    tmp_path: Path,
) -> None:
    """Contoso does not answer; its scans do not pile up before Fabrikam's."""
    started = Started(under_way=[CONTOSO])
    async with ticking(started, NOON, SIX_HOURS, tmp_path) as jobs:
        await jobs.start()
    assert started.asked == [(FABRIKAM, "20261124T120000Z")]


async def test_every_slot_asks_for_every_tenant(tmp_path: Path) -> None:
    """With slots of a second, the next one comes soon, by itself."""
    started = Started()
    second = timedelta(seconds=1)
    async with ticking(started, NOON, second, tmp_path) as jobs:
        await jobs.start()
        started.asked.clear()
        started.synced.clear()
        await started.until(lambda: len({who for who, _ in started.asked}) == 2)
        await started.until(lambda: len({who for who, _ in started.synced}) == 2)
    assert {slot for _, slot in started.synced} >= {"20261124T123456Z"}
    assert {slot for _, slot in started.asked} == {"20261124T123456Z"}


async def test_a_job_that_fails_runs_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The sweep here always fails; the clock goes on."""
    monkeypatch.setattr("bot.jobs.clock.SWEEP_EVERY", timedelta(seconds=0.1))
    started = Started()
    async with ticking(started, NOON, SIX_HOURS, tmp_path) as jobs:
        await jobs.start()
        await started.until(lambda: started.sweeps >= 2)
