"""Socket Mode that says when it is down and comes back.

slack_sdk's client tries a rejected ticket again for ever, never asks for a fresh one,
and hangs on a wrong app token (measured with 3.48). So the token is proven before the
start, and a watchdog drops an address that does not connect.
"""

import asyncio
from datetime import timedelta

import structlog
from slack_bolt.adapter.socket_mode.async_handler import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from bot.domain.errors import BotError
from bot.slack_refusals import FAULTS, is_passing, reason_of

log = structlog.get_logger(__name__)

LOOK_EVERY = timedelta(seconds=2)
PATIENCE = timedelta(seconds=6)  # disconnected longer than this: ask for a new address
START_WITHIN = timedelta(seconds=30)


class SlackStartError(BotError):
    """Slack refuses the tokens, or cannot be reached, so nothing can start."""

    code = "slack_start"


class SocketMode:
    """One Socket Mode connection with its watchdog."""

    def __init__(self, app: AsyncApp, app_token: str) -> None:
        # The logger's name keeps the SDK's chatter under our level rules.
        self._handler = AsyncSocketModeHandler(app, app_token)
        self._watchdog: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Connect.

        Raises:
            SlackStartError: the app token is refused, or no connection in 30 s.
        """
        await self._prove_token()
        connecting = asyncio.create_task(
            self._handler.connect_async()  # type: ignore[no-untyped-call]  # Bolt's
        )
        self._watchdog = asyncio.create_task(self._watch())
        try:
            await asyncio.wait_for(connecting, START_WITHIN.total_seconds())
        except TimeoutError as error:
            await self.stop()
            raise SlackStartError(
                "Slack gave an address for Socket Mode but did not answer there.",
                remedy="Check that outgoing WebSocket connections (wss) are allowed.",
            ) from error

    async def is_connected(self) -> bool:
        """Whether deliveries can arrive now."""
        return bool(await self._handler.client.is_connected())

    async def stop(self) -> None:
        """Take no more deliveries."""
        if self._watchdog is not None:
            self._watchdog.cancel()
            await asyncio.gather(self._watchdog, return_exceptions=True)
        await self._handler.close_async()  # type: ignore[no-untyped-call]  # Bolt's

    async def _prove_token(self) -> None:
        client: AsyncWebClient = self._handler.client.web_client
        try:
            await client.apps_connections_open(app_token=self._handler.app_token)
        except FAULTS as error:
            if is_passing(error):
                raise SlackStartError(
                    f"Slack gives no address for Socket Mode ({reason_of(error)}).",
                    remedy="Start again in a minute.",
                ) from error
            raise SlackStartError(
                f"Slack refuses SLACK_APP_TOKEN ({reason_of(error)}).",
                remedy="Make an app-level token with the scope connections:write "
                "under Basic Information, and set SLACK_APP_TOKEN to it.",
            ) from error

    async def _watch(self) -> None:
        """Forget an address that has not connected for a while."""
        down = timedelta()
        while True:
            await asyncio.sleep(LOOK_EVERY.total_seconds())
            down = timedelta() if await self.is_connected() else down + LOOK_EVERY
            if down >= PATIENCE:
                log.warning("socket_mode_down", seconds=down.total_seconds())
                self._handler.client.wss_uri = None  # a fresh one is fetched next
                down = timedelta()
