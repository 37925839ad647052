"""Serve the Entra simulator over TLS on loopback."""

import asyncio
import tempfile
from pathlib import Path
from types import TracebackType

from aiohttp import web

from sandbox.graph.app import Respond, entra_app
from sandbox.graph.certificates import Tls, make_tls
from sandbox.graph.entra import Entra

HOST = "127.0.0.1"


class EntraServer:
    """`async with EntraServer(entra) as server:` gives `server.url` and its CA file.

    Port 0 takes a free one. Certificates live in a temporary folder and go with it.
    `respond` answers Graph requests in place of the ordinary simulator.
    """

    def __init__(
        self, entra: Entra, *, port: int = 0, respond: Respond | None = None
    ) -> None:
        self.entra, self._port = entra, port
        self._folder = tempfile.TemporaryDirectory(prefix="entra-")
        # The wall clock, not the simulator's: clients check TLS by their own.
        self._tls: Tls = make_tls(Path(self._folder.name))
        self._runner = web.AppRunner(
            entra_app(entra, respond), access_log=None, shutdown_timeout=1.0
        )

    @property
    def ca_file(self) -> Path:
        """Return the PEM file of the CA that clients must trust."""
        return self._tls.ca_file

    @property
    def url(self) -> str:
        """Return the origin of login and Graph, once started."""
        return f"https://{HOST}:{self._port}"

    async def start(self) -> None:
        """Listen.

        Raises:
            OSError: the port is taken.
        """
        await self._runner.setup()
        site = web.TCPSite(
            self._runner,
            HOST,
            self._port,
            ssl_context=self._tls.context,
        )
        await site.start()
        self._port = self._runner.addresses[0][1]

    async def stop(self) -> None:
        """Stop listening and remove the certificates."""
        server = self._runner.server
        open_connections = [c.transport for c in server.connections] if server else []
        await self._runner.cleanup()
        for transport in open_connections:
            # A TLS close waits for the client's part of it; an idle one sends none.
            if transport is not None:
                transport.abort()
        await asyncio.sleep(0)  # lets the loop close what was aborted
        self._folder.cleanup()

    async def __aenter__(self) -> "EntraServer":
        await self.start()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self.stop()
