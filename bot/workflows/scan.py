"""The scan of one tenant: read what is watched, judge it, store and tell."""

import secrets
from dataclasses import replace
from typing import TypedDict
from uuid import UUID

import structlog
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.domain.alerts import Changes, reconcile
from bot.domain.errors import BotError, NotFoundError
from bot.domain.ids import ConnectionId
from bot.domain.messages import connection_key
from bot.domain.scans import Problem, Reading, judge, looks_different, scanned
from bot.domain.tenants import Tenant, TenantStatus
from bot.engine import Engine, Lane
from bot.graph.patience import INTERACTIVE, STEADY, Patience
from bot.ports import Clock
from bot.workflows.alert_record import AlertRecord
from bot.workflows.scan_reading import problem, read_tenant
from bot.workflows.tenant_graphs import TenantGraphs
from store import alerts, credentials, messages, tenants
from store.engine import PASSING, Database

log = structlog.get_logger(__name__)

SCAN = "scan"
TRIES = 3  # readings before one gives way to newer ones


def workflow_id(connection_id: ConnectionId, slot: str) -> str:
    """The ID that makes the scan of one slot of time happen once."""
    return f"{SCAN}:{connection_id}:{slot}"


async def ask_for_scan(
    engine: Engine, session: AsyncSession, connection_id: ConnectionId, slot: str
) -> None:
    """Queue one tenant's scan of one slot of time; twice is the same as once."""
    await engine.enqueue(
        session,
        SCAN,
        str(connection_id),
        workflow_id=workflow_id(connection_id, slot),
    )


class Counted(TypedDict):
    """What a scan did, for the engine's records and the log."""

    complete: bool
    opened: int
    escalated: int
    resolved: int


class Scan:
    """Scans one tenant. Whatever fails becomes an alert, and stays with that tenant."""

    def __init__(
        self, database: Database, tenant_graphs: TenantGraphs, clock: Clock
    ) -> None:
        self._database, self._tenant_graphs = database, tenant_graphs
        self._clock = clock

    async def run(
        self, connection_id: ConnectionId, *, somebody_waits: bool = False
    ) -> Reading | None:
        """Read, judge, store and tell. Returns what was read; None if it is gone.

        Args:
            somebody_waits: give up on a slow Graph sooner.
        """
        reading, _ = await self._scan(
            connection_id, INTERACTIVE if somebody_waits else STEADY
        )
        return reading

    async def counted(self, connection_id: str) -> Counted:
        """The same as a step of a workflow: JSON in, JSON out."""
        reading, changes = await self._scan(ConnectionId(UUID(connection_id)), STEADY)
        counted = Counted(
            complete=reading is not None and reading.is_complete,
            opened=len(changes.opened),
            escalated=len(changes.escalated),
            resolved=len(changes.resolved),
        )
        log.info("scanned", connection_id=connection_id, **counted)
        return counted

    async def _scan(
        self, connection_id: ConnectionId, patience: Patience
    ) -> tuple[Reading | None, Changes]:
        for _ in range(TRIES):
            reading = await self._read(connection_id, patience)
            if reading is None:
                break
            async with self._database.sessions.begin() as session:
                changes = await _store(session, connection_id, reading)
            if changes is not None:
                return reading, changes
        return None, Changes()

    async def _read(
        self, connection_id: ConnectionId, patience: Patience
    ) -> Reading | None:
        nothing = Reading(began_at=self._clock.now())
        try:
            tenant, graph = await self._tenant_graphs.open(connection_id)
            graph = graph.with_patience(patience).with_priority("low")
            return await read_tenant(graph, tenant.client_id)
        except NotFoundError:
            return None  # disconnected meanwhile
        except BotError as error:
            return replace(nothing, problems=(problem("the tenant", error),))
        except PASSING:
            raise  # our database's trouble says nothing about the tenant
        except Exception as error:  # noqa: BLE001 - a scan that fails is never silent
            return replace(nothing, problems=(_unforeseen(connection_id, error),))


class ScanWorkflow:
    """Registers the workflow."""

    def __init__(
        self,
        engine: Engine,
        database: Database,
        tenant_graphs: TenantGraphs,
        clock: Clock,
    ) -> None:
        self._engine = engine
        self._scan = Scan(database, tenant_graphs, clock)

    def register(self) -> None:
        """Make the workflow known; before the engine starts."""
        self._engine.workflow(SCAN, lane=Lane.BACKGROUND)(self.run)

    async def run(self, connection_id: str) -> Counted:
        """Scan one tenant.

        One step: between reading and storing there is nothing worth a checkpoint. A
        repeated scan reads anew, which is better than storing what was read before a
        crash, and the directory's credentials stay out of the engine's records.
        """
        counted: Counted = await self._engine.step(
            "scan", self._scan.counted, connection_id
        )
        return counted


async def _store(
    session: AsyncSession, connection_id: ConnectionId, reading: Reading
) -> Changes | None:
    """Write a reading and all that follows from it in one transaction.

    Returns:
        None where somebody checked the tenant after the reading began: it could undo
        what they found, so it has to be read anew.
    """
    before = await _find_connected(session, connection_id)
    if before is None:
        return Changes()
    if before.checked_at is not None and before.checked_at > reading.began_at:
        return None
    if reading.read_all_apps:
        await credentials.replace_all(
            session, connection_id, reading.credentials, reading.began_at
        )
    else:
        reading = await _with_memory(session, connection_id, reading)
    after = scanned(before, reading)
    await tenants.update(session, after)
    if looks_different(before, after):
        await messages.touch(session, connection_key(connection_id))
    open_alerts = await alerts.list_open(session, connection_id)
    findings, sight = judge(reading, before, after, open_alerts)
    changes = reconcile(open_alerts, findings, sight, now=reading.began_at)
    await AlertRecord(session, after, reading.began_at).apply(changes)
    return changes


async def _with_memory(
    session: AsyncSession, connection_id: ConnectionId, reading: Reading
) -> Reading:
    """Add what earlier scans read of the registrations that this one could not."""
    known = await credentials.list_ending(session, [connection_id])
    unread = (each for each in known if each.app_object_id not in reading.app_ids)
    return replace(reading, remembered=tuple(unread))


async def _find_connected(
    session: AsyncSession, connection_id: ConnectionId
) -> Tenant | None:
    try:
        tenant = await tenants.get(session, connection_id, lock=True)
    except NotFoundError:
        return None
    return None if tenant.status is TenantStatus.DISCONNECTED else tenant


def _unforeseen(connection_id: ConnectionId, error: Exception) -> Problem:
    reference = secrets.token_hex(3)
    log.error(
        "scan_failed",
        connection_id=str(connection_id),
        reference=reference,
        exc_info=error,
    )
    return Problem(
        "the tenant",
        f"Something went wrong inside Gatehouse (reference {reference}).",
        "Give the reference to whoever runs Gatehouse.",
        "unforeseen",
    )
