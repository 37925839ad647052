"""Syncs of the demo tenant as it would be in each cloud, each from the beginning."""

from collections.abc import AsyncIterator, Collection
from contextlib import asynccontextmanager
from datetime import timedelta
from uuid import UUID, uuid4

from bot.domain.clouds import Cloud
from bot.domain.directory import DataSet, DataSetState
from bot.domain.ids import ClientId, ConnectionId, TenantId
from bot.domain.tenants import AppCredential, SignInKind
from bot.graph.connections import GraphClients
from bot.workflows.sync import ASKED, Sync, workflow_id
from bot.workflows.tenant_graphs import TenantGraphs
from sandbox.graph import Entra, EntraServer
from sandbox.graph.licences import Plan, set_plan
from sandbox.graph.registrations import Consent
from sandbox.graph.tenant import Tenant
from store import data_sets, tenants
from store.engine import Database, open_database
from store.keyring import KeyRing
from tests.scenarios.lookout import MovedClock
from tests.scenarios.office import graph_log
from tests.scenarios.people import CLIENT_ID, SECRET, TENANT_ID
from tests.watching import a_tenant

Standings = dict[DataSet, DataSetState]


class CloudDesk:
    """A tenant in a cloud; permissions and licences come and go between syncs."""

    def __init__(
        self,
        entra: Entra,
        cloud: Cloud,
        database: Database,
        graphs: GraphClients,
        clock: MovedClock,
    ) -> None:
        self.entra, self.cloud, self.clock = entra, cloud, clock
        self._database, self._keys = database, KeyRing([KeyRing.generate_key()])
        tenant_graphs = TenantGraphs(database, self._keys, graphs)
        self._sync = Sync(database, tenant_graphs, clock)

    def asked(self) -> set[str]:
        """The paths that were asked for, without those inside batches."""
        return {
            entry.url.split("/v1.0", 1)[1].partition("?")[0]
            for entry in self.entra.journal.since()
            if entry.service == "graph" and entry.batch is None
        }

    def licensed(self, *, everything: bool) -> None:
        """Buy all plans that open a part of Graph, or let all of them end."""
        for plan in Plan:
            set_plan(self.entra.tenant, plan, on=everything)

    async def stands(self, granted: Collection[str], *, syncs: int = 1) -> Standings:
        """How all stands once a new connection has been synced so often."""
        consent = Consent(self.entra.tenant, CLIENT_ID)
        consent.revoke(consent.granted)
        consent.grant(sorted(granted), self.entra.now())
        connection = await self._connected()
        for _ in range(syncs):
            await self._syncs(connection)
        async with self._database.sessions.begin() as session:
            found = await data_sets.list_all(session, connection)
            await tenants.remove(session, connection)
        return {state.data_set: state for state in found}

    async def _connected(self) -> ConnectionId:
        tenant = a_tenant(
            id=ConnectionId(uuid4()),
            cloud=self.cloud,
            tenant_id=TenantId(UUID(TENANT_ID)),
            client_id=ClientId(UUID(CLIENT_ID)),
        )
        credential = AppCredential(SignInKind.SECRET, SECRET)
        async with self._database.sessions.begin() as session:
            await tenants.add(session, tenant, credential, self._keys)
        return tenant.id

    async def _syncs(self, connection: ConnectionId) -> None:
        self.clock.at += timedelta(hours=1)
        id, by = str(connection), workflow_id(connection, f"{ASKED}:{uuid4()}")
        begun = await self._sync.begin(id, by)
        assert begun["has_turn"]
        await self._sync.read(id, by, begun["granted"])
        await self._sync.end(id, by)


@asynccontextmanager
async def open_cloud_desk(
    database_url: str, cloud: Cloud, seeded: Tenant
) -> AsyncIterator[CloudDesk]:
    """Everything started on an empty database, and stopped at the end.

    Requests are recorded for the cloud, if whoever runs the tests wants them.
    """
    tenant, clock = seeded.clone(), MovedClock()
    tenant.cloud = cloud.value
    database = open_database(database_url)
    await database.upgrade()
    entra = Entra(lambda _: tenant, clock=clock.now, graph_log=graph_log(cloud))
    async with EntraServer(entra) as server:
        here = {cloud.value: {"login": server.url, "graph": server.url}}
        graphs = GraphClients(here, server.ca_file, clock)
        try:
            yield CloudDesk(entra, cloud, database, graphs, clock)
        finally:
            await graphs.aclose()
            await database.close()
