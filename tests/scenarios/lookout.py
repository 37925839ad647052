"""A scan at work on the Entra simulator: what it stores, without Slack around it."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from bot.domain.alerts import Alert, AlertKind
from bot.domain.audit import AuditAction
from bot.domain.ids import ClientId, ConnectionId, TenantId
from bot.domain.scans import Reading
from bot.domain.tenants import AppCredential, SignInKind, Tenant
from bot.drawings import Drawings
from bot.graph.connections import GraphClients
from bot.workflows.alert_record import digest_key
from bot.workflows.scan import Scan
from bot.workflows.tenant_graphs import TenantGraphs
from sandbox.graph import Entra, EntraServer
from sandbox.graph.portal import Portal
from sandbox.seeds.entra import demo_tenant
from store import alerts, audit, credentials, messages, tenants
from store.engine import Database, open_database
from store.keyring import KeyRing
from tests.scenarios.people import CLIENT_ID, SECRET, TENANT_ID
from tests.scenarios.screen import words_in
from tests.watching import a_tenant, guid

CONTOSO = ConnectionId(guid("connection"))
LOST = ConnectionId(guid("lost"))


@dataclass
class MovedClock:
    """A clock that waits at once and is moved by tests."""

    at: datetime = field(default_factory=lambda: datetime.now(UTC))

    def now(self) -> datetime:
        """Where it stands."""
        return self.at

    async def sleep(self, duration: timedelta) -> None:
        """Pass that time at once."""
        self.at += duration


class Lookout:
    """A database, a scan, and the tenant it looks at."""

    def __init__(
        self,
        entra: Entra,
        database: Database,
        graphs: GraphClients,
        clock: MovedClock,
    ) -> None:
        self.entra, self.database, self.clock = entra, database, clock
        self.portal = Portal(entra)
        self.keys = KeyRing([KeyRing.generate_key()])
        self.scan = Scan(
            database, TenantGraphs(database, self.keys, graphs), self.clock
        )

    async def connect(self, **changes: Any) -> Tenant:
        """Store Contoso as connected with the seeded secret."""
        facts = {
            "id": CONTOSO,
            "tenant_id": TenantId(UUID(TENANT_ID)),
            "client_id": ClientId(UUID(CLIENT_ID)),
            "credential_hint": SECRET[:3],
        }
        tenant = a_tenant(**facts | changes)
        credential = AppCredential(SignInKind.SECRET, SECRET)
        async with self.database.sessions.begin() as session:
            await tenants.add(session, tenant, credential, self.keys)
        return tenant

    async def looks(
        self,
        *,
        later: timedelta = timedelta(seconds=1),
        connection: ConnectionId = CONTOSO,
    ) -> Reading:
        """Time passes, then one scan. Raises AssertionError where it is gone."""
        self.clock.at += later
        self.entra.offset += later
        reading = await self.scan.run(connection)
        assert reading is not None
        return reading

    async def open_alerts(self, kind: AlertKind | None = None) -> list[Alert]:
        """Open ones, oldest first."""
        async with self.database.sessions() as session:
            found = await alerts.list_open(session, CONTOSO)
        return [alert for alert in found if kind in (None, alert.kind)]

    async def names(self) -> list[str]:
        """Names of the apps with an open alert of a credential, soonest end first."""
        found = await self.open_alerts(AlertKind.CREDENTIAL_EXPIRY)
        return [
            alert.facts["app_name"]
            for alert in sorted(found, key=lambda alert: str(alert.ends_at))
        ]

    async def alert_of(self, app: str) -> Alert:
        """The open alert of an app's credential."""
        found = await self.open_alerts(AlertKind.CREDENTIAL_EXPIRY)
        return next(alert for alert in found if alert.facts["app_name"] == app)

    async def again(self, alert: Alert) -> Alert:
        """The alert as it is stored now."""
        async with self.database.sessions() as session:
            return await alerts.get(session, alert.id)

    async def wanted(self, alert: Alert, suffix: str = "") -> int:
        """How many changes of a card, or a reply, people should see; 0 if none."""
        async with self.database.sessions() as session:
            message = await messages.find_by_key(session, f"alert:{alert.id}{suffix}")
        return 0 if message is None else message.wanted

    async def digest_lines(self) -> list[str]:
        """What the only digest names, without dates."""
        (first, *_) = await self.open_alerts()
        async with self.database.sessions() as session:
            tenant = await tenants.get(session, CONTOSO)
            key = digest_key(tenant, first.opened_at)
            message = await messages.find_by_key(session, key)
        assert message is not None
        drawing = await Drawings(self.database).digest(message)
        assert drawing is not None
        lines = words_in(drawing.blocks).splitlines()
        return [line[2:].split(" · ")[0] for line in lines if line.startswith("•")]

    async def told(self, *actions: AuditAction) -> list[str]:
        """The audit trail's facts of these actions, in order."""
        async with self.database.sessions() as session:
            return [
                entry.facts["fact"]
                async for entry in audit.entries(session)
                if entry.action in actions
            ]

    async def stored(self) -> tuple[Tenant, int]:
        """The tenant, and how many credentials are stored of it."""
        async with self.database.sessions() as session:
            tenant = await tenants.get(session, CONTOSO)
            return tenant, await credentials.count(session, [CONTOSO])

    def key_ids(self, app: str) -> Sequence[str]:
        """Key IDs of an app's secrets and certificates."""
        found = self.entra.tenant.find_application(app)
        assert found is not None
        return [
            credential["keyId"]
            for kind in ("passwordCredentials", "keyCredentials")
            for credential in found[kind]
        ]


@asynccontextmanager
async def open_lookout(database_url: str) -> AsyncIterator[Lookout]:
    """Everything started on an empty database, and stopped at the end."""
    database = open_database(database_url)
    await database.upgrade()
    entra = Entra(demo_tenant)
    server = EntraServer(entra, port=0)
    await server.start()
    here = {"login": server.url, "graph": server.url}
    clouds = dict.fromkeys(("global", "gcchigh", "dod", "china"), here)
    clock = MovedClock()
    graphs = GraphClients(clouds, server.ca_file, clock)
    try:
        yield Lookout(entra, database, graphs, clock)
    finally:
        await graphs.aclose()
        await server.stop()
        await database.close()
