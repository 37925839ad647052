"""Damaged answers, byte by byte over a real connection: tried again, then named."""

import asyncio
import gzip
import json
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import replace

import httpx
import pytest

from bot.domain.clouds import Cloud
from bot.domain.directory import DataSet
from bot.graph.client import GraphClient
from bot.graph.clouds import hosts
from bot.graph.errors import UnavailableError, UnknownOutcomeError, UnreadablePageError
from bot.graph.patience import STEADY
from bot.graph.reading import DirectoryReader
from bot.graph.requests import GraphRequest
from tests.graph.house import QuickClock
from tests.graph.small_graph import SignedIn

BODY = json.dumps(
    {"value": [{"id": "0f8fad5b-d9cb-469f-a165-70867728950e", "isEnabled": True}]}
).encode()
PACKED = gzip.compress(BODY)
HTML = b"<html><body>Please sign in to the guest network</body></html>"


def answer(body: bytes, *headers: str, length: int | None = None) -> bytes:
    """An answer as it goes over the wire."""
    size = len(body) if length is None else length
    lines = ["HTTP/1.1 200 OK", f"Content-Length: {size}", "Connection: close"]
    return "\r\n".join([*lines, *headers, "", ""]).encode() + body


WHOLE = answer(BODY)
DAMAGED = {
    "cut": answer(BODY[:30], length=len(BODY)),
    "cut without telling": answer(BODY[:30]),
    "a gateway's page": answer(HTML, "Content-Type: text/html"),
    "nothing": answer(b""),
    "packed and broken": answer(b"\x1f\x8b\x08broken", "Content-Encoding: gzip"),
    "packed and cut": answer(PACKED[:-20], "Content-Encoding: gzip"),
    "not packed as told": answer(BODY, "Content-Encoding: gzip"),
    "no answer at all": b"",
}


@asynccontextmanager
async def served(answers: Iterator[bytes]) -> AsyncIterator[GraphClient]:
    """A server that answers each request with the next bytes, and a client of it."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(next(answers))
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    place = replace(hosts(Cloud.GLOBAL), graph=f"http://127.0.0.1:{port}")
    clock = QuickClock()
    async with server, httpx.AsyncClient() as http:
        sign_in = SignedIn(clock)
        yield GraphClient(place, sign_in, http, clock, patience=STEADY)  # type: ignore[arg-type]  # has what is used of it


async def roles(graph: GraphClient) -> int:
    """How many roles a full read tells."""
    pages = DirectoryReader(graph).full(DataSet.ROLE_DEFINITIONS)
    return sum([len(page.rows) async for page in pages])


@pytest.mark.parametrize("damage", DAMAGED)
async def test_a_damaged_answer_is_asked_for_again(damage: str) -> None:
    async with served(iter([DAMAGED[damage], DAMAGED[damage], WHOLE])) as graph:
        assert await roles(graph) == 1


@pytest.mark.parametrize("damage", DAMAGED)
async def test_a_lasting_damage_is_named(damage: str) -> None:
    async with served(iter([DAMAGED[damage]] * 100)) as graph:
        with pytest.raises((UnreadablePageError, UnavailableError)) as caught:
            await roles(graph)

    assert caught.value.remedy


async def test_a_packed_answer_is_unpacked() -> None:
    async with served(iter([answer(PACKED, "Content-Encoding: gzip")])) as graph:
        assert await roles(graph) == 1


async def test_a_damaged_answer_to_a_change_is_of_unknown_outcome() -> None:
    write = GraphRequest("PATCH", "/users/x", None, body={"accountEnabled": False})
    broken = answer(b"\x1f\x8b\x08broken", "Content-Encoding: gzip")
    async with served(iter([broken, WHOLE])) as graph:
        with pytest.raises(UnknownOutcomeError):
            await graph.send(write)
