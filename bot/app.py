"""Builds the whole bot once, from settings to listeners, and runs it until stopped.

The only module that knows everybody.
"""

import asyncio
import contextlib
import gc
import signal
from contextlib import AsyncExitStack
from datetime import timedelta
from zoneinfo import ZoneInfo

import aiohttp
import structlog
from slack_bolt.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_sdk.web.async_client import AsyncWebClient
from sqlalchemy import text

from bot.backlog import backlog_of
from bot.bolt import bolt_app
from bot.core import build_core
from bot.domain.ids import SlackUserId
from bot.drawings import Drawings
from bot.jobs.clock import JobClock
from bot.notify import Sender
from bot.ports import Clock
from bot.services.channels import Channels
from bot.services.inbound import Inbound
from bot.settings import Settings
from bot.slack_client import (
    IN_BASIC_INFORMATION,
    OR_HTTP,
    prove_bot_token,
    required,
    slack_client,
)
from bot.socket_mode import SocketMode
from bot.web import WebServer
from handlers.deliveries import Tasks
from handlers.unended import tell_unended, tell_unended_elsewhere

log = structlog.get_logger(__name__)

DRAIN_WITHIN = timedelta(seconds=25)  # service managers often kill after 30 s


class Bot:
    """The running bot.

    Args:
        reads_apart: directories are read in processes of their own, so that no read
            slows a click.
    """

    def __init__(
        self,
        settings: Settings,
        *,
        clock: Clock | None = None,
        reads_apart: bool = False,
    ) -> None:
        self._settings = settings
        self.core = build_core(settings, clock=clock, reads_apart=reads_apart)
        self._http = False
        self._tasks = Tasks()
        self._inbound = Inbound(
            self.core.database, self.core.clock, settings.replica_id
        )
        self._stop = asyncio.Event()
        self._ending = AsyncExitStack()
        self._sending: asyncio.Task[None] | None = None
        self._socket: SocketMode | None = None

    async def run(self, *, http: bool = False) -> None:
        """Start, serve until SIGTERM, SIGINT or `stop`, then drain.

        Raises:
            BotError: it cannot start; the message says why and what to do.
        """
        self._listen_for_signals()
        try:
            await self._start_unless_stopped(http)
            await self._stop.wait()
        finally:
            await self.drain()

    def stop(self) -> None:
        """Ask `run` to end."""
        self._stop.set()

    async def start(self, *, http: bool = False) -> None:
        """Start every part, the outermost last. What was begun, `drain` ends."""
        core, settings, ending = self.core, self._settings, self._ending
        self._http = http
        ending.push_async_callback(core.close)
        await core.prepare()
        self._session = aiohttp.ClientSession()
        ending.push_async_callback(self._session.close)
        client = self._slack_client(retry=True)
        identity = await prove_bot_token(client)
        self._app = self._bolt(client, identity)
        self._sender = self._new_sender()
        ending.push_async_callback(self._finish_sending)
        ending.push_async_callback(core.engine.drain, DRAIN_WITHIN / 3)
        # Before anything else uses the database: on SQLite the engine's launch holds
        # up the loop, and with it whoever has a transaction open.
        await core.engine.start()
        self._sending = asyncio.create_task(self._sender.run())
        ending.push_async_callback(self._inbound.close)
        ending.push_async_callback(self._tasks.drain, DRAIN_WITHIN / 3)
        await tell_unended(client, self._inbound)
        ending.push_async_callback(
            _ended, asyncio.create_task(tell_unended_elsewhere(client, self._inbound))
        )
        measure = backlog_of(core.database)
        at = (settings.http_host, settings.http_port)
        self._web = WebServer(*at, self.not_ready, measure)
        if http:
            self._web.serve_slack(self._app)
        ending.push_async_callback(self._web.stop)
        await self._web.start()
        jobs = self._clock_of_jobs()
        ending.push_async_callback(jobs.stop)
        await self._connect_socket()
        await jobs.start()
        gc.freeze()  # no collection goes through all modules again while people wait
        log.info("ready", mode="http" if http else "socket", port=self._web.port)

    async def drain(self) -> None:
        """Take nothing new, let what runs end, then give everything back."""
        log.info("draining")
        if self.core.processes is not None:
            await self.core.processes.stop()
        await self._ending.aclose()
        log.info("stopped")

    async def _start_unless_stopped(self, http: bool) -> None:
        starting = asyncio.create_task(self.start(http=http))
        stopping = asyncio.create_task(self._stop.wait())
        await asyncio.wait({starting, stopping}, return_when=asyncio.FIRST_COMPLETED)
        stopping.cancel()
        if starting.done():
            await starting
        else:
            starting.cancel()
            await asyncio.gather(starting, return_exceptions=True)

    def _new_sender(self) -> Sender:
        core, client = self.core, self._slack_client(retry=False)
        draw = Drawings(core.database).by_kind()
        channels = Channels(core.database, core.clock)
        return Sender(core.database, client, core.clock, draw, channels.unusable)

    async def _finish_sending(self) -> None:
        """Say what is left to say. What Slack is too slow for, the next start sends."""
        if self._sending is None:
            return
        self._sender.stop()
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(DRAIN_WITHIN.total_seconds() / 4):
                await self._sending
                await self._sender.send_due()

    def _clock_of_jobs(self) -> JobClock:
        core, settings = self.core, self._settings
        return JobClock(
            core.services,
            core.engine,
            core.database,
            core.clock,
            settings.scan_every,
            ZoneInfo(settings.timezone),
        )

    async def not_ready(self) -> list[str]:
        """Names of what cannot be reached now."""
        missing = []
        if not self._http and not await self._is_connected():
            missing.append("slack")
        try:
            async with self.core.database.engine.connect() as connection:
                await connection.execute(text("SELECT 1"))
        except Exception as error:  # whatever it is, the answer is "not ready"
            log.warning("database_unreachable", exc_info=error)
            missing.append("database")
        return missing

    def _listen_for_signals(self) -> None:
        loop = asyncio.get_running_loop()
        for each in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(each, self._stop.set)

    def _slack_client(self, *, retry: bool) -> AsyncWebClient:
        settings = self._settings
        return slack_client(
            settings.slack_bot_token,
            settings.slack_api_url,
            self._session,
            retry=retry,
        )

    def _bolt(self, client: AsyncWebClient, identity: AuthorizeResult) -> AsyncApp:
        return bolt_app(
            client,
            identity,
            signing_secret=self._signing_secret() if self._http else None,
            admins=[SlackUserId(user) for user in self._settings.admins],
            services=self.core.services,
            inbound=self._inbound,
            tasks=self._tasks,
        )

    def _signing_secret(self) -> str:
        """Without it Bolt would answer every delivery over HTTP with an error."""
        secret = self._settings.slack_signing_secret
        return required(secret, "SLACK_SIGNING_SECRET", IN_BASIC_INFORMATION)

    async def _connect_socket(self) -> None:
        if self._http:
            return
        token = required(self._settings.slack_app_token, "SLACK_APP_TOKEN", OR_HTTP)
        self._socket = SocketMode(self._app, token)
        self._ending.push_async_callback(self._socket.stop)
        await self._socket.start()

    async def _is_connected(self) -> bool:
        return self._socket is not None and await self._socket.is_connected()


async def _ended(task: asyncio.Task[None]) -> None:
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
