"""Owners and federated credentials: those that come along, and the rest."""

from typing import Any
from uuid import UUID

import httpx
import pytest

from bot.domain.directory import DataSet
from bot.graph.errors import ThrottledError
from bot.graph.reading import DirectoryReader, ReadPage
from tests.graph.small_graph import SmallGraph, refused

Json = dict[str, Any]

PATHS = {
    DataSet.GROUP_OWNERS: "/groups",
    DataSet.APPLICATION_OWNERS: "/applications",
    DataSet.SERVICE_PRINCIPAL_OWNERS: "/servicePrincipals",
}
TRUSTS = DataSet.FEDERATED_CREDENTIALS


def person(number: int) -> Json:
    kind = (
        "#microsoft.graph.user" if number % 2 else "#microsoft.graph.servicePrincipal"
    )
    return {"id": str(UUID(int=10_000 + number)), "@odata.type": kind}


def trust(number: int) -> Json:
    return {"id": str(UUID(int=50_000 + number)), "name": f"deploy-{number}"}


def house(path: str, relation: str, owned: list[list[Json]]) -> SmallGraph:
    """Objects at a path, each with what it owns."""
    objects: list[Json] = [
        {"id": str(UUID(int=number)), relation: items}
        for number, items in enumerate(owned, start=1)
    ]
    inside = {f"{path}/{one['id']}/{relation}": one[relation] for one in objects}
    return SmallGraph({path: objects} | inside)


def owned_house(data_set: DataSet, *sizes: int) -> SmallGraph:
    """A house of objects with so many owners each."""
    owners = [[person(n) for n in range(size)] for size in sizes]
    return house(PATHS[data_set], "owners", owners)


async def read(graph: SmallGraph, data_set: DataSet) -> list[ReadPage]:
    reader = DirectoryReader(graph.client())

    async def all_pages() -> list[ReadPage]:
        return [page async for page in reader.full(data_set)]

    told: list[list[ReadPage]] = await graph.clock.run(all_pages())
    return told[0]


def pairs(pages: list[ReadPage]) -> list[tuple[Any, ...]]:
    return [row[:2] for page in pages for row in page.rows]


def asked_alone(graph: SmallGraph, relation: str) -> int:
    """How many objects were asked by themselves for what they own."""
    return sum(f"/{relation}?" in line for line in graph.asked)


@pytest.mark.parametrize("data_set", PATHS)
async def test_owners_come_along_and_only_twenty_are_asked_about(
    data_set: DataSet,
) -> None:
    sizes = (0, 1, 2, 19, 20, 45)
    graph = owned_house(data_set, *sizes)

    pages = await read(graph, data_set)

    expected = {
        (UUID(int=number), UUID(int=10_000 + n))
        for number, size in enumerate(sizes, start=1)
        for n in range(size)
    }
    assert sorted(pairs(pages)) == sorted(expected)
    assert asked_alone(graph, "owners") == 2
    assert pages[-1].is_last
    assert pages[-1].delta_link is None


@pytest.mark.parametrize("data_set", PATHS)
async def test_kinds_of_owners_are_told(data_set: DataSet) -> None:
    (page,) = await read(owned_house(data_set, 2), data_set)

    assert {row[2] for row in page.rows} == {"user", "servicePrincipal"}


async def test_federated_credentials_come_with_their_apps() -> None:
    graph = house(
        "/applications",
        "federatedIdentityCredentials",
        [[], [trust(1)], [trust(2), trust(3)]],
    )

    (page,) = await read(graph, TRUSTS)

    assert [row[1:3] for row in page.rows] == [
        (UUID(int=2), "deploy-1"),
        (UUID(int=3), "deploy-2"),
        (UUID(int=3), "deploy-3"),
    ]
    assert asked_alone(graph, "federatedIdentityCredentials") == 0


@pytest.mark.parametrize(
    ("status", "code"),
    [(400, "Request_UnsupportedQuery"), (501, "NotImplemented")],
)
async def test_apps_are_asked_twenty_at_once_where_nothing_comes_along(
    status: int, code: str
) -> None:
    trusts = [[trust(n)] if n % 3 == 0 else [] for n in range(50)]
    graph = house("/applications", "federatedIdentityCredentials", trusts)
    graph.first = lambda request: (
        refused(status, code) if "$expand" in str(request.url) else None
    )

    pages = await read(graph, TRUSTS)

    assert len(pairs(pages)) == 17
    assert asked_alone(graph, "federatedIdentityCredentials") == 50
    assert graph.asked.count("/$batch") == 3


async def test_an_app_that_went_meanwhile_trusts_nobody() -> None:
    graph = house(
        "/applications", "federatedIdentityCredentials", [[trust(1)], [trust(2)]]
    )
    graph.expands = False
    gone = f"/applications/{UUID(int=1)}/"
    graph.first = lambda request: (
        refused(404, "Request_ResourceNotFound") if gone in request.url.path else None
    )

    pages = await read(graph, TRUSTS)

    assert pairs(pages) == [(UUID(int=50_002), UUID(int=2))]
    assert pages[-1].caveat is None


async def test_an_app_that_may_not_be_read_ends_the_read() -> None:
    """Only where it is known that single ones refuse is a refusal passed over."""
    graph = house(
        "/applications", "federatedIdentityCredentials", [[trust(1)], [trust(2)]]
    )
    graph.expands = False
    busy = httpx.Response(429, json={}, headers={"Retry-After": "9999"})
    graph.first = lambda request: busy if "federated" in request.url.path else None

    with pytest.raises(ThrottledError):
        await read(graph, TRUSTS)
