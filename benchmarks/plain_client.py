"""Graph as one reads it without a library: httpx, json, one request after the other."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from pathlib import Path
from typing import Any

import httpx

from benchmarks.bulk_process import BulkAddress
from bot.domain.directory import DataSet
from bot.graph.data_sets import COLLECTIONS, MOST_EXPANDED, OWNED
from bot.graph.transport import async_client

_CHAINS = (
    DataSet.USERS,
    DataSet.GROUPS,
    DataSet.APPLICATIONS,
    DataSet.SERVICE_PRINCIPALS,
)
_TOO_MANY = 429


async def read_all(address: BulkAddress) -> int:
    """Read users, groups, members, apps and principals; returns how many in all.

    What is asked is what Gatehouse asks; only how is different.
    """
    rows = 0
    async with _client(address) as http:
        for data_set in _CHAINS:
            target = COLLECTIONS[data_set].request().target
            async for page in _chain(http, f"{address.entra}/v1.0{target}"):
                rows += len(page)
        return rows + await _memberships(http, address)


async def _memberships(http: httpx.AsyncClient, address: BulkAddress) -> int:
    """Groups come with twenty members at most; those that do are asked for all."""
    owned, rows = OWNED[DataSet.MEMBERSHIPS], 0
    root = f"{address.entra}/v1.0"
    async for page in _chain(http, f"{root}{owned.owners.request().target}"):
        for group in page:
            if len(group["members"]) < MOST_EXPANDED:
                rows += len(group["members"])
                continue
            members = f"{root}{owned.request(group['id']).target}"
            async for some in _chain(http, members):
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
