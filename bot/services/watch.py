"""Hearing in time: alerts and what people do with them, scans, what the lists show."""

import asyncio
from dataclasses import dataclass
from datetime import timedelta

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.domain.alerts import Alert, AlertKind, snoozed_until
from bot.domain.audit import AuditAction
from bot.domain.errors import BotError, NotFoundError
from bot.domain.findings import SCAN_KEY, SIGN_IN_KEY
from bot.domain.ids import AlertId, ConnectionId, SlackUserId, WorkspaceId
from bot.domain.overviews import (
    EndingCredential,
    SecretsOverview,
    TenantConsent,
    WatchedTenant,
)
from bot.domain.permissions import Feature
from bot.domain.tenants import Tenant
from bot.engine import Engine
from bot.graph.patience import INTERACTIVE
from bot.ports import Clock
from bot.workflows.alert_record import AlertRecord, card_key
from bot.workflows.scan import Scan, ask_for_scan, workflow_id
from bot.workflows.scan_reading import read_consent
from bot.workflows.tenant_graphs import TenantGraphs
from store import alerts, credentials, messages, tenants
from store.engine import Database

ROWS_SHOWN = 20  # of /entra secrets
SCAN_STUCK_AFTER = timedelta(hours=1)  # then the next one is asked for all the same
AT_ONCE = 5  # tenants asked at the same time for /entra consent


@dataclass(frozen=True)
class Checked:
    """An alert after "Check again"; `problems` say what could not be read."""

    alert: Alert
    problems: tuple[str, ...] = ()


