"""Serve the Entra simulator over TLS on loopback."""

import asyncio
import tempfile
from pathlib import Path
from types import TracebackType

from aiohttp import web

from sandbox.graph.app import Respond, download_app, entra_app
from sandbox.graph.certificates import Tls, make_tls
from sandbox.graph.entra import Entra

HOST = "127.0.0.1"


class EntraServer:
    """`async with EntraServer(entra) as server:` gives `server.url` and its CA file.

    Port 0 takes a free one. Certificates live in a temporary folder and go with it.
    Report files are served beside it, on a port of their own.
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
        self._downloads = web.AppRunner(
            download_app(entra), access_log=None, shutdown_timeout=1.0
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
        self._port = await self._listen(self._runner, self._port)
        files = await self._listen(self._downloads, 0)
        self.entra.downloads.root = f"https://{HOST}:{files}"

    async def _listen(self, runner: web.AppRunner, port: int) -> int:
        await runner.setup()
        context = self._tls.context
        await web.TCPSite(runner, HOST, port, ssl_context=context).start()
        taken: int = runner.addresses[0][1]
        return taken

    async def stop(self) -> None:
        """Stop listening and remove the certificates."""
        runners = (self._runner, self._downloads)
        servers = [runner.server for runner in runners if runner.server]
        open_connections = [c.transport for s in servers for c in s.connections]
        for runner in runners:
            await runner.cleanup()
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
