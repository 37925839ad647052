"""Durable workflows: begun with the fact that asks for them, ended come what may.

A workflow is an async function with JSON-able arguments. Its steps are recorded as
they end; after a crash the workflow runs again, is given the recorded results, and
goes on where no record is. So a step may run twice, a workflow's own lines run often,
and both arguments and results are stored for people to read: never a secret in them.
"""

import asyncio
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from functools import cached_property
from pathlib import Path
from typing import Any, TypeVar

import structlog
from dbos import DBOS, DBOSClient, EnqueueOptions
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.engine.connection import (
    SCHEMA,
    client_of,
    config_of,
    quieten,
    url_of,
)
from bot.engine.errors import EngineBusyError, StepFailedError
from bot.engine.file_lock import FileLock
from bot.engine.recording import recorded
from bot.engine.replicas import Replicas
from bot.engine.serializer import as_stored
from bot.engine.states import FINAL, LANES, STATUS, UNENDED, Lane, WorkflowState
from store.engine import Database

log = structlog.get_logger(__name__)

Work = Callable[..., Awaitable[Any]]
F = TypeVar("F", bound=Work)

_PURGE_AT_ONCE = 500  # workflows deleted in one transaction


class Engine:
    """Runs the workflows of one database in this process.

    Args:
        executor_id: this process's name among replicas, the same after a restart.
        app_version: stored with every workflow; those of another version wait for a
            process of that version. Change it only with a plan for them.
        heartbeat_every, dead_after: on PostgreSQL, see `Replicas`.
    """

    _started: "Engine | None" = None  # the engine beneath exists once a process

    def __init__(
        self,
        database: Database,
        executor_id: str,
        app_version: str = "gatehouse-1",
        *,
        heartbeat_every: timedelta = timedelta(seconds=10),
        dead_after: timedelta = timedelta(seconds=45),
    ) -> None:
        self._database = database
        self._executor_id, self._app_version = executor_id, app_version
        self._beats = {"every": heartbeat_every, "dead_after": dead_after}
        self._works: dict[str, tuple[Lane, Work]] = {}
        self._running: set[asyncio.Task[Any]] = set()
        self._draining = False
        self._lock: FileLock | None = None
        self._replicas: Replicas | None = None

    def workflow(self, name: str, *, lane: Lane = Lane.PROMPT) -> Callable[[F], F]:
        """Register an async function as the workflow of this name, before `start`."""

        def register(work: F) -> F:
            self._works[name] = (lane, work)
            return work

        return register

    async def step(self, name: str, func: Work, *args: Any) -> Any:
        """Run an async function once and record its result, or give the recorded one.

        It runs again if the process dies before the record is written.

        Returns:
            The result as JSON gives it back: tuples become lists.

        Raises:
            StepFailedError: the function raised; that too is recorded.
        """
        if self._draining:
            # Nothing is recorded for it, so the next start goes on with this step.
            raise asyncio.CancelledError("the process is about to end")
        outcome = await DBOS.run_step_async({"name": name}, recorded, name, func, args)
        if "failed" in outcome:
            raise StepFailedError.read(outcome["failed"])
        return outcome["value"]

    async def enqueue(
        self, session: AsyncSession, name: str, *args: Any, workflow_id: str
    ) -> str:
        """Ask for a workflow within the session's transaction.

        It begins after the commit and never without it. A workflow ID that was used
        before changes nothing: that workflow runs, or ran, and its arguments stay.

        Raises:
            KeyError: no workflow of this name is registered.
            TypeError: an argument that JSON does not have.
        """
        lane, _ = self._works[name]
        options = EnqueueOptions(
            workflow_name=name,
            queue_name=lane,
            workflow_id=workflow_id,
            app_version=self._app_version,
        )
        client, connection = self._client, await session.connection()
        await connection.run_sync(
            lambda bare: client.enqueue_in_transaction(bare, options, *args)
        )
        return workflow_id

    async def prepare(self) -> None:
        """Make the engine's own tables; done by `start` too."""
        url = url_of(self._database)
        quieten()
        await asyncio.to_thread(DBOS.migrate, url, schema=SCHEMA)
        for lane, rules in LANES.items():
            await self._client.register_queue_async(
                lane,
                worker_concurrency=rules.at_once,
                polling_interval_sec=rules.poll_every,
            )

    async def start(self) -> None:
        """Begin to run workflows on this loop, those a crash cut short first.

        The store's own migrations must have run: they switch SQLite's WAL on.

        Raises:
            EngineBusyError: another process has this SQLite file, or another engine
                runs in this process.
        """
        self._take_turn()
        try:
            await self.prepare()
            self._replicas = Replicas(
                self._database, self._client, self._executor_id, **self._beats
            )
            await self._replicas.announce()
            self._launch()
            await self._replicas.start()
        except BaseException:  # cancelled too: nothing half begun may stay behind
            await self._end()
            raise

    async def drain(self, timeout: timedelta) -> None:
        """Take nothing new, wait for the steps that run, give connections back.

        What is not done then goes on at the next start, or in another replica.

        Args:
            timeout: how long steps may still take; after it they are cut short, and
                will run again.
        """
        if Engine._started is not self:
            await self._close_client()
            return
        self._draining = True
        for event in self._dbos.background_thread_stop_events:
            event.set()
        if self._running:
            await asyncio.wait(self._running, timeout=timeout.total_seconds())
        for task in self._running:
            log.warning("workflow_cut_short", workflow=task.get_name())
            task.cancel()
        await asyncio.gather(*self._running, return_exceptions=True)
        await self._end()

    async def status(self, workflow_id: str) -> WorkflowState | None:
        """How a workflow stands, None if it was never asked for or is purged."""
        found = await self._client.list_workflows_async(workflow_ids=[workflow_id])
        if not found:
            return None
        return WorkflowState(
            id=found[0].workflow_id,
            name=found[0].name,
            status=STATUS[found[0].status],
            result=found[0].output,
            error=None if found[0].error is None else str(found[0].error),
        )

    async def is_under_way(self, prefix: str, *, since: datetime) -> bool:
        """Whether a workflow asked for since then, with such an ID, has not ended."""
        found = await self._client.list_workflows_async(
            workflow_id_prefix=prefix,
            status=UNENDED,
            start_time=since.astimezone(UTC).isoformat(),
            limit=1,
            load_input=False,
            load_output=False,
        )
        return bool(found)

    async def purge_finished(self, before: datetime) -> int:
        """Delete the records of workflows that ended before a time; returns how many.

        Their IDs can be used again then, so keep them longer than anything repeats.
        """
        deleted = 0
        while True:
            found = await self._client.list_workflows_async(
                status=FINAL,
                completed_before=before.astimezone(UTC).isoformat(),
                limit=_PURGE_AT_ONCE,
                load_input=False,
                load_output=False,
            )
            if not found:
                return deleted
            ids = [workflow.workflow_id for workflow in found]
            await self._client.delete_workflows_async(ids)
            deleted += len(ids)

    @cached_property
    def _client(self) -> DBOSClient:
        return client_of(self._database)

    def _take_turn(self) -> None:
        if Engine._started is not None:
            raise EngineBusyError(
                "Another engine already runs in this process.",
                remedy="Drain it before another is started.",
            )
        if self._database.is_sqlite:
            lock = FileLock(Path(str(self._database.url.database)))
            lock.acquire()
            self._lock = lock
        Engine._started = self

    def _launch(self) -> None:
        self._dbos = DBOS(
            config=config_of(self._database, self._executor_id, self._app_version)
        )
        for name, (_, work) in self._works.items():
            DBOS.workflow(name=name)(self._tracked(name, work))
        DBOS.launch()  # within the running loop, so that workflows run on it

    def _tracked(self, name: str, work: Work) -> Work:
        async def run(*args: Any) -> Any:
            task = asyncio.current_task()
            if task is not None:
                task.set_name(f"{name}:{DBOS.workflow_id}")
                self._running.add(task)
                task.add_done_callback(self._running.discard)
            return as_stored(await work(*args))

        return run

    async def _end(self) -> None:
        if self._replicas is not None:
            await self._replicas.stop()
        # The engine made its own thread pool the loop's; it is about to shut it down.
        asyncio.get_running_loop().set_default_executor(ThreadPoolExecutor())
        await asyncio.to_thread(DBOS.destroy, destroy_registry=True)
        await self._close_client()
        if self._lock is not None:
            self._lock.release()
        self._draining = False
        Engine._started = None

    async def _close_client(self) -> None:
        client = self.__dict__.pop("_client", None)  # only if it was ever used
        if client is not None:
            await asyncio.to_thread(client.destroy)
