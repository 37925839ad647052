"""The sync of one tenant: what may be read of its directory, kept current."""

import asyncio
from collections.abc import Coroutine, Iterable, Sequence
from contextlib import suppress
from typing import Any, TypedDict
from uuid import UUID

import structlog
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.domain.alerts import Finding, Sight, reconcile
from bot.domain.directory import DataSet, DataSetState, Standing
from bot.domain.errors import BotError, NotFoundError
from bot.domain.findings import sign_in_finding
from bot.domain.ids import ConnectionId
from bot.domain.syncs import is_done, judge
from bot.domain.tenants import Tenant, TenantStatus
from bot.graph.signin_errors import SignInError
from bot.graph.tenant_reading import TenantReader
from bot.ports import Clock
from bot.workflows.alert_record import AlertRecord
from bot.workflows.sync_reading import DataSetSync
from bot.workflows.sync_record import TURN_LASTS, SyncRecord, TurnLostError
from bot.workflows.tenant_graphs import TenantGraphs
from store import alerts, data_sets, tenants
from store.bulk import Bulk, bulk
from store.engine import Database

log = structlog.get_logger(__name__)

SYNC = "sync"
# Slots that are no time of the clock's: somebody pressed a button, or runs a command.
ASKED, HERE = "asked", "here"
# Largest first: what takes longest begins first, and the others fill its waits.
LARGEST = (DataSet.MEMBERSHIPS, DataSet.USERS, DataSet.APP_ROLE_ASSIGNMENTS)


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
            async with bulk(self._database) as writer:
                reason = f"{error.message} {error.remedy}"
                await self._fail_all(self._record(id, by, writer), reason)
            await self._end(id, by, _refusal(error))
            return NO_TURN
        return Begun(has_turn=True, granted=sorted(granted))

    async def read(
        self, connection_id: str, by: str, granted: Sequence[str]
    ) -> dict[str, str]:
        """Bring all data sets up to date, side by side; returns how each stands then.

        What bounds them is shared: the quota's places for background requests, and
        the writers.

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
        left = sorted(await self._left(id, by), key=_place)
        if graph.quota is not None and (users := await self._users(id)):
            graph.quota.size(users)
        async with bulk(self._database) as writer:
            record = self._record(id, by, writer)
            sync = DataSetSync(record, TenantReader(graph), tenant.cloud)
            works = (_run(sync, state, granted) for state in left)
            return dict(await all_or_none(works))

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

    async def _users(self, id: ConnectionId) -> int:
        """How many were there at the last sync; 0 where nobody knows."""
        async with self._database.snapshots() as session:
            return (await data_sets.get(session, id, DataSet.USERS)).rows

    async def end(self, connection_id: str, by: str, why: str = "") -> None:
        """Tell what somebody must act on, and give the turn back.

        Args:
            why: what ended the read early: it is said of all that was not read, which
                keeps its mark to go on from. Nothing where it came to its end.
        """
        id = ConnectionId(UUID(connection_id))
        if why:
            with suppress(TurnLostError):  # whoever has the turn tells how it goes
                async with bulk(self._database) as writer:
                    await self._fail_all(self._record(id, by, writer), why)
        await self._end(id, by)

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

    def _record(self, id: ConnectionId, by: str, writer: Bulk) -> SyncRecord:
        return SyncRecord(self._database, self._clock, id, by, writer)

    async def _fail_all(self, record: SyncRecord, reason: str) -> None:
        for state in await self._left(record.connection_id, record.by):
            progress = await record.progress(state.data_set)
            await record.end(progress, Standing.FAILED, reason)


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


async def _run(
    sync: DataSetSync, state: DataSetState, granted: Sequence[str]
) -> tuple[str, str]:
    after = await sync.run(state.data_set, granted)
    _log_synced(after)
    return str(after.data_set), str(after.standing)


def _place(state: DataSetState) -> int:
    """Its place in the order of beginning; those that are alike keep their order."""
    at = state.data_set
    return LARGEST.index(at) if at in LARGEST else len(LARGEST)


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
