"""A hand-made Socket Mode app: it keeps what it gets and answers as told."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

from aiohttp import ClientSession, ClientWebSocketResponse, WSMsgType

from sandbox.slack import SlackWorkspace

Json = dict[str, Any]
Answer = Callable[[Json], Json | None]


class Echo:
    """Holds one websocket. `answer` maps a payload to the ack's payload.

    Set `silent` to leave envelopes unacknowledged.
    """

    def __init__(self, socket: ClientWebSocketResponse) -> None:
        self.socket = socket
        self.envelopes: list[Json] = []
        self.answer: Answer = lambda payload: None
        self.silent = False
        self.gone = asyncio.Event()
        self._came = asyncio.Event()

    @property
    def payloads(self) -> list[Json]:
        """Return the payloads of all envelopes so far."""
        return [envelope["payload"] for envelope in self.envelopes]

    async def listen(self) -> None:
        """Take and acknowledge envelopes until the socket closes."""
        async for message in self.socket:
            if message.type is not WSMsgType.TEXT:
                continue
            frame = message.json()
            self.envelopes.append(frame)
            self._came.set()
            if "envelope_id" in frame and not self.silent:
                await self.ack(frame)
        self.gone.set()

    async def ack(self, envelope: Json) -> None:
        """Acknowledge one envelope."""
        ack: Json = {"envelope_id": envelope["envelope_id"]}
        payload = self.answer(envelope["payload"])
        if payload is not None:
            ack["payload"] = payload
        await self.socket.send_json(ack)

    async def until(self, count: int) -> list[Json]:
        """Wait for that many frames, at most three seconds."""
        async with asyncio.timeout(3):
            while len(self.envelopes) < count:
                self._came.clear()
                await self._came.wait()
        return self.envelopes


async def link_url(slack: SlackWorkspace, http: ClientSession) -> str:
    """Ask for a Socket Mode address."""
    headers = {"Authorization": f"Bearer {slack.app.app_token}"}
    url = f"{slack.base_url}/api/apps.connections.open"
    async with http.post(url, headers=headers) as response:
        return str((await response.json())["url"])


@asynccontextmanager
async def echo_app(slack: SlackWorkspace, http: ClientSession) -> AsyncIterator[Echo]:
    """Connect an echo and read its hello."""
    async with http.ws_connect(await link_url(slack, http)) as socket:
        hello = await socket.receive_json()
        assert hello["type"] == "hello"
        assert hello["connection_info"] == {"app_id": slack.app.id}
        echo = Echo(socket)
        listening = asyncio.create_task(echo.listen())
        try:
            yield echo
        finally:
            listening.cancel()
            await asyncio.gather(listening, return_exceptions=True)
