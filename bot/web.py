"""The process's own HTTP server: health, readiness, metrics, and Slack in HTTP mode."""

import re
from collections.abc import Awaitable, Callable

from aiohttp import web
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from slack_bolt.adapter.aiohttp import to_aiohttp_response, to_bolt_request
from slack_bolt.async_app import AsyncApp

from bot.domain.errors import BotError

SLACK_PATH = "/slack/events"
BODY_MAX = 1024 * 1024  # Slack's largest payloads are views of 250 kB
_SIGNATURE = re.compile(r"^v0=[0-9a-f]{64}$")
_TIMESTAMP = re.compile(r"^[0-9]{1,12}$")

# Names of what is not ready; empty means ready.
Readiness = Callable[[], Awaitable[list[str]]]
# Brings gauges up to date that nobody sets as things happen.
Measure = Callable[[], Awaitable[None]]


class PortTakenError(BotError):
    """Something else listens on the port."""

    code = "port_taken"


class WebServer:
    """Serves one address until stopped."""

    def __init__(
        self, host: str, port: int, readiness: Readiness, measure: Measure
    ) -> None:
        self._host, self._port = host, port
        self._readiness, self._measure = readiness, measure
        self._app = web.Application(client_max_size=BODY_MAX)
        self._app.add_routes(
            [
                web.get("/healthz", self._healthz),
                web.get("/readyz", self._readyz),
                web.get("/metrics", self._metrics),
            ]
        )
        self._runner = web.AppRunner(self._app, access_log=None)
        self.port = port

    def serve_slack(self, bolt: AsyncApp) -> None:
        """Take Slack's deliveries over HTTP as well. Call before `start`."""

        async def deliver(request: web.Request) -> web.Response:
            if not is_plausible(request):
                return web.Response(status=401, text="unsigned")
            try:
                bolt_request = await to_bolt_request(request)
            except (ValueError, AttributeError):
                # Bolt reads a body before it checks whose it is: no JSON, no object.
                return web.Response(status=400, text="unreadable")
            return await to_aiohttp_response(await bolt.async_dispatch(bolt_request))

        self._app.router.add_post(SLACK_PATH, deliver)

    async def start(self) -> None:
        """Bind and serve; port 0 takes a free one, told by `port`.

        Raises:
            PortTakenError: the port is in use.
        """
        await self._runner.setup()
        site = web.TCPSite(self._runner, self._host, self._port)
        try:
            await site.start()
        except OSError as error:
            await self._runner.cleanup()
            raise PortTakenError(
                f"Cannot listen on {self._host}:{self._port} ({error.strerror}).",
                remedy="Stop what uses it, or set GATEHOUSE_HTTP_PORT to another "
                "port (0 takes any free one).",
            ) from error
        self.port = int(self._runner.addresses[0][1])

    async def stop(self) -> None:
        """Stop serving."""
        await self._runner.cleanup()

    async def _healthz(self, _: web.Request) -> web.Response:
        """The process runs and its loop turns."""
        return web.json_response({"status": "ok"})

    async def _readyz(self, _: web.Request) -> web.Response:
        """Slack and the database can be reached."""
        missing = await self._readiness()
        body = {"status": "ready" if not missing else "not ready", "missing": missing}
        return web.json_response(body, status=200 if not missing else 503)

    async def _metrics(self, _: web.Request) -> web.Response:
        """Everything that is counted or measured, as Prometheus reads it."""
        await self._measure()
        return web.Response(
            body=generate_latest(), headers={"Content-Type": CONTENT_TYPE_LATEST}
        )


def is_plausible(request: web.Request) -> bool:
    """Whether signature headers have their form.

    Bolt checks the signature itself, but answers odd headers with a traceback and
    logs bodies of bad ones (measured with 1.30), so those never reach it.
    """
    signature = request.headers.get("X-Slack-Signature", "")
    timestamp = request.headers.get("X-Slack-Request-Timestamp", "")
    return bool(_SIGNATURE.match(signature) and _TIMESTAMP.match(timestamp))
