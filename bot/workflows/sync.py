"""The sync of one tenant: what may be read of its directory, kept current."""

import asyncio
from collections.abc import Coroutine, Iterable, Sequence
from typing import Any, TypedDict
from uuid import UUID

import structlog
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.domain.alerts import Finding, Sight, reconcile
from bot.domain.directory import DataSetState, Standing
from bot.domain.errors import BotError, NotFoundError
from bot.domain.findings import sign_in_finding
from bot.domain.ids import ConnectionId
from bot.domain.syncs import is_done, judge
from bot.domain.tenants import Tenant, TenantStatus
from bot.engine import Engine, Lane, StepFailedError
from bot.graph.signin_errors import SignInError
from bot.graph.tenant_reading import TenantReader
from bot.ports import Clock
from bot.workflows.alert_record import AlertRecord
from bot.workflows.sync_reading import DataSetSync
from bot.workflows.sync_record import TURN_LASTS, SyncRecord, TurnLostError
from bot.workflows.tenant_graphs import TenantGraphs
from store import alerts, data_sets, tenants
from store.engine import Database

log = structlog.get_logger(__name__)

SYNC = "sync"
SIDE_BY_SIDE = 2  # data sets of one tenant: while one waits for Graph, one writes
# Slots that are no time of the clock's: somebody pressed a button, or runs a command.
ASKED, HERE = "asked", "here"
WRITERS = 4  # transactions of all syncs at once, on PostgreSQL


def workflow_id(connection_id: ConnectionId, slot: str) -> str:
    """The ID that makes the sync of one slot of time happen once."""
    return f"{SYNC}:{connection_id}:{slot}"


def reads_all(by: str | None) -> bool:
    """Whether a workflow reads what is not due yet as well: a person asked for it."""
    slot = (by or "").split(":", 2)[-1]
    return slot.startswith((f"{ASKED}:", f"{HERE}:"))


class Begun(TypedDict):
    """Whether a sync has its turn, and what its token may do."""

    has_turn: bool
    granted: list[str]


NO_TURN = Begun(has_turn=False, granted=[])


class Sync:
    """The parts of a sync. Repeating one does not read again what is committed."""

    def __init__(
        self, database: Database, tenant_graphs: TenantGraphs, clock: Clock
    ) -> None:
        self._database, self._tenant_graphs = database, tenant_graphs
        self._clock = clock
        self._writers = asyncio.Semaphore(1 if database.is_sqlite else WRITERS)

    async def begin(self, connection_id: str, by: str) -> Begun:
        """Take the turn and sign in anew: consent taken away shows in no older token.

        A tenant that does not let us in has every data set marked as failed that this
        sync would have read.
        """
        id = ConnectionId(UUID(connection_id))
        async with self._database.sessions.begin() as session:
            if await _find_connected(session, id) is None:
                return NO_TURN
            now = self._clock.now()
            if not await data_sets.claim(session, id, by, now, TURN_LASTS):
                return NO_TURN
        try:
            _, graph = await self._tenant_graphs.open(id)
            granted = await graph.granted(fresh=True)
        except NotFoundError:
            return NO_TURN  # disconnected meanwhile
        except BotError as error:
            await self._fail_all(self._record(id, by), error)
            await self._end(id, by, _refusal(error))
            return NO_TURN
        return Begun(has_turn=True, granted=sorted(granted))

    async def read(
        self, connection_id: str, by: str, granted: Sequence[str]
    ) -> dict[str, str]:
        """Bring all data sets up to date, a few at once; returns how each stands then.

        Those that this sync was through with before a crash, or that are not due, are
        left as they are.

        Raises:
            TurnLostError: the tenant is gone, or another sync took over.
        """
        id = ConnectionId(UUID(connection_id))
        try:
            tenant, graph = await self._tenant_graphs.open(id)
        except NotFoundError:
            raise TurnLostError from None
        record, reader = self._record(id, by), TenantReader(graph)
        sync = DataSetSync(record, reader, tenant.cloud)
        at_once = asyncio.Semaphore(SIDE_BY_SIDE)

        async def read_one(state: DataSetState) -> tuple[str, str]:
            async with at_once:
                after = await sync.run(state.data_set, granted)
            _log_synced(after)
            return str(after.data_set), str(after.standing)

        return dict(await all_or_none(map(read_one, await self._left(id, by))))

    async def _left(self, id: ConnectionId, by: str) -> list[DataSetState]:
        async with self._database.snapshots() as session:
            last = await data_sets.last_sync(session, id, self._clock.now())
            states = await data_sets.list_all(session, id)
        if last.by != by:
            raise TurnLostError
        began_at, all_of_it = last.started_at, reads_all(by)
        return [
            state
            for state in states
            if not is_done(state, began_at, reads_all=all_of_it)
        ]

    async def end(self, connection_id: str, by: str) -> None:
        """Tell what somebody must act on, and give the turn back."""
        await self._end(ConnectionId(UUID(connection_id)), by)

    async def _end(
        self, id: ConnectionId, by: str, refusal: Finding | None = None
    ) -> None:
        """The same; a sign-in that was refused is all that there is to tell."""
        now = self._clock.now()
        async with self._database.sessions.begin() as session:
            tenant = await _find_connected(session, id)
            if tenant is None:
                return
            states = await data_sets.list_all(session, id)
            open_alerts = await alerts.list_open(session, id)
            last = await data_sets.last_sync(session, id, now)
            findings, sight = judge(states, open_alerts, last.started_at)
            if refusal is not None:
                findings, sight = [refusal], Sight()
            changes = reconcile(open_alerts, findings, sight, now=now)
            await data_sets.release(session, id, by, now)
            await AlertRecord(session, tenant, now).apply(changes)

    def _record(self, id: ConnectionId, by: str) -> SyncRecord:
        return SyncRecord(self._database, self._clock, id, by, self._writers)

    async def _fail_all(self, record: SyncRecord, error: BotError) -> None:
        reason = f"{error.message} {error.remedy}"
        for state in await self._left(record.connection_id, record.by):
            progress = await record.progress(state.data_set)
            await record.end(progress, Standing.FAILED, reason)