class WatchService:
    """What people do with alerts. Who may is asked before, by the caller."""

    def __init__(
        self,
        database: Database,
        tenant_graphs: TenantGraphs,
        engine: Engine,
        clock: Clock,
    ) -> None:
        self._database, self._tenant_graphs = database, tenant_graphs
        self._engine, self._clock = engine, clock
        self._scan = Scan(database, tenant_graphs, clock)

    async def alert(
        self, alert_id: AlertId, workspace_id: WorkspaceId
    ) -> tuple[Alert, Tenant]:
        """An alert and its tenant.

        Raises:
            NotFoundError: it is gone with its tenant, or another workspace's.
        """
        async with self._database.prompt_snapshots() as session:
            alert = await alerts.get(session, alert_id)
            tenant = await tenants.get(session, alert.connection_id)
        if tenant.workspace_id != workspace_id:
            raise NotFoundError(
                "This alert belongs to another workspace.",
                remedy="See /entra status for what is watched here.",
            )
        return alert, tenant

    async def acknowledge(
        self, alert_id: AlertId, *, by: SlackUserId
    ) -> tuple[Alert, bool]:
        """Note that somebody takes care. It still escalates.

        Returns:
            The alert, and False where somebody was faster or it is resolved.

        Raises:
            NotFoundError: it is gone with its tenant.
        """
        now = self._clock.now()
        async with self._database.prompt_sessions.begin() as session:
            done = await alerts.record_acknowledged(session, alert_id, by, now)
            alert = await alerts.get(session, alert_id)
            if done:
                await self._changed(session, alert, AuditAction.ALERT_ACKNOWLEDGED, by)
        return alert, done

    async def snooze(self, alert_id: AlertId, *, by: SlackUserId) -> Alert:
        """Hold replies back for a week, or until at most a day is left.

        Raises:
            NotFoundError: it is gone with its tenant.
        """
        until = snoozed_until(self._clock.now())
        async with self._database.prompt_sessions.begin() as session:
            done = await alerts.record_snoozed(session, alert_id, by, until)
            alert = await alerts.get(session, alert_id)
            if done:
                await self._changed(session, alert, AuditAction.ALERT_SNOOZED, by)
        return alert

    async def check_again(self, alert_id: AlertId) -> Checked:
        """Scan the alert's tenant now, with a fresh token.

        Raises:
            NotFoundError: it is gone with its tenant.
        """
        async with self._database.snapshots() as session:
            alert = await alerts.get(session, alert_id)
        reading = await self._scan.run(alert.connection_id, somebody_waits=True)
        async with self._database.sessions.begin() as session:
            alert = await alerts.get(session, alert_id)
            # Also without news: the card says when the fact was last seen.
            await messages.touch(session, card_key(alert_id))
        if reading is None or alert.kind is AlertKind.SCAN_FAILING:
            return Checked(alert)
        problems = [problem.message for problem in reading.problems]
        if reading.refusal is not None and alert.kind is not AlertKind.SIGN_IN_FAILING:
            problems.append(reading.refusal.message)
        return Checked(alert, tuple(problems))

    async def secrets(self, workspace_id: WorkspaceId) -> SecretsOverview:
        """Credentials of the workspace's tenants as last read, soonest end first."""
        async with self._database.snapshots() as session:
            found = await tenants.list_for_workspace(session, workspace_id)
            watched = [await _watched(session, tenant) for tenant in found]
            ids = [tenant.id for tenant in found]
            first = await credentials.soonest(session, ids, ROWS_SHOWN)
            all_there_are = await credentials.count(session, ids)
        by_id = {tenant.id: tenant for tenant in found}
        return SecretsOverview(
            tenants=watched,
            ending=[EndingCredential(by_id[id], each) for id, each in first],
            more=all_there_are - len(first),
            as_of=self._clock.now(),
        )

    async def consent(self, workspace_id: WorkspaceId) -> list[TenantConsent]:
        """What each tenant has granted, read now; one tenant's failure is its own."""
        async with self._database.snapshots() as session:
            found = await tenants.list_for_workspace(session, workspace_id)
        at_once = asyncio.Semaphore(AT_ONCE)

        async def ask(tenant: Tenant) -> TenantConsent:
            async with at_once:
                return await self._consent_of(tenant)

        return list(await asyncio.gather(*map(ask, found)))

    async def enqueue_scan(self, connection_id: ConnectionId, slot: str) -> None:
        """Ask for one tenant's scan of one slot of time; twice is the same as once."""
        async with self._database.sessions.begin() as session:
            await ask_for_scan(self._engine, session, connection_id, slot)

    async def is_scan_under_way(self, connection_id: ConnectionId) -> bool:
        """Whether a tenant's scan has not ended, unless it was begun long ago."""
        since = self._clock.now() - SCAN_STUCK_AFTER
        prefix = workflow_id(connection_id, "")
        return await self._engine.is_under_way(prefix, since=since)

    async def watched_tenants(self) -> list[ConnectionId]:
        """Every connection that is to be scanned."""
        async with self._database.snapshots() as session:
            return [tenant.id for tenant in await tenants.list_connected(session)]

    async def _changed(
        self,
        session: AsyncSession,
        alert: Alert,
        action: AuditAction,
        by: SlackUserId,
    ) -> None:
        await messages.touch(session, card_key(alert.id))
        tenant = await tenants.get(session, alert.connection_id)
        record = AlertRecord(session, tenant, self._clock.now())
        record.note(action, alert, by)
        await record.seal()

    async def _consent_of(self, tenant: Tenant) -> TenantConsent:
        try:
            _, graph = await self._tenant_graphs.open(tenant.id)
            graph = graph.with_patience(INTERACTIVE)
            report = await read_consent(graph, tenant.client_id)
        except BotError as error:
            return TenantConsent(tenant, problem=error)
        return TenantConsent(tenant, report)


async def _watched(session: AsyncSession, tenant: Tenant) -> WatchedTenant:
    """How the last scan went, told from the alerts that it left open."""
    open_alerts = await alerts.list_open(session, tenant.id)
    blind = {SIGN_IN_KEY, SCAN_KEY}
    failures = [
        alert.facts.get("message", "")
        for alert in open_alerts
        if alert.fact_key in blind
    ]
    if any(alert.fact_key == f"consent:{Feature.WATCH}" for alert in open_alerts):
        failures.append("The permission to read app registrations is not granted.")
    return WatchedTenant(tenant, tuple(failures))
