"""Tell the page and tests that something changed, by server-sent events."""

import asyncio
import json
from collections.abc import AsyncGenerator, Iterator
from contextlib import aclosing, contextmanager, suppress
from dataclasses import dataclass

from aiohttp import web

TOPICS = ("messages", "views", "home", "workspace", "tenant", "faults", "log")
KEEP_ALIVE_SECONDS = 10.0


@dataclass(frozen=True)
class Change:
    """What changed since a listener last looked; `seq` grows with every change."""

    seq: int
    what: tuple[str, ...]

    def to_event(self) -> bytes:
        """Draw the change as one server-sent event."""
        body = json.dumps({"seq": self.seq, "what": self.what})
        return f"data: {body}\n\n".encode()


class _Listener:
    def __init__(self) -> None:
        self.pending: set[str] = set(TOPICS)  # so that the first look is at once
        self.woken = asyncio.Event()
        self.woken.set()


class ChangeFeed:
    """Fan changes out to any number of listeners, merging those not yet seen.

    A slow listener gets one change that names several topics, never a growing queue.
    """

    def __init__(self) -> None:
        self._seq = 0
        self._listeners: set[_Listener] = set()
        self.closed = False

    def publish(self, *what: str) -> None:
        """Announce changed topics.

        Raises:
            ValueError: a topic is not one of TOPICS, so nobody would listen for it.
        """
        unknown = set(what) - set(TOPICS)
        if unknown:
            raise ValueError(f"Unknown topics {sorted(unknown)}; use {TOPICS}")
        self._seq += 1
        for listener in self._listeners:
            listener.pending.update(what)
            listener.woken.set()

    def close(self) -> None:
        """End every stream, so that the web server need not wait for them."""
        self.closed = True
        for listener in self._listeners:
            listener.woken.set()

    async def changes(
        self, *, quiet_seconds: float = KEEP_ALIVE_SECONDS
    ) -> AsyncGenerator[Change | None, None]:
        """Yield changes, the first at once; None after each quiet spell."""
        with self._listening() as listener:
            while not self.closed:
                try:
                    await asyncio.wait_for(listener.woken.wait(), quiet_seconds)
                except TimeoutError:
                    yield None
                else:
                    yield self._take(listener)

    def _take(self, listener: _Listener) -> Change:
        what = tuple(topic for topic in TOPICS if topic in listener.pending)
        listener.pending.clear()
        listener.woken.clear()
        return Change(self._seq, what)

    @contextmanager
    def _listening(self) -> Iterator[_Listener]:
        listener = _Listener()
        self._listeners.add(listener)
        try:
            yield listener
        finally:
            self._listeners.discard(listener)


def feed_routes(feed: ChangeFeed) -> list[web.RouteDef]:
    """Serve the feed at GET /control/events."""

    async def events(request: web.Request) -> web.StreamResponse:
        stream = web.StreamResponse(
            headers={"Content-Type": "text/event-stream", "Cache-Control": "no-store"}
        )
        await stream.prepare(request)
        # The browser hanging up is how every such stream ends, and no fault.
        with suppress(ConnectionResetError):
            async with aclosing(feed.changes()) as changes:
                async for change in changes:
                    event = change.to_event() if change else b": quiet\n\n"
                    await stream.write(event)
        return stream

    return [web.get("/control/events", events)]
