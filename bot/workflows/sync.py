"""The sync of one tenant: what may be read of its directory, kept current."""

from collections.abc import Sequence
from typing import TypedDict
from uuid import UUID

import structlog
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.domain.alerts import reconcile
from bot.domain.directory import DataSet, Standing
from bot.domain.errors import BotError, NotFoundError
from bot.domain.ids import ConnectionId
from bot.domain.syncs import SIGHT, sync_findings
from bot.domain.tenants import Tenant, TenantStatus
from bot.engine import Engine, Lane, StepFailedError
from bot.graph.reading import DirectoryReader
from bot.ports import Clock
from bot.workflows.alert_record import AlertRecord
from bot.workflows.sync_reading import DataSetSync
from bot.workflows.sync_record import TURN_LASTS, SyncRecord, TurnLostError
from bot.workflows.tenant_graphs import TenantGraphs
from store import alerts, data_sets, tenants
from store.engine import Database

log = structlog.get_logger(__name__)

SYNC = "sync"


def workflow_id(connection_id: ConnectionId, slot: str) -> str:
    """The ID that makes the sync of one slot of time happen once."""
    return f"{SYNC}:{connection_id}:{slot}"


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

        A tenant that does not let us in has every data set marked as failed.
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
            await self.end(connection_id, by)
            return NO_TURN
        return Begun(has_turn=True, granted=sorted(granted))

    async def read(
        self, connection_id: str, by: str, data_set: str, granted: Sequence[str]
    ) -> str:
        """Bring one data set up to date; returns how it stands then.

        Raises:
            TurnLostError: the tenant is gone, or another sync took over.
        """
        id = ConnectionId(UUID(connection_id))
        try:
            _, graph = await self._tenant_graphs.open(id)
        except NotFoundError:
            raise TurnLostError from None
        sync = DataSetSync(self._record(id, by), DirectoryReader(graph))
        state = await sync.run(DataSet(data_set), granted)
        log.info(
            "data_set_synced",
            connection_id=connection_id,
            data_set=data_set,
            standing=str(state.standing),
            rows=state.rows,
            pages=state.pages_done,
        )
        return str(state.standing)

    async def end(self, connection_id: str, by: str) -> None:
        """Tell what somebody must act on, and give the turn back."""
        id = ConnectionId(UUID(connection_id))
        now = self._clock.now()
        async with self._database.sessions.begin() as session:
            tenant = await _find_connected(session, id)
            if tenant is None:
                return
            states = await data_sets.list_all(session, id)
            open_alerts = await alerts.list_open(session, id)
            changes = reconcile(open_alerts, sync_findings(states), SIGHT, now=now)
            await data_sets.release(session, id, by, now)
            await AlertRecord(session, tenant, now).apply(changes)

    def _record(self, id: ConnectionId, by: str) -> SyncRecord:
        return SyncRecord(self._database, self._clock, id, by)

    async def _fail_all(self, record: SyncRecord, error: BotError) -> None:
        reason = f"{error.message} {error.remedy}"
        for data_set in DataSet:
            progress = await record.progress(data_set)
            await record.end(progress, Standing.FAILED, reason)


class SyncWorkflow:
    """Registers the workflow."""

    def __init__(self, engine: Engine, sync: Sync) -> None:
        self._engine, self._sync = engine, sync

    def register(self) -> None:
        """Make the workflow known; before the engine starts."""
        self._engine.workflow(SYNC, lane=Lane.BACKGROUND)(self.run)

    async def run(self, connection_id: str, by: str) -> dict[str, str]:
        """Bring a directory up to date, a step for each data set.

        Args:
            by: this workflow's ID, which has the turn until its end.

        Returns:
            How each data set stands; nothing where another sync has the turn.
        """
        begun = await self._engine.step("begin", self._sync.begin, connection_id, by)
        standings: dict[str, str] = {}
        if not begun["has_turn"]:
            return standings
        for data_set in DataSet:
            try:
                standings[data_set.value] = await self._engine.step(
                    f"read {data_set.value}",
                    self._sync.read,
                    connection_id,
                    by,
                    data_set.value,
                    begun["granted"],
                )
            except StepFailedError as error:
                if error.code == TurnLostError.code:
                    return standings
                # The step logged it. One data set's failure is not another's.
                standings[data_set.value] = error.code
        await self._engine.step("end", self._sync.end, connection_id, by)
        return standings


async def _find_connected(session: AsyncSession, id: ConnectionId) -> Tenant | None:
    try:
        tenant = await tenants.get(session, id, lock=True)
    except NotFoundError:
        return None
    return None if tenant.status is TenantStatus.DISCONNECTED else tenant
