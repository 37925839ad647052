"""Graph clients of all connected tenants, each signed in with its own credential."""

import hashlib
from dataclasses import dataclass
from pathlib import Path

from bot.domain.clouds import Cloud
from bot.domain.ids import ClientId, ConnectionId, TenantId
from bot.domain.tenants import AppCredential, Tenant
from bot.graph import clouds
from bot.graph.caller import OnRequest
from bot.graph.client import GraphClient
from bot.graph.clouds import CloudHosts, Overrides
from bot.graph.patience import INTERACTIVE, STEADY, Patience
from bot.graph.quota import Quotas
from bot.graph.tokens import SignIn
from bot.graph.transport import async_client
from bot.ports import Clock, SystemClock


@dataclass(frozen=True)
class _Kept:
    fingerprint: str
    client: GraphClient


class GraphClients:
    """Makes clients, and keeps one for each connection while its credential stays.

    Args:
        cloud_overrides: addresses in place of Microsoft's, by cloud value.
        ca_bundle: file of CAs to trust beside the public ones.
        on_request: is handed every Graph request sent, without what signs in.

    Attributes:
        quotas: what each tenant lets each app ask, shared by all its clients.

    Raises:
        CloudSettingError: an override cannot be used.
    """

    def __init__(
        self,
        cloud_overrides: Overrides | None = None,
        ca_bundle: Path | None = None,
        clock: Clock | None = None,
        *,
        on_request: OnRequest | None = None,
    ) -> None:
        self._hosts = {cloud: clouds.hosts(cloud, cloud_overrides) for cloud in Cloud}
        self._ca_bundle, self._on_request = ca_bundle, on_request
        self._clock: Clock = clock or SystemClock()
        self._http = async_client(ca_bundle)
        self.quotas = Quotas(self._clock)
        self._kept: dict[ConnectionId, _Kept] = {}

    def hosts(self, cloud: Cloud) -> CloudHosts:
        """A cloud's addresses as they are used here."""
        return self._hosts[cloud]

    def fresh(
        self,
        cloud: Cloud,
        tenant_id: TenantId,
        client_id: ClientId,
        credential: AppCredential,
        *,
        patience: Patience = INTERACTIVE,
    ) -> GraphClient:
        """Make a client that remembers nothing: no token, no earlier refusal."""
        hosts = self._hosts[cloud]
        sign_in = SignIn(
            hosts, tenant_id, client_id, credential, self._ca_bundle, self._clock
        )
        return GraphClient(
            hosts,
            sign_in,
            self._http,
            self._clock,
            patience=patience,
            on_request=self._on_request,
            quota=self.quotas.of(tenant_id, client_id),
        )

    def for_tenant(self, tenant: Tenant, credential: AppCredential) -> GraphClient:
        """Give the connection's client; a changed credential or app makes a new one."""
        fingerprint = _fingerprint(tenant, credential)
        kept = self._kept.get(tenant.id)
        if kept is None or kept.fingerprint != fingerprint:
            client = self.fresh(
                tenant.cloud,
                tenant.tenant_id,
                tenant.client_id,
                credential,
                patience=STEADY,
            )
            kept = self._kept[tenant.id] = _Kept(fingerprint, client)
        return kept.client

    def forget(self, connection_id: ConnectionId) -> None:
        """Drop a connection's client with its token; the next call signs in again."""
        self._kept.pop(connection_id, None)

    async def aclose(self) -> None:
        """Close all connections to Graph; those to login close after each sign-in."""
        self._kept.clear()
        await self._http.aclose()


def _fingerprint(tenant: Tenant, credential: AppCredential) -> str:
    """Tell credentials apart without keeping one more copy of them."""
    parts = (
        tenant.cloud.value,
        str(tenant.tenant_id),
        str(tenant.client_id),
        credential.kind.value,
        credential.value,
    )
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()
