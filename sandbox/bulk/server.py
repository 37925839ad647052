"""Serve a generated directory over TLS on loopback."""

from functools import partial
from pathlib import Path
from types import TracebackType

from sandbox.bulk.directory import BulkDirectory
from sandbox.bulk.permissions import READING
from sandbox.bulk.service import BulkService
from sandbox.bulk.shape import Shape
from sandbox.bulk.throttle import LIMITS, Meter, size_of
from sandbox.feed import ChangeFeed
from sandbox.graph.entra import Clock, Entra, utc_now
from sandbox.graph.serve import EntraServer
from sandbox.graph.tokens import LIFETIME
from sandbox.seeds.bulk import bulk_tenant
from sandbox.seeds.entra_ids import BOT_CLIENT_ID

USUAL_LATENCY = 0.08  # seconds


class BulkServer:
    """`async with BulkServer(Shape.of(2_000)) as server:` gives `server.url`.

    Sign-in, `/organization`, roles, SKUs and every fault are those of the ordinary
    simulator, `server.entra`; the rest is `server.directory`. `server.meter` counts.

    Args:
        shape: how large the directory is.
        latency: seconds that each request takes.
        throttled: whether resource units are counted against the limit of the
            tenant's size, and requests for logs and reports against theirs.
        port: where to listen; 0 takes a free one.
        permissions: application permissions consented to the bot.
        clock: returns aware UTC datetimes; tests may move it.
        feed, graph_log: as for the ordinary simulator.
    """

    def __init__(
        self,
        shape: Shape | None = None,
        *,
        latency: float = USUAL_LATENCY,
        throttled: bool = True,
        port: int = 0,
        permissions: tuple[str, ...] = READING,
        clock: Clock = utc_now,
        feed: ChangeFeed | None = None,
        graph_log: Path | None = None,
    ) -> None:
        self.directory = BulkDirectory(shape, clock=clock)
        seed = partial(bulk_tenant, directory=self.directory, permissions=permissions)
        self.entra = Entra(seed, clock=clock, feed=feed, graph_log=graph_log)
        self.entra.limits.enforced = throttled
        limit = LIMITS[size_of(self.directory.shape.users)] if throttled else None
        self.service = BulkService(
            self.entra, self.directory, latency=latency, limit=limit
        )
        self._server = EntraServer(self.entra, port=port, respond=self.service)

    @property
    def meter(self) -> Meter:
        """Return the counters of what was asked."""
        return self.service.meter

    @property
    def url(self) -> str:
        """Return the origin of sign-in and Graph, once started."""
        return self._server.url

    @property
    def ca_file(self) -> Path:
        """Return the PEM file of the CA that clients must trust."""
        return self._server.ca_file

    def access_token(self) -> str:
        """Return a token of the bot, good for an hour, without a sign-in."""
        principal = self.entra.tenant.find_service_principal(BOT_CLIENT_ID)
        if principal is None:
            raise LookupError("The bot is not registered in this tenant.")
        issued = self.entra.tokens.issue(
            self.entra.tenant,
            principal,
            audience="https://graph.microsoft.com",
            now=self.entra.now(),
            lifetime=LIFETIME,
        )
        return issued.value

    async def start(self) -> None:
        """Listen. Raises OSError where the port is taken."""
        await self._server.start()

    async def stop(self) -> None:
        """Stop listening, and give files back."""
        await self._server.stop()
        self.directory.close()

    async def __aenter__(self) -> "BulkServer":
        await self.start()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self.stop()
