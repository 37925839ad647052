"""Start both simulators and the page in one process, and stop them again."""

import asyncio
import json
from pathlib import Path
from types import TracebackType
from typing import Any

from aiohttp import web

from sandbox.bulk import BulkServer
from sandbox.feed import ChangeFeed
from sandbox.graph import Entra, EntraServer, entra_control_routes
from sandbox.graph.entra import Seed
from sandbox.page.routes import page_routes
from sandbox.seeds.entra import demo_tenant, small_tenant
from sandbox.seeds.slack import MANIFEST, demo_workspace
from sandbox.slack import SlackWorkspace, slack_routes

CLOUDS = ("global", "gcchigh", "dod", "china")
SEEDS: dict[str, Seed] = {"demo": demo_tenant, "small": small_tenant}


BULK = "bulk"


def _entra_server(
    seed: str, port: int, options: dict[str, Any]
) -> EntraServer | BulkServer:
    if seed == BULK:
        return BulkServer(port=port, **options)
    return EntraServer(Entra(SEEDS[seed], **options), port=port)


class Sandbox:
    """Both simulators, served on loopback: `async with Sandbox() as sandbox:`.

    Args:
        port: of the page, the Slack API and the control API; 0 takes a free one.
        entra_port: of sign-in and Graph, over TLS; 0 takes a free one.
        page_host: where the page, the Slack API and the control API listen. The
            control API asks for no password, so keep it on loopback.
        seed: `demo`, a company of some sixty people, `small`, or `bulk`, a large
            generated one.
        graph_log: file to which every Graph request is appended as a JSON line.
        slack_options: passed on to the workspace, e.g. `mode`, `http_url`, `pace`.
        entra_options: passed on to Entra, e.g. `clock`; to BulkServer for `bulk`.

    Raises:
        OSError: on entering, where a port is taken.
    """

    def __init__(
        self,
        *,
        port: int = 0,
        entra_port: int = 0,
        page_host: str = "127.0.0.1",
        seed: str = "demo",
        manifest: Path = MANIFEST,
        graph_log: Path | None = None,
        slack_options: dict[str, Any] | None = None,
        entra_options: dict[str, Any] | None = None,
    ) -> None:
        self.feed = ChangeFeed()
        self.slack: SlackWorkspace = demo_workspace(
            manifest, feed=self.feed, **(slack_options or {})
        )
        self._entra_server = _entra_server(
            seed,
            entra_port,
            {"feed": self.feed, "graph_log": graph_log, **(entra_options or {})},
        )
        self.entra: Entra = self._entra_server.entra
        self._host, self._port = page_host, port
        self._runner = web.AppRunner(
            self._application(), access_log=None, shutdown_timeout=1.0
        )

    def _application(self) -> web.Application:
        app = web.Application(client_max_size=32 * 2**20)
        app.add_routes(slack_routes(self.slack))
        app.add_routes(entra_control_routes(self.entra))
        app.add_routes(page_routes())
        return app

    @property
    def page_url(self) -> str:
        """Return the page's address, with a slash at the end."""
        return f"http://{self._host}:{self._port}/"

    @property
    def slack_api_url(self) -> str:
        """Return where Slack's Web API is served, with a slash at the end."""
        return f"{self.page_url}api/"

    @property
    def entra_url(self) -> str:
        """Return the origin of sign-in and Graph of every cloud."""
        return self._entra_server.url

    @property
    def ca_file(self) -> Path:
        """Return the PEM file of the CA behind `entra_url`."""
        return self._entra_server.ca_file

    def bot_environment(self) -> dict[str, str]:
        """Return the environment variables that point a bot at this sandbox."""
        here = {"login": self.entra_url, "graph": self.entra_url}
        app = self.slack.app
        return {
            "SLACK_BOT_TOKEN": app.bot_token,
            "SLACK_APP_TOKEN": app.app_token,
            "SLACK_SIGNING_SECRET": app.signing_secret,
            "GATEHOUSE_SLACK_API_URL": self.slack_api_url,
            "GATEHOUSE_CLOUDS": json.dumps(dict.fromkeys(CLOUDS, here)),
            "GATEHOUSE_CA_BUNDLE": str(self.ca_file),
        }

    def ready_line(self) -> str:
        """Return the JSON line that tells a parent process where everything is."""
        return json.dumps(
            {
                "ready": True,
                "page": self.page_url,
                "slack_api": self.slack_api_url,
                "entra": self.entra_url,
                "ca": str(self.ca_file),
                "env": self.bot_environment(),
            }
        )

    async def start(self) -> None:
        """Listen. What was started is stopped again where a port is taken."""
        try:
            await self._entra_server.start()
            await self._runner.setup()
            await web.TCPSite(self._runner, self._host, self._port).start()
        except OSError:
            await self.stop()
            raise
        self._port = self._runner.addresses[0][1]
        self.slack.base_url = self.page_url.rstrip("/")

    async def stop(self) -> None:
        """Close sockets, streams and files."""
        self.feed.close()
        await self.slack.close()
        await self._runner.cleanup()
        await self._entra_server.stop()

    async def __aenter__(self) -> "Sandbox":
        await self.start()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self.stop()


def announce(sandbox: Sandbox, ready_file: Path | None) -> None:
    """Tell a parent process, on stdout and in a file, that everything listens.

    The file appears whole: whoever waits for it never reads half a line.
    """
    line = sandbox.ready_line()
    if ready_file is not None:
        draft = ready_file.with_suffix(f"{ready_file.suffix}.part")
        draft.write_text(f"{line}\n", encoding="utf-8")
        draft.replace(ready_file)
    print(line, flush=True)  # noqa: T201  # stdout is how a parent process is told


def withdraw(ready_file: Path | None) -> None:
    """Remove the ready file: nothing listens there any more."""
    if ready_file is not None:
        ready_file.unlink(missing_ok=True)


async def serve(sandbox: Sandbox, stop: asyncio.Event, ready_file: Path | None) -> None:
    """Run a sandbox until `stop` is set."""
    async with sandbox:
        announce(sandbox, ready_file)
        await stop.wait()
    withdraw(ready_file)
