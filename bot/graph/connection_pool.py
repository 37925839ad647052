"""Connections that are looked for where one is, not everywhere.

httpx's own pool asks every connection twice a request whether it is still open, a
system call each: with forty of them it took a fifth of what a directory's read costs
(measured). Pools of one connection each have nobody else to ask.
"""

import asyncio
import ssl
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass

import httpx


@dataclass
class _Seat:
    """One connection, and where it leads; nowhere before its first request."""

    transport: httpx.AsyncHTTPTransport
    host: str = ""


class Connections(httpx.AsyncBaseTransport):
    """A pool that gives each request the connection to its host that was used last.

    Args:
        context: whom to trust.
        most: how many connections there are at once; who comes then waits.
    """

    def __init__(self, context: ssl.SSLContext, most: int) -> None:
        limits = httpx.Limits(max_connections=1, max_keepalive_connections=1)
        self._seats = [
            _Seat(httpx.AsyncHTTPTransport(verify=context, limits=limits))
            for _ in range(most)
        ]
        self._free = list(self._seats)  # the one used last is the last
        self._places = asyncio.Semaphore(most)

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Send a request; its connection is free when the response is closed.

        Raises:
            httpx.PoolTimeout: none became free in time.
            httpx.TransportError: as httpx's own.
        """
        seat = await self._taken(request)
        try:
            response = await seat.transport.handle_async_request(request)
        except BaseException:  # cancelled too: a seat not given back is lost
            self._give_back(seat)
            raise
        if not isinstance(response.stream, httpx.AsyncByteStream):
            raise TypeError("an asynchronous transport answers asynchronously")
        response.stream = _Held(response.stream, lambda: self._give_back(seat))
        return response

    async def aclose(self) -> None:
        """Close all connections."""
        for seat in self._seats:
            await seat.transport.aclose()

    async def _taken(self, request: httpx.Request) -> _Seat:
        seconds = request.extensions.get("timeout", {}).get("pool")
        try:
            async with asyncio.timeout(seconds):
                await self._places.acquire()
        except TimeoutError:
            raise httpx.PoolTimeout("no free connection", request=request) from None
        host = request.url.netloc.decode("ascii")
        there = [at for at, seat in enumerate(self._free) if seat.host == host]
        # Without one, that which was unused for longest leads elsewhere from now on.
        seat = self._free.pop(there[-1] if there else 0)
        seat.host = host
        return seat

    def _give_back(self, seat: _Seat) -> None:
        self._free.append(seat)
        self._places.release()


class _Held(httpx.AsyncByteStream):
    """A response's body, whose connection is given back once when it is closed."""

    def __init__(
        self, body: httpx.AsyncByteStream, give_back: Callable[[], None]
    ) -> None:
        self._body, self._give_back = body, give_back
        self._is_open = True

    async def __aiter__(self) -> AsyncIterator[bytes]:
        async for part in self._body:
            yield part

    async def aclose(self) -> None:
        if not self._is_open:
            return
        self._is_open = False
        try:
            await self._body.aclose()
        finally:
            self._give_back()