class SyncWorkflow:
    """Registers the workflow."""

    def __init__(self, engine: Engine, sync: Sync) -> None:
        self._engine, self._sync = engine, sync

    def register(self) -> None:
        """Make the workflow known; before the engine starts."""
        self._engine.workflow(SYNC, lane=Lane.SYNC)(self.run)

    async def run(self, connection_id: str, by: str) -> dict[str, str]:
        """Bring a directory up to date.

        Reading is one step: how far it is stands in the database, page by page, and a
        step that runs again goes on from there.

        Args:
            by: this workflow's ID, which has the turn until its end.

        Returns:
            How each data set stands; nothing where another sync has the turn.
        """
        begun = await self._engine.step("begin", self._sync.begin, connection_id, by)
        if not begun["has_turn"]:
            return {}
        standings: dict[str, str] = {}
        try:
            standings = await self._engine.step(
                "read", self._sync.read, connection_id, by, begun["granted"]
            )
        except StepFailedError as error:
            if error.code == TurnLostError.code:
                return {}
            # The step logged it; the alerts and the turn are settled all the same.
        await self._engine.step("end", self._sync.end, connection_id, by)
        return standings


async def all_or_none(
    works: Iterable[Coroutine[Any, Any, tuple[str, str]]],
) -> list[tuple[str, str]]:
    """Wait for all; the first that raises ends the others, and its error is raised."""
    tasks = [asyncio.create_task(work) for work in works]
    try:
        return list(await asyncio.gather(*tasks))
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


def _refusal(error: BotError) -> Finding | None:
    """The fact that Microsoft does not let us in, as the scan tells it too."""
    if not isinstance(error, SignInError):
        return None
    return sign_in_finding(error.message, error.remedy, code=error.aadsts)


def _log_synced(state: DataSetState) -> None:
    log.info(
        "data_set_synced",
        connection_id=str(state.connection_id),
        data_set=str(state.data_set),
        standing=str(state.standing),
        rows=state.rows,
        pages=state.pages_done,
    )


async def _find_connected(session: AsyncSession, id: ConnectionId) -> Tenant | None:
    try:
        tenant = await tenants.get(session, id, lock=True)
    except NotFoundError:
        return None
    return None if tenant.status is TenantStatus.DISCONNECTED else tenant
