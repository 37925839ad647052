"""A sync at work on a generated directory: what it stores, without Slack around it."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any
from uuid import UUID

from bot.domain.alerts import Alert
from bot.domain.clouds import Cloud
from bot.domain.directory import DataSet, DataSetState
from bot.domain.ids import ClientId, ConnectionId, TenantId
from bot.domain.rows import DirectoryRow
from bot.domain.tenants import AppCredential, SignInKind, Tenant
from bot.graph.connections import GraphClients
from bot.workflows.erase import Erase
from bot.workflows.sync import ASKED, Sync, workflow_id
from bot.workflows.tenant_graphs import TenantGraphs
from sandbox.bulk import BulkServer, Shape
from sandbox.bulk.directory import BulkDirectory
from sandbox.graph.portal import Portal
from store import alerts, data_sets, tenants
from store.engine import Database, open_database
from store.keyring import KeyRing
from tests.scenarios.lookout import CONTOSO, MovedClock
from tests.scenarios.office import graph_log
from tests.scenarios.people import CLIENT_ID, SECRET, TENANT_ID
from tests.store.directory import stored
from tests.watching import a_tenant

Truth = set[tuple[Any, ...]]

TOLD = (
    DataSet.USERS,
    DataSet.GROUPS,
    DataSet.MEMBERSHIPS,
    DataSet.APPLICATIONS,
    DataSet.SERVICE_PRINCIPALS,
    DataSet.APP_ROLE_ASSIGNMENTS,
    DataSet.OAUTH_GRANTS,
)


class SyncDesk:
    """A database, a directory that changes, and syncs of it one after the other."""

    def __init__(
        self,
        server: BulkServer,
        database: Database,
        graphs: GraphClients,
        clock: MovedClock,
    ) -> None:
        self.server, self.database, self.clock = server, database, clock
        self.directory, self.faults = server.directory, server.entra.faults
        self.portal = Portal(server.entra)
        self.keys = KeyRing([KeyRing.generate_key()])
        self.sync = Sync(database, TenantGraphs(database, self.keys, graphs), clock)
        self._runs = 0

    async def connect(self, **changes: Any) -> Tenant:
        """Store Contoso as connected with the seeded secret."""
        facts = {
            "id": CONTOSO,
            "tenant_id": TenantId(UUID(TENANT_ID)),
            "client_id": ClientId(UUID(CLIENT_ID)),
        }
        tenant = a_tenant(**facts | changes)
        credential = AppCredential(SignInKind.SECRET, SECRET)
        async with self.database.sessions.begin() as session:
            await tenants.add(session, tenant, credential, self.keys)
        return tenant

    async def disconnects(self) -> None:
        """Remove Contoso, as an administrator does, and erase what was read of it."""
        async with self.database.sessions.begin() as session:
            await tenants.remove(session, CONTOSO)
        await Erase(self.database).run(str(CONTOSO))

    async def syncs(
        self, connection: ConnectionId = CONTOSO, slot: str = ASKED
    ) -> bool:
        """One sync from its beginning to its end; False if it had no turn.

        Args:
            slot: what asked for it; the clock's reads only what is due.
        """
        self._runs += 1
        self.clock.at += timedelta(seconds=1)
        id, by = str(connection), workflow_id(connection, f"{slot}:{self._runs}")
        begun = await self.sync.begin(id, by)
        if not begun["has_turn"]:
            return False
        await self.sync.read(id, by, begun["granted"])
        await self.sync.end(id, by)
        return True

    async def state(
        self, data_set: DataSet, connection: ConnectionId = CONTOSO
    ) -> DataSetState:
        """How a data set stands."""
        async with self.database.snapshots() as session:
            return await data_sets.get(session, connection, data_set)

    async def states(self) -> dict[DataSet, DataSetState]:
        """How all of them stand."""
        async with self.database.snapshots() as session:
            found = await data_sets.list_all(session, CONTOSO)
        return {state.data_set: state for state in found}

    async def open_alerts(self) -> list[Alert]:
        """Open ones, oldest first."""
        async with self.database.snapshots() as session:
            return await alerts.list_open(session, CONTOSO)

    async def rows(
        self, data_set: DataSet, connection: ConnectionId = CONTOSO
    ) -> set[DirectoryRow]:
        """What is stored of a data set."""
        return await stored(self.database, connection, data_set)

    async def everything(self) -> dict[DataSet, set[DirectoryRow]]:
        """What is stored of all of them."""
        return {each: await self.rows(each) for each in DataSet}

    async def told(self, data_set: DataSet) -> Truth:
        """What is stored, cut to what `truth` compares."""
        return await told_of(self.database, CONTOSO, data_set)

    def truth(self, data_set: DataSet) -> Truth:
        """What the simulator holds, read from Graph's own JSON objects."""
        return truth_of(self.directory, data_set)


