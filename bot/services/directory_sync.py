"""Keeping directories current: asking for syncs, showing them, settling held ones."""

from datetime import timedelta
from uuid import UUID, uuid4

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.domain.audit import AuditAction, AuditEntry
from bot.domain.directory import DataSet, DataSetState, Standing
from bot.domain.errors import NotFoundError
from bot.domain.ids import ConnectionId, SlackUserId, WorkspaceId
from bot.domain.slots import slot_start
from bot.domain.syncs import TenantSync, held_key
from bot.domain.tenants import Tenant
from bot.engine import Engine
from bot.ports import Clock
from bot.workflows import erase
from bot.workflows.sync import ASKED, HERE, SYNC, Sync, reads_all, workflow_id
from store import audit, data_sets, directory, directory_erasing, tenants
from store.engine import Database

ERASING_STUCK_AFTER = timedelta(days=2)  # then it is asked for all the same


class NotHeldError(NotFoundError):
    """What a button was shown for is not held back (any more)."""

    code = "not_held"

    def __init__(self) -> None:
        super().__init__(
            "Nothing of this is held back any more, or not as it was shown.",
            remedy="See `/entra sync` for how the directory stands now.",
        )


class DirectorySyncService:
    """What people and the clock do with syncs. Who may is asked before, by the caller.

    Args:
        every: the time between two syncs of a tenant.
    """

    def __init__(
        self,
        database: Database,
        sync: Sync,
        engine: Engine,
        clock: Clock,
        every: timedelta,
    ) -> None:
        self._database, self._sync, self._engine = database, sync, engine
        self._clock, self.every = clock, every

    async def enqueue(self, connection_id: ConnectionId, slot: str) -> None:
        """Ask for a tenant's sync of one slot of time; twice is the same as once."""
        id = workflow_id(connection_id, slot)
        async with self._database.sessions.begin() as session:
            await self._engine.enqueue(
                session, SYNC, str(connection_id), id, workflow_id=id
            )

    async def erase_left_over(self) -> None:
        """Ask again to erase what was given up on, as after hours without a database.

        Erasing that is under way is left to itself.
        """
        now = self._clock.now()
        async with self._database.snapshots() as session:
            found = await directory_erasing.left_over(session)
        for id in found:
            under_way, since = erase.workflow_id(id, ""), now - ERASING_STUCK_AFTER
            if await self._engine.is_under_way(under_way, since=since):
                continue
            async with self._database.sessions.begin() as session:
                await erase.ask_to_erase(self._engine, session, id, now.isoformat())

    async def ask_now(self, connection_id: ConnectionId, key: str) -> bool:
        """Ask for a sync that does not wait for its slot; False if one runs already.

        Args:
            key: of the click; the same one asks once.
        """
        async with self._database.snapshots() as session:
            last = await data_sets.last_sync(session, connection_id, self._clock.now())
        if last.is_running:
            return False
        await self.enqueue(connection_id, f"{ASKED}:{key}")
        return True

    async def run_here(self, connection_id: ConnectionId) -> bool:
        """Sync in this process, now, without the engine; False if one runs already."""
        id, by = str(connection_id), workflow_id(connection_id, f"{HERE}:{uuid4()}")
        begun = await self._sync.begin(id, by)
        if not begun["has_turn"]:
            return False
        try:
            await self._sync.read(id, by, begun["granted"])
        finally:
            await self._sync.end(id, by)
        return True

    async def overview(self, workspace_id: WorkspaceId) -> list[TenantSync]:
        """Every connected tenant's directory as it stands, by the tenant's name."""
        async with self._database.snapshots() as session:
            found = await tenants.list_for_workspace(session, workspace_id)
            return [await self._overview(session, tenant) for tenant in found]

    async def of(self, connection_id: ConnectionId) -> TenantSync:
        """One tenant's. Raises NotFoundError where there never was one."""
        async with self._database.snapshots() as session:
            tenant = await tenants.get(session, connection_id)
            return await self._overview(session, tenant)

    async def find_held(
        self, workspace_id: WorkspaceId, key: UUID
    ) -> tuple[Tenant, DataSet]:
        """The held data set that a button's key means, in the clicker's workspace.

        Raises:
            NotHeldError: there is none (any more).
        """
        for each in await self.overview(workspace_id):
            for state in each.states:
                if _is_held(state, key):
                    return each.tenant, state.data_set
        raise NotHeldError

    async def accept_shrinkage(
        self,
        connection_id: ConnectionId,
        data_set: DataSet,
        key: UUID,
        *,
        by: SlackUserId,
    ) -> int:
        """Remove what the read that was held did not see; returns how many rows.

        Args:
            key: of the button, which is of what was shown.

        Raises:
            NotHeldError: a later read settled it or found other numbers, or somebody
                else was faster.
        """
        now = self._clock.now()
        async with self._database.sessions.begin() as session:
            tenant = await tenants.get(session, connection_id)
            await data_sets.pause(session, connection_id)
            state = await data_sets.get(session, connection_id, data_set)
            if not _is_held(state, key):
                raise NotHeldError
            removed = await directory.sweep(
                session, connection_id, data_set, state.generation
            )
            await data_sets.save(session, _settled(state, removed))
            entry = AuditEntry(
                at=now,
                workspace_id=tenant.workspace_id,
                actor=by,
                action=AuditAction.SHRINKAGE_ACCEPTED,
                subject=f"tenant:{connection_id}",
                facts={"data_set": str(data_set), "removed": str(removed)},
            )
            await audit.append(session, entry)
        await self.enqueue(connection_id, f"accepted:{data_set}:{state.generation}")
        return removed

    async def _overview(self, session: AsyncSession, tenant: Tenant) -> TenantSync:
        now = self._clock.now()
        last = await data_sets.last_sync(session, tenant.id, now)
        return TenantSync(
            tenant=tenant,
            states=await data_sets.list_all(session, tenant.id),
            next_at=slot_start(now, self.every) + self.every,
            started_at=last.started_at,
            ended_at=last.ended_at,
            is_running=last.is_running,
            reads_all=last.is_running and reads_all(last.by),
        )


def _is_held(state: DataSetState, key: UUID) -> bool:
    return state.standing is Standing.HELD and held_key(state) == key


def _settled(state: DataSetState, removed: int) -> DataSetState:
    """Partial until the next read, which begins at once and closes the alert too."""
    return DataSetState(
        **vars(state)
        | {
            "standing": Standing.PARTIAL,
            "rows": state.rows - removed,
            "reason": "What is gone was removed; it is being read once more.",
        }
    )
