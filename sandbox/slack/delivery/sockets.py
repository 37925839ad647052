"""Socket Mode: websocket connections, envelopes and acks."""

import asyncio
import contextlib
import json
import uuid
from dataclasses import dataclass, field

from aiohttp import WSMsgType, web

from sandbox.feed import ChangeFeed
from sandbox.slack.delivery.courier import Pace
from sandbox.slack.delivery.parcel import Answer, Parcel
from sandbox.slack.errors import Json
from sandbox.slack.faults import Faults
from sandbox.slack.log import Log

CONNECTION_LIMIT = 10
CONNECTION_SECONDS = 3600


@dataclass(eq=False)
class Connection:
    """One open websocket and the envelopes sent on it."""

    socket: web.WebSocketResponse
    envelopes: set[str] = field(default_factory=set)


class SocketMode:
    """All websocket connections of the app; parcels go to them in turn."""

    def __init__(
        self, app_id: str, log: Log, faults: Faults, pace: Pace, feed: ChangeFeed
    ) -> None:
        self._app_id, self._log, self._faults = app_id, log, faults
        self._pace, self._feed = pace, feed
        self._connections: list[Connection] = []
        self._waiting: dict[str, asyncio.Future[Json | None]] = {}
        self._turn = 0
        self._arrived = asyncio.Event()

    @property
    def connected(self) -> bool:
        """Whether at least one connection is open."""
        return bool(self._connections)

    @property
    def connection_count(self) -> int:
        """Return how many connections are open."""
        return len(self._connections)

    @property
    def full(self) -> bool:
        """Whether the app has all the connections that Slack allows."""
        return len(self._connections) >= CONNECTION_LIMIT

    async def until_connected(self) -> None:
        """Wait until the app has a connection. Bound it with `asyncio.timeout`."""
        await self._arrived.wait()

    async def serve(self, request: web.Request) -> web.WebSocketResponse:
        """Speak Socket Mode on one websocket until it closes."""
        # Pongs are sent by hand, so that the fault "no pongs" can hold them back.
        socket = web.WebSocketResponse(autoping=False, autoclose=True)
        await socket.prepare(request)
        connection = Connection(socket)
        self._connections.append(connection)
        self._arrived.set()
        self._feed.publish("workspace")
        pings = asyncio.create_task(self._ping(socket))
        try:
            await socket.send_json(self._hello())
            await self._listen(connection)
        finally:
            pings.cancel()
            self._drop(connection)
        return socket

    async def send(self, parcel: Parcel) -> Answer:
        """Send one envelope on the next connection and wait for its ack."""
        if not self._connections:
            return Answer(acked=False, error="app_not_connected")
        connection = self._next()
        envelope = _envelope(parcel)
        envelope_id = envelope["envelope_id"]
        connection.envelopes.add(envelope_id)
        noted = self._log.delivered(
            parcel.label, envelope_id, parcel.retry, parcel.payload
        )
        acked: asyncio.Future[Json | None] = asyncio.get_running_loop().create_future()
        self._waiting[envelope_id] = acked
        try:
            await connection.socket.send_json(envelope)
            payload = await asyncio.wait_for(acked, self._pace.ack_within)
        except (TimeoutError, ConnectionResetError):
            return Answer(acked=False, error="operation_timeout")
        finally:
            self._waiting.pop(envelope_id, None)
        self._log.acked(noted)
        return Answer(acked=True, payload=payload)

    async def disconnect(self, reason: str) -> None:
        """Tell every connection to go away, then close it."""
        for connection in list(self._connections):
            await self._disconnect(connection, reason)

    async def close(self) -> None:
        """Close every connection, as a stopping server does."""
        for connection in list(self._connections):
            await connection.socket.close()

    async def _listen(self, connection: Connection) -> None:
        async for message in connection.socket:
            if message.type is WSMsgType.PING:
                if not self._faults.is_on("no_pong"):
                    await connection.socket.pong(message.data)
            elif message.type is WSMsgType.TEXT:
                self._take_ack(connection, message.data)

    def _take_ack(self, connection: Connection, text: str) -> None:
        ack = _read_ack(text)
        if ack is None:
            return
        envelope_id = ack["envelope_id"]
        own = envelope_id in connection.envelopes
        if self._faults.is_on("ack_only_same_socket") and not own:
            return
        waiting = self._waiting.get(envelope_id)
        if waiting is not None and not waiting.done():
            payload = ack.get("payload")
            waiting.set_result(payload if isinstance(payload, dict) else None)

    def _next(self) -> Connection:
        self._turn += 1
        return self._connections[self._turn % len(self._connections)]

    def _drop(self, connection: Connection) -> None:
        with contextlib.suppress(ValueError):  # a disconnect dropped it already
            self._connections.remove(connection)
        if not self._connections:
            self._arrived.clear()
        self._feed.publish("workspace")

    async def _disconnect(self, connection: Connection, reason: str) -> None:
        self._drop(connection)
        frame = {
            "type": "disconnect",
            "reason": reason,
            "debug_info": {"host": "applink-sandbox"},
        }
        with contextlib.suppress(ConnectionResetError):  # the app was quicker
            await connection.socket.send_json(frame)
            await connection.socket.close()

    async def _ping(self, socket: web.WebSocketResponse) -> None:
        while not socket.closed:
            await asyncio.sleep(self._pace.socket_ping_every)
            with contextlib.suppress(ConnectionResetError):  # it closed meanwhile
                await socket.ping(b"Ping from sandbox")

    def _hello(self) -> Json:
        return {
            "type": "hello",
            "connection_info": {"app_id": self._app_id},
            "num_connections": len(self._connections),
            "debug_info": {
                "host": "applink-sandbox",
                "build_number": 1,
                "approximate_connection_time": CONNECTION_SECONDS,
            },
        }


def _envelope(parcel: Parcel) -> Json:
    envelope: Json = {
        "envelope_id": str(uuid.uuid4()),
        "type": parcel.kind,
        "payload": parcel.payload,
        "accepts_response_payload": parcel.accepts_response,
    }
    if parcel.kind == "events_api":
        envelope |= {"retry_attempt": parcel.retry, "retry_reason": parcel.retry_reason}
    return envelope


def _read_ack(text: str) -> Json | None:
    """Return an ack frame, or None for anything else, which Slack ignores too."""
    try:
        frame = json.loads(text)
    except ValueError:
        return None
    return frame if isinstance(frame, dict) and "envelope_id" in frame else None
