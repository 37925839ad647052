"""Graph as one reads it without a library: httpx, json, one request after the other."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from pathlib import Path
from typing import Any

import httpx

from benchmarks.bulk_process import BulkAddress
from benchmarks.data_sets import collections, owned_collections
from bot.graph.data_sets import MOST_EXPANDED, OwnedCollection
from bot.graph.transport import async_client

_TOO_MANY = 429


async def read_all(address: BulkAddress) -> int:
    """Read every data set; returns how many rows in all.

    What is asked is what Gatehouse asks; only how is different.
    """
    rows, root = 0, f"{address.entra}/v1.0"
    async with _client(address) as http:
        for collection in collections():
            async for page in _chain(http, f"{root}{collection.request().target}"):
                rows += len(page)
        for owned in owned_collections():
            rows += await _owned(http, root, owned)
    return rows


async def _owned(http: httpx.AsyncClient, root: str, owned: OwnedCollection) -> int:
    """Owners come with twenty objects at most; those that do are asked for all."""
    rows = 0
    async for page in _chain(http, f"{root}{owned.owners.request().target}"):
        for owner in page:
            found = len(owner[owned.inside])
            if found < MOST_EXPANDED:
                rows += found
                continue
            rest = f"{root}{owned.request(owner['id']).target}"
            async for some in _chain(http, rest):
                rows += len(some)
    return rows


async def _chain(
    http: httpx.AsyncClient, url: str
) -> AsyncIterator[list[dict[str, Any]]]:
    following: str | None = url
    while following is not None:
        page = (await _patient(http, "GET", following)).json()
        yield page["value"]
        following = page.get("@odata.nextLink")


async def repeat(
    address: BulkAddress, requests: Sequence[dict[str, Any]], width: int
) -> None:
    """Send recorded requests again, `width` at once, and look into no answer."""
    waiting = iter(requests)

    async def work(http: httpx.AsyncClient) -> None:
        for request in waiting:
            await _patient(
                http,
                request["method"],
                request["url"],
                headers=request["headers"],
                json=request.get("body"),
            )

    async with _client(address) as http, asyncio.TaskGroup() as group:
        for _ in range(width):
            group.create_task(work(http))


async def _patient(
    http: httpx.AsyncClient, method: str, url: str, **options: Any
) -> httpx.Response:
    """Ask until it is not too much.

    Raises:
        httpx.HTTPError: any other refusal, or no answer.
    """
    while True:
        response = await http.request(method, url, **options)
        if response.status_code != _TOO_MANY:
            return response.raise_for_status()
        await asyncio.sleep(float(response.headers["Retry-After"]))


def _client(address: BulkAddress) -> httpx.AsyncClient:
    client = async_client(Path(address.ca))
    client.headers["Authorization"] = f"Bearer {address.token}"
    return client
