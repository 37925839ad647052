"""The state of one Slack workspace and what all its parts share."""

import asyncio
import contextlib
import re
from collections.abc import Callable
from pathlib import Path
from typing import Literal, TypeVar

from sandbox.feed import ChangeFeed
from sandbox.slack.channels import Channels
from sandbox.slack.clock import Clock
from sandbox.slack.delivery.courier import Courier, Pace
from sandbox.slack.delivery.parcel import Transport
from sandbox.slack.delivery.sockets import SocketMode
from sandbox.slack.delivery.webhook import Webhook
from sandbox.slack.errors import ControlError, Json
from sandbox.slack.faults import Faults
from sandbox.slack.identity import WorkspaceSeed
from sandbox.slack.ids import Mint
from sandbox.slack.limits import RateLimits
from sandbox.slack.log import Log
from sandbox.slack.manifest import read_manifest
from sandbox.slack.messages import Messages
from sandbox.slack.notices import NOTICES
from sandbox.slack.people import People, person
from sandbox.slack.tickets import ResponseUrls, Tickets, Triggers, Upload
from sandbox.slack.views import View, Views, view_to_slack

Mode = Literal["socket", "http"]
T = TypeVar("T")
LOOK_EVERY_SECONDS = 0.25  # for what changes without being announced


class WorkspaceCore:
    """Team, people, channels, messages, views, tickets, faults, log and transport.

    The arguments are those of `SlackWorkspace`, which adds what people do.
    """

    def __init__(
        self,
        seed: WorkspaceSeed,
        *,
        manifest: Path,
        mode: Mode = "socket",
        http_url: str = "",
        feed: ChangeFeed | None = None,
        pace: Pace | None = None,
        strict_rate_limits: bool = False,
    ) -> None:
        self.team, self.app = seed.team, seed.app
        self.usergroups = seed.usergroups
        self.manifest = read_manifest(manifest)
        self.mode: Mode = mode
        self.feed = feed or ChangeFeed()
        self.pace = pace or Pace()
        self.base_url = ""
        self.clock = Clock()
        self.mint = Mint(self.clock)
        self.faults = Faults()
        self.limits = RateLimits(self.clock, strict=strict_rate_limits)
        self.log = Log(self.clock, self.feed)
        self.people = People((*seed.people, self._bot_user()))
        self.channels = Channels(seed.channels, bot=seed.app.bot_user_id)
        self.messages = Messages()
        self.views = Views(self.clock, self.mint)
        self.triggers = Triggers(self.clock, self.mint)
        self.response_urls = ResponseUrls(self.clock, self.mint)
        self.tickets = Tickets(self.clock, self.mint)
        self.uploads: dict[str, Upload] = {}
        self.notices: dict[str, Json | None] = {}
        self.sockets = SocketMode(
            self.app.id, self.log, self.faults, self.pace, self.feed
        )
        transport = self._transport(mode, http_url)
        self.courier = Courier(transport, self.clock, self.faults, self.pace)

    @property
    def connected(self) -> bool:
        """Whether the app can be reached."""
        return self.courier.transport.connected

    @property
    def scopes(self) -> frozenset[str]:
        """Return the scopes that the bot token carries right now."""
        granted = self.manifest.scopes
        if self.faults.is_on("missing_scope"):
            granted = granted - {self.faults.param("missing_scope", "scope")}
        return granted

    def changed(self, *what: str) -> None:
        """Announce changed topics to the page."""
        self.feed.publish(*what)

    async def until(self, look: Callable[[], T], *, seconds: float = 5.0) -> T:
        """Look again at every change until there is something, and return it.

        Raises:
            TimeoutError: nothing came within so many seconds.
        """
        changes = self.feed.changes(quiet_seconds=LOOK_EVERY_SECONDS)
        async with asyncio.timeout(seconds), contextlib.aclosing(changes):
            async for _ in changes:
                if found := look():
                    return found
        raise TimeoutError("The workspace was closed meanwhile")

    def notice(self, user: str, error: str | None, *, detail: str = "") -> None:
        """Show a person what Slack's client would say of a failed act, or nothing."""
        notice: Json | None = None
        if error is not None:
            text = NOTICES[error].format(app=self.app.name)
            notice = {"level": "error", "text": f"{text} {detail}".rstrip()}
        if self.notices.get(user) != notice:
            self.notices[user] = notice
            self.changed("views")

    def response_url(
        self, kind: str, user: str, channel: str, message_ts: str | None = None
    ) -> str:
        """Make an address at which the app may answer one act."""
        url_id = self.response_urls.make(user, channel, message_ts)
        return f"{self.base_url}/response/{kind}/{self.team.id}/{url_id}"

    def draw_view(self, view: View) -> Json:
        """Draw the full view object."""
        return view_to_slack(
            view, team_id=self.team.id, app_id=self.app.id, bot_id=self.app.bot_id
        )

    async def set_fault(
        self, name: str, on: bool = True, params: Json | None = None
    ) -> None:
        """Switch a fault; `disconnect_socket` strikes at once and switches itself off.

        Raises:
            ControlError: no fault has that name or setting.
        """
        self.faults.set(name, on, params)
        if self.faults.is_on("disconnect_socket"):
            self.faults.set("disconnect_socket", False)
            reason = self.faults.param("disconnect_socket", "reason")
            await self.sockets.disconnect(reason)
        self.changed("faults", "workspace")

    async def use_http(self, url: str) -> None:
        """Deliver to a request URL from now on, as after a change of app settings.

        Raises:
            ControlError: not an http or https address.
        """
        if not re.match(r"https?://", url):
            raise ControlError("invalid_url", "Give an http:// or https:// address.")
        self.mode = "http"
        await self.courier.transport.close()
        self.courier.transport = self._transport("http", url)

    async def close(self) -> None:
        """Stop retries, connections and event streams. Call before the server stops."""
        self.feed.close()
        await self.courier.close()
        await self.sockets.close()

    def _transport(self, mode: Mode, http_url: str) -> Transport:
        if mode == "socket":
            return self.sockets
        return Webhook(
            http_url,
            self.app.signing_secret,
            clock=self.clock,
            mint=self.mint,
            log=self.log,
            faults=self.faults,
            pace=self.pace,
        )

    def _bot_user(self) -> Json:
        return person(
            self.app.bot_user_id,
            self.app.name.lower(),
            self.app.name,
            None,
            team_id=self.team.id,
            is_bot=True,
        )
