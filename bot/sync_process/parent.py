"""Who reads directories for the bot: processes of their own, one for each read."""

import asyncio
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from signal import Signals
from uuid import UUID

import structlog
from sqlalchemy.exc import TimeoutError as NoConnectionError

from bot.domain.errors import BotError, NotFoundError
from bot.domain.ids import ConnectionId
from bot.domain.tenants import Tenant
from bot.graph.quota import Quotas
from bot.sync_process.messages import Balance, Done, Failed, Task
from bot.sync_process.process import ReadingProcess
from bot.sync_process.quota_link import ParentLink, balance_of
from bot.workflows.sync_record import TurnLostError
from store import tenants
from store.engine import Database

log = structlog.get_logger(__name__)

# Service managers send SIGTERM to both processes at once, and either may hear first.
STOPS_TOO_WITHIN = timedelta(seconds=0.3)


class ReadDiedError(BotError):
    """The process that was reading ended without a word."""

    code = "sync_process_died"

    def __init__(self, status: int) -> None:
        cause = Signals(-status).name if status < 0 else f"status {status}"
        super().__init__(
            f"The process that was reading the directory ended early ({cause}).",
            remedy="Look whether the machine is short of memory; the next sync goes on "
            "where this one stopped.",
        )


class ReadFailedError(BotError):
    """The process that was reading told an error; `code` is that error's."""

    def __init__(self, failed: Failed) -> None:
        super().__init__(failed.message, remedy=failed.remedy)
        self.code = failed.code


class DatabaseAwayError(NoConnectionError):
    """The reading process met the database's passing trouble: to be tried again."""


@dataclass(frozen=True, repr=False)
class Means:
    """What a reading process needs of the settings. Holds keys and passwords.

    Attributes:
        data_dir: where the key file is, where no keys are given.
    """

    database_url: str
    encryption_keys: Sequence[str]
    data_dir: Path
    clouds: dict[str, dict[str, str]]
    ca_bundle: Path | None
    log_as_json: bool
    log_level: str

    def task(
        self, tenant: Tenant, by: str, granted: Sequence[str], balance: Balance
    ) -> Task:
        """One read with these means."""
        return Task(
            connection_id=str(tenant.id),
            tenant_id=tenant.tenant_id,
            client_id=tenant.client_id,
            by=by,
            granted=list(granted),
            database_url=self.database_url,
            encryption_keys=list(self.encryption_keys),
            data_dir=str(self.data_dir),
            clouds=self.clouds,
            ca_bundle=None if self.ca_bundle is None else str(self.ca_bundle),
            log_as_json=self.log_as_json,
            log_level=self.log_level,
            balance=balance,
        )


class SyncProcesses:
    """Reads directories in processes of their own; stands where `Sync` may.

    Args:
        quotas: of this process, which the reading ones share.
    """

    def __init__(self, database: Database, quotas: Quotas, means: Means) -> None:
        self._database, self._quotas, self._means = database, quotas, means
        self._running: set[ReadingProcess] = set()
        self._stopping = asyncio.Event()

    async def read(
        self, connection_id: str, by: str, granted: Sequence[str]
    ) -> dict[str, str]:
        """Bring all data sets up to date, as `Sync.read` does.

        Raises:
            TurnLostError: the tenant is gone.
            ReadFailedError: what `Sync.read` raised there, with its code.
            ReadDiedError: the process was ended from outside.
            DatabaseAwayError: the same may well succeed in a while.
            CancelledError: this process is about to end.
        """
        tenant = await self._tenant(connection_id)
        quota = self._quotas.of(tenant.tenant_id, tenant.client_id)
        task = self._means.task(tenant, by, granted, balance_of(quota))
        async with self._started(task) as process:
            end = await _heard(process, ParentLink(quota, self._quotas, process.tell))
        if end is None:
            raise await self._early_end(process)
        return _standings(end)

    async def stop(self) -> None:
        """End all reads; their workflows go on with them at the next start."""
        self._stopping.set()
        for process in self._running:
            process.let_go()

    async def _tenant(self, connection_id: str) -> Tenant:
        try:
            async with self._database.snapshots() as session:
                return await tenants.get(session, ConnectionId(UUID(connection_id)))
        except NotFoundError:
            raise TurnLostError from None

    @asynccontextmanager
    async def _started(self, task: Task) -> AsyncIterator[ReadingProcess]:
        """A process at work; it is ended and reaped whatever happens."""
        if self._stopping.is_set():
            raise asyncio.CancelledError
        began = time.monotonic()
        process = await ReadingProcess.begin(task)
        self._running.add(process)
        if self._stopping.is_set():  # `stop` did not see it, since it was beginning
            process.let_go()
        log.info("sync_process_began", workflow_id=task.by, pid=process.id)
        try:
            yield process
        finally:
            self._running.discard(process)
            await process.end()
            seconds = round(time.monotonic() - began, 1)
            log.info("sync_process_ended", status=process.status, seconds=seconds)

    async def _early_end(self, process: ReadingProcess) -> BaseException:
        """What it means that a process ended without a word."""
        with suppress(TimeoutError):
            async with asyncio.timeout(STOPS_TOO_WITHIN.total_seconds()):
                await self._stopping.wait()
        if self._stopping.is_set():
            # Nothing is recorded for the step, so it runs again at the next start.
            return asyncio.CancelledError("the process is about to end")
        error = ReadDiedError(process.status or 0)
        log.error("sync_process_died", status=process.status, remedy=error.remedy)
        return error


async def _heard(process: ReadingProcess, link: ParentLink) -> Done | Failed | None:
    """Keep one account until the process says how it ended; None where it does not."""
    telling = asyncio.create_task(link.run())
    try:
        while (said := await process.hear()) is not None:
            if isinstance(said, Done | Failed):
                return said
            link.hear(said)
    finally:
        telling.cancel()
    return None


def _standings(end: Done | Failed) -> dict[str, str]:
    if isinstance(end, Done):
        log.info("directory_read", peak_mib=round(end.peak_mib))
        return end.standings
    if end.is_passing:
        raise DatabaseAwayError(end.message)
    raise ReadFailedError(end)
