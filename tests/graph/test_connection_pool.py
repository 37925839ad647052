"""Connections are used again, waited for, and given back whatever happens."""

import asyncio
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx
import pytest

from bot.graph.connection_pool import Connections

_OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi"


class Server:
    """Answers on loopback when it is let, and counts who connects."""

    def __init__(self) -> None:
        self.opened = self.asked = 0
        self.gate = asyncio.Event()
        self.gate.set()
        self.url = ""
        self.hangs_up = False

    async def serve(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        self.opened += 1
        try:
            while await reader.readuntil(b"\r\n\r\n"):
                self.asked += 1
                await self.gate.wait()
                if self.hangs_up:
                    return
                writer.write(_OK)
        except (asyncio.IncompleteReadError, ConnectionError):
            pass  # the client is through
        finally:
            writer.close()

    async def is_asked(self, times: int) -> None:
        """Wait until so many requests have come."""
        async with asyncio.timeout(5):
            while self.asked < times:  # noqa: ASYNC110 - counted above
                await asyncio.sleep(0.01)


@asynccontextmanager
async def serving() -> AsyncIterator[Server]:
    server = Server()
    async with await asyncio.start_server(server.serve, "127.0.0.1", 0) as listener:
        port = listener.sockets[0].getsockname()[1]
        server.url = f"http://127.0.0.1:{port}/"
        yield server


@asynccontextmanager
async def client(most: int) -> AsyncIterator[httpx.AsyncClient]:
    pool = Connections(ssl.create_default_context(), most)
    async with httpx.AsyncClient(transport=pool, timeout=5) as http:
        yield http


async def test_one_after_the_other_use_one_connection() -> None:
    async with serving() as server, client(8) as http:
        for _ in range(5):
            assert (await http.get(server.url)).text == "hi"

        assert server.opened == 1


async def test_each_host_keeps_its_connection() -> None:
    async with serving() as one, serving() as other, client(2) as http:
        for _ in range(4):
            await http.get(one.url)
            await http.get(other.url)

        assert (one.opened, other.opened) == (1, 1)


async def test_another_host_takes_over_where_all_lead_elsewhere() -> None:
    async with serving() as one, serving() as other, client(1) as http:
        for url in (one.url, other.url, one.url):
            assert (await http.get(url)).text == "hi"

        assert (one.opened, other.opened) == (2, 1)


async def test_no_more_at_once_than_there_are_and_nobody_is_forgotten() -> None:
    async with serving() as server, client(3) as http:
        server.gate.clear()
        asking = [asyncio.create_task(http.get(server.url)) for _ in range(10)]
        await server.is_asked(3)
        await asyncio.sleep(0.05)
        assert server.asked == 3
        server.gate.set()

        assert {(await each).text for each in asking} == {"hi"}
        assert server.opened == 3


async def test_whoever_waits_too_long_is_told() -> None:
    async with serving() as server, client(1) as http:
        server.gate.clear()
        first = asyncio.create_task(http.get(server.url))
        await server.is_asked(1)
        impatient = httpx.Timeout(5, pool=0.05)
        with pytest.raises(httpx.PoolTimeout):
            await http.get(server.url, timeout=impatient)
        server.gate.set()

        assert (await first).text == "hi"


async def test_a_connection_is_free_again_after_a_failure() -> None:
    async with serving() as server, client(1) as http:
        server.hangs_up = True
        with pytest.raises(httpx.RemoteProtocolError):
            await http.get(server.url)
        server.hangs_up = False

        assert (await http.get(server.url)).text == "hi"


async def test_a_connection_is_free_again_when_nobody_waits_any_more() -> None:
    async with serving() as server, client(1) as http:
        server.gate.clear()
        asking = asyncio.create_task(http.get(server.url))
        await server.is_asked(1)
        asking.cancel()
        await asyncio.gather(asking, return_exceptions=True)
        server.gate.set()

        assert (await http.get(server.url)).text == "hi"


async def test_a_body_that_is_not_read_to_its_end_gives_its_connection_back() -> None:
    async with serving() as server, client(1) as http:
        async with http.stream("GET", server.url) as response:
            assert await anext(response.aiter_raw(1)) == b"h"

        assert (await http.get(server.url)).text == "hi"
