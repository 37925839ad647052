"""Signs of life of this process, and workflows of those that give none.

The engine itself resumes only what was begun under its own executor ID, and only at
its start. Whatever else is pending belongs to a process that ended: on SQLite to any
other ID, since the file has one process; on PostgreSQL to those without a heartbeat.
"""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta

import structlog
from dbos import DBOS, DBOSClient
from sqlalchemy import func, select, text
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.engine.replica_name import ReplicaName
from store import replicas
from store.engine import Database

log = structlog.get_logger(__name__)

_LOCK = 0x72656170  # "reap": one replica looks for dead ones at a time


class Replicas:
    """This process among its likes.

    Args:
        every: time between two signs of life.
        dead_after: silence after which a process counts as dead; several times
            `every`, or a slow database makes living ones look dead.
    """

    def __init__(
        self,
        database: Database,
        client: DBOSClient,
        executor_id: str,
        *,
        every: timedelta,
        dead_after: timedelta,
    ) -> None:
        self._database, self._client = database, client
        self._executor_id = executor_id
        self._every, self._dead_after = every, dead_after
        self._name = ReplicaName(database, executor_id, dead_after)
        self._beating: asyncio.Task[None] | None = None

    async def announce(self) -> None:
        """Give the first sign of life, before any workflow is begun.

        Raises:
            EngineBusyError: another process lives under this name.
        """
        if not self._database.is_sqlite:
            await self._name.take()
            await self._beat()

    async def start(self) -> None:
        """Resume what ended processes left: now and, on PostgreSQL, time and again."""
        if self._database.is_sqlite:
            await self._resume_orphans(living=[self._executor_id])
            return
        await self._reap()
        self._beating = asyncio.create_task(self._keep_beating())

    async def stop(self) -> None:
        """Give no more signs; others may take over at once what is left."""
        await self._attempt(self._name.release)
        if self._beating is None:
            return
        self._beating.cancel()
        await asyncio.gather(self._beating, return_exceptions=True)
        self._beating = None
        await self._attempt(self._leave)

    async def _keep_beating(self) -> None:
        while True:
            await asyncio.sleep(self._every.total_seconds())
            await self._attempt(self._beat)
            await self._attempt(self._reap)

    async def _attempt(self, act: Callable[[], Awaitable[None]]) -> None:
        try:
            await act()
        except Exception as error:
            # Whatever is wrong with the database now, the next beat tries again, and
            # a process that ends must end.
            log.warning("heartbeat_failed", exc_info=error)

    async def _leave(self) -> None:
        async with self._database.sessions.begin() as session:
            await replicas.remove(session, self._executor_id)

    async def _beat(self) -> None:
        async with self._database.sessions.begin() as session:
            now = await _database_now(session)
            await replicas.heartbeat(session, self._executor_id, now)

    async def _reap(self) -> None:
        async with self._database.sessions.begin() as session:
            if not await _got_lock(session):
                return
            before = await _database_now(session) - self._dead_after
            for dead in await replicas.dead(session, before):
                log.warning("replica_died", executor_id=dead)
                await replicas.remove(session, dead)
            await self._resume_orphans(await replicas.living(session, before))

    async def _resume_orphans(self, living: list[str]) -> None:
        pending = await self._client.list_workflows_async(
            status="PENDING", load_input=False, load_output=False
        )
        owners = {str(workflow.executor_id) for workflow in pending}
        orphaned = sorted(owners.difference(living))
        if orphaned:
            log.info("resuming_orphans", executor_ids=orphaned)
            # No public call resumes only what still belongs to these executors.
            await asyncio.to_thread(DBOS._recover_pending_workflows, orphaned)


async def _database_now(session: AsyncSession) -> datetime:
    # The database's clock, since those of two hosts differ.
    connection = await session.connection()
    now: datetime = (await connection.execute(select(func.now()))).scalar_one()
    return now


async def _got_lock(session: AsyncSession) -> bool:
    connection = await session.connection()
    statement = text("SELECT pg_try_advisory_xact_lock(:key)")
    return bool((await connection.execute(statement, {"key": _LOCK})).scalar_one())