async def told_of(
    database: Database, connection_id: ConnectionId, data_set: DataSet
) -> Truth:
    """What is stored of a data set, cut to what `truth_of` compares."""
    rows = await stored(database, connection_id, data_set)
    return {tuple(getattr(row, name) for name in _COMPARED[data_set]) for row in rows}


def truth_of(directory: BulkDirectory, data_set: DataSet) -> Truth:
    """What a simulator holds of a data set."""
    return {_FACTS[data_set](item) for item in directory.truth(data_set)}


def _id(value: str | None) -> UUID | None:
    return None if value is None else UUID(value)


_COMPARED = {
    DataSet.USERS: (
        "id",
        "display_name",
        "department",
        "account_enabled",
        "manager_id",
    ),
    DataSet.GROUPS: ("id", "display_name", "membership_rule"),
    DataSet.MEMBERSHIPS: ("group_id", "member_id", "member_kind"),
    DataSet.APPLICATIONS: ("id", "client_id", "display_name"),
    DataSet.SERVICE_PRINCIPALS: ("id", "client_id", "display_name", "account_enabled"),
    DataSet.APP_ROLE_ASSIGNMENTS: ("id", "app_role_id", "principal_id", "resource_id"),
    DataSet.OAUTH_GRANTS: ("id", "client_id", "consent_type", "principal_id"),
}
_FACTS: dict[DataSet, Any] = {
    DataSet.USERS: lambda item: (
        _id(item["id"]),
        item["displayName"],
        item["department"],
        item["accountEnabled"],
        _id((item.get("manager") or {}).get("id")),
    ),
    DataSet.GROUPS: lambda item: (
        _id(item["id"]), item["displayName"], item["membershipRule"],
    ),
    DataSet.MEMBERSHIPS: lambda item: (
        _id(item["groupId"]),
        _id(item["id"]),
        item["@odata.type"].removeprefix("#microsoft.graph."),
    ),
    DataSet.APPLICATIONS: lambda item: (
        _id(item["id"]), _id(item["appId"]), item["displayName"],
    ),
    DataSet.SERVICE_PRINCIPALS: lambda item: (
        _id(item["id"]),
        _id(item["appId"]),
        item["displayName"],
        item["accountEnabled"],
    ),
    DataSet.APP_ROLE_ASSIGNMENTS: lambda item: (
        item["id"],
        _id(item["appRoleId"]),
        _id(item["principalId"]),
        _id(item["resourceId"]),
    ),
    DataSet.OAUTH_GRANTS: lambda item: (
        item["id"],
        _id(item["clientId"]),
        item["consentType"],
        _id(item["principalId"]),
    ),
}  # fmt: skip


@asynccontextmanager
async def open_sync_desk(
    database_url: str, shape: Shape | None = None
) -> AsyncIterator[SyncDesk]:
    """Everything started on an empty database, and stopped at the end."""
    database = open_database(database_url)
    await database.upgrade()
    clock = MovedClock()
    made = shape or Shape.of(2_000)
    bulk = BulkServer(made, latency=0, clock=clock.now, graph_log=graph_log())
    async with bulk as server:
        here = {"login": server.url, "graph": server.url}
        clouds = {cloud.value: here for cloud in Cloud}
        graphs = GraphClients(clouds, server.ca_file, clock)
        try:
            yield SyncDesk(server, database, graphs, clock)
        finally:
            await graphs.aclose()
            await database.close()
