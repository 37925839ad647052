"""From a connection's ID to a signed-in Graph client, decrypting on the way."""

from bot.domain.ids import ConnectionId
from bot.domain.tenants import Tenant
from bot.graph.client import GraphClient
from bot.graph.connections import GraphClients
from store import tenants
from store.engine import Database
from store.keyring import KeyRing


class TenantGraphs:
    """Opens Graph for stored connections. The credential never leaves this door."""

    def __init__(self, database: Database, keys: KeyRing, graphs: GraphClients) -> None:
        self._database, self._keys, self._graphs = database, keys, graphs

    async def open(self, connection_id: ConnectionId) -> tuple[Tenant, GraphClient]:
        """Read a connection and give its client.

        Raises:
            NotFoundError: not connected (any more).
            DecryptionError: its credential does not open with the present keys.
        """
        async with self._database.snapshots() as session:
            tenant = await tenants.get(session, connection_id)
            credential = await tenants.credential_of(session, tenant.id, self._keys)
        return tenant, self._graphs.for_tenant(tenant, credential)
