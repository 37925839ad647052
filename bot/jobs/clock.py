"""The clock: what runs when. It only starts things; the durable engine carries them.

Every replica has one. Two clocks that tick for the same slot ask for the same workflow
ID, so the work is done once; what a process missed while it was down, the next start
asks for.
"""

from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import structlog
from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.date import DateTrigger
from apscheduler.triggers.interval import IntervalTrigger

from bot.domain.ids import ConnectionId
from bot.domain.slots import delay_in_slot, slot_name, slot_start
from bot.engine import Engine
from bot.ports import Clock
from bot.services.inbound import Inbound
from bot.services.registry import Services
from store.engine import Database

log = structlog.get_logger(__name__)

Job = Callable[[], Awaitable[object]]

SWEEP_EVERY = timedelta(seconds=5)
TIDY_EVERY = timedelta(days=1)
LONGEST_DELAY = timedelta(minutes=5)  # between a slot's start and a tenant's scan
WORKFLOWS_KEPT = timedelta(days=14)  # longer than any workflow ID could come again


class JobClock:
    """Starts scans, syncs, sweeps and tidying up, on the running loop.

    Args:
        scan_every: how long a scan's slot is; a few seconds are allowed, for trials.
            A sync's is what its service says.
        timezone: the scheduler's; slots are cut in UTC whatever it is.
    """

    def __init__(
        self,
        services: Services,
        engine: Engine,
        database: Database,
        clock: Clock,
        scan_every: timedelta,
        timezone: ZoneInfo,
    ) -> None:
        self._services, self._engine, self._clock = services, engine, clock
        self._inbound = Inbound(database, clock)
        self._scan_every, self._sync_every = scan_every, services.directory.every
        self._scheduler = AsyncIOScheduler(
            timezone=timezone,
            job_defaults={"coalesce": True, "max_instances": 1},
        )

    async def start(self) -> None:
        """Begin to tick, and ask at once for what the present slot still lacks."""
        self._each_slot("scans", self._scan_every, self.ask_for_scans)
        self._each_slot("syncs", self._sync_every, self.ask_for_syncs)
        self._every("sweep", SWEEP_EVERY, self.sweep)
        self._every("tidy", TIDY_EVERY, self.tidy)
        self._scheduler.start()
        await self._guarded("missed scans", self.ask_for_missed_scans)()
        await self._guarded("missed syncs", self.ask_for_missed_syncs)()
        await self._guarded("first tidy", self.tidy)()

    async def stop(self) -> None:
        """Tick no more. What was asked for is the engine's."""
        if self._scheduler.running:
            self._scheduler.shutdown(wait=False)

    async def ask_for_scans(self) -> None:
        """Ask for this slot's scan of every tenant, not of all at the same time."""
        start = slot_start(self._clock.now(), self._scan_every)
        for connection_id in await self._services.watch.watched_tenants():
            delay = delay_in_slot(
                connection_id.int, self._scan_every, most=LONGEST_DELAY
            )
            self._once(f"scan:{connection_id}", delay, self._ask(connection_id, start))

    async def ask_for_missed_scans(self) -> None:
        """Ask for this slot's scan where it was not asked for yet, without delay."""
        start = slot_start(self._clock.now(), self._scan_every)
        for connection_id in await self._services.watch.watched_tenants():
            await self._guarded("scan", self._ask(connection_id, start))()

    async def ask_for_syncs(self) -> None:
        """Ask for this slot's sync of every tenant, not of all at the same time."""
        start = slot_start(self._clock.now(), self._sync_every)
        for connection_id in await self._services.watch.watched_tenants():
            # Other bits than for scans, so that one tenant's do not meet.
            delay = delay_in_slot(
                connection_id.int >> 64, self._sync_every, most=LONGEST_DELAY
            )
            job = self._ask_sync(connection_id, start)
            self._once(f"sync:{connection_id}", delay, job)

    async def ask_for_missed_syncs(self) -> None:
        """Ask for this slot's sync where it was not asked for yet, without delay."""
        start = slot_start(self._clock.now(), self._sync_every)
        for connection_id in await self._services.watch.watched_tenants():
            await self._guarded("sync", self._ask_sync(connection_id, start))()

    async def sweep(self) -> None:
        """Expire requests, and start approved ones whose time has come."""
        await self._services.offboarding.sweep()

    async def tidy(self) -> None:
        """Forget what only had to be remembered for a while."""
        await self._inbound.forget_old()
        await self._engine.purge_finished(self._clock.now() - WORKFLOWS_KEPT)
        await self._services.directory.erase_left_over()

    def _ask(self, connection_id: ConnectionId, start: datetime) -> Job:
        async def ask() -> None:
            watch = self._services.watch
            # Scans of a tenant that does not answer would pile up, and hold up those
            # of the others.
            if await watch.is_scan_under_way(connection_id):
                log.info("scan_left_out", connection_id=str(connection_id))
                return
            await watch.enqueue_scan(connection_id, slot_name(start))

        return ask

    def _ask_sync(self, connection_id: ConnectionId, start: datetime) -> Job:
        async def ask() -> None:
            directory = self._services.directory
            await directory.enqueue(connection_id, slot_name(start))

        return ask

    def _each_slot(self, name: str, every: timedelta, job: Job) -> None:
        next_slot = slot_start(self._clock.now(), every) + every
        self._every(name, every, job, first_at=next_slot)

    def _every(
        self, name: str, every: timedelta, job: Job, first_at: datetime | None = None
    ) -> None:
        trigger = IntervalTrigger(
            seconds=every.total_seconds(), start_date=self._by_wall_clock(first_at)
        )
        self._add(name, job, trigger)

    def _once(self, name: str, delay: timedelta, job: Job) -> None:
        at = self._by_wall_clock(self._clock.now() + delay)
        self._add(name, job, DateTrigger(at))

    def _add(self, name: str, job: Job, trigger: object) -> None:
        self._scheduler.add_job(
            self._guarded(name, job),
            trigger,
            id=name,
            name=name,
            replace_existing=True,
            misfire_grace_time=None,  # late is better than not at all
        )

    def _by_wall_clock(self, at: datetime | None) -> datetime | None:
        """The scheduler lives by the machine's clock, whatever ours is set to."""
        if at is None:
            return None
        return datetime.now(at.tzinfo) + (at - self._clock.now())

    def _guarded(self, name: str, job: Job) -> Callable[[], Awaitable[None]]:
        async def run() -> None:
            try:
                await job()
            except Exception as error:  # the clock outlives every job
                log.error("job_failed", job=name, exc_info=error)

        return run
