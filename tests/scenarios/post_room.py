"""An outbox with its sender, and the channels of the workspace that it fills."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import aiohttp
from slack_sdk.web.async_client import AsyncWebClient

from bot.domain.ids import ChannelId, WorkspaceId
from bot.domain.messages import Message, MessageKind, message_id
from bot.notify import Sender
from bot.views.text import Drawing, section
from sandbox.runner import Sandbox
from sandbox.slack import sights
from store import messages
from store.engine import Database, open_database
from tests.places import MANIFEST
from tests.scenarios.lookout import MovedClock
from tests.scenarios.people import ADA, ALERTS
from tests.scenarios.screen import Json


class PostRoom:
    """An outbox, its sender, and the channel in which one looks."""

    def __init__(
        self, sandbox: Sandbox, database: Database, http: aiohttp.ClientSession
    ):
        self.sandbox, self.database = sandbox, database
        self.clock = MovedClock()
        self.words = "first words"
        self.blocks: list[Json] | None = None
        self.drawn, self.takes = 0, timedelta(0)
        client = AsyncWebClient(
            token=sandbox.slack.app.bot_token,
            base_url=sandbox.slack_api_url,
            session=http,
            retry_handlers=[],
        )
        draw = dict.fromkeys(MessageKind, self.draw)
        self.unusable: list[tuple[str, str]] = []
        self.sender = Sender(database, client, self.clock, draw, self.is_unusable)

    async def draw(self, message: Message) -> Drawing | None:
        """What the sender shows; it takes as long as `takes`."""
        self.drawn += 1
        self.clock.at += self.takes
        text = f"{self.words} {message.detail}".strip()
        return Drawing(text, self.blocks or [section(text)])

    async def is_unusable(self, message: Message, reason: str) -> None:
        """Note which channel was closed to the bot."""
        self.unusable.append((message.key, reason))

    async def put(
        self, key: str = "alert:1", channel: str = ALERTS, **changes: object
    ) -> Message:
        """Store a message to be sent."""
        message = Message(
            id=message_id(key),
            workspace_id=WorkspaceId("T0CONTOSO"),
            kind=MessageKind.ALERT,
            key=key,
            channel=ChannelId(channel),
            subject_id=uuid4(),
        )
        message = replace(message, **changes)  # type: ignore[arg-type]  # by name
        async with self.database.sessions.begin() as session:
            await messages.put(session, message)
        return message

    async def touch(self, key: str = "alert:1") -> None:
        """Ask for a fresh drawing."""
        async with self.database.sessions.begin() as session:
            assert await messages.touch(session, key)

    async def send(self, *, after: timedelta = timedelta(0)) -> bool:
        """One round of the sender, so much later."""
        self.clock.at += after
        return await self.sender.send_due()

    async def due(self) -> int:
        """How many messages Slack does not show yet as they should be."""
        async with self.database.snapshots() as session:
            return (await messages.backlog(session)).waiting

    def seen(self, channel: str = ALERTS, who: str = ADA) -> list[Json]:
        """What somebody sees in a channel, oldest first."""
        return list(sights.messages(self.sandbox.slack, channel, who)["messages"])

    async def fault(self, name: str, **params: object) -> None:
        """Switch on one of the simulator's faults."""
        await self.sandbox.slack.set_fault(name, True, dict(params))


@asynccontextmanager
async def open_post_room(folder: Path) -> AsyncIterator[PostRoom]:
    """The outbox in a real database, Slack behind a real socket; closed at the end."""
    database = open_database(f"sqlite+aiosqlite:///{folder / 'gatehouse.db'}")
    await database.upgrade()
    try:
        async with (
            Sandbox(manifest=MANIFEST) as sandbox,
            aiohttp.ClientSession() as http,
        ):
            yield PostRoom(sandbox, database, http)
    finally:
        await database.close()
