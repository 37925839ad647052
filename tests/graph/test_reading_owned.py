"""Memberships and app role assignments, owner by owner, and all of them."""

from typing import Any
from uuid import UUID

import httpx
import pytest

from bot.domain.directory import DataSet
from bot.domain.directory_rows import MembershipRow
from bot.graph.errors import ThrottledError
from bot.graph.patience import INTERACTIVE
from bot.graph.reading import DirectoryReader, ReadPage
from tests.graph.small_graph import SmallGraph, refused

START = "2020-01-01T00:00:00Z"


def person(number: int) -> dict[str, Any]:
    kind = "#microsoft.graph.user" if number % 2 else "#microsoft.graph.group"
    return {"id": str(UUID(int=10_000 + number)), "@odata.type": kind}


def company(*sizes: int) -> SmallGraph:
    """Groups of these sizes."""
    groups: list[dict[str, Any]] = [
        {
            "id": str(UUID(int=number)),
            "members": [person(n) for n in range(size)],
            "createdDateTime": START,
        }
        for number, size in enumerate(sizes, start=1)
    ]
    collections = {f"/groups/{one['id']}/members": one["members"] for one in groups}
    return SmallGraph({"/groups": groups} | collections)


def expected(*sizes: int) -> set[tuple[UUID, UUID]]:
    """The memberships of such a company."""
    return {
        (UUID(int=number), UUID(int=10_000 + n))
        for number, size in enumerate(sizes, start=1)
        for n in range(size)
    }


async def read(graph: SmallGraph, resume: str | None = None) -> list[ReadPage]:
    reader = DirectoryReader(graph.client())

    async def all_pages() -> list[ReadPage]:
        pages = reader.full(DataSet.MEMBERSHIPS, resume=resume)
        return [page async for page in pages]

    told: list[list[ReadPage]] = await graph.clock.run(all_pages())
    return told[0]


def memberships(pages: list[ReadPage]) -> list[tuple[UUID, UUID]]:
    return [row[:2] for page in pages for row in page.rows]  # type: ignore[misc]  # two


async def test_only_groups_that_may_have_more_are_asked_again() -> None:
    sizes = (0, 1, 19, 20, 21, 150)
    graph = company(*sizes)

    pages = await read(graph)

    found = memberships(pages)
    assert set(found) == expected(*sizes)
    assert len(found) == len(set(found))
    assert sum("/members?" in line for line in graph.asked) == 3
    assert sum(line == "/$batch" for line in graph.asked) == 1


async def test_a_group_of_thousands_is_read_to_its_end() -> None:
    graph = company(2, 2_500, 30)

    pages = await read(graph)

    assert set(memberships(pages)) == expected(2, 2_500, 30)
    assert max(len(page.rows) for page in pages) < 1_100


async def test_kinds_of_members_are_told() -> None:
    (page,) = await read(company(2))

    assert {row.member_kind for row in page.rows if isinstance(row, MembershipRow)} == {
        "user",
        "group",
    }


async def test_where_nothing_is_expanded_every_group_is_asked() -> None:
    graph = company(0, 5, 40)
    graph.expands = False

    pages = await read(graph)

    assert set(memberships(pages)) == expected(0, 5, 40)
    assert sum("/members?" in line for line in graph.asked) == 3


async def test_hundreds_of_groups_are_marked_page_by_page() -> None:
    """A crash between two parts of a page reads that page again, and no other."""
    sizes = [25 if number % 10 == 0 else 3 for number in range(700)]
    graph = company(*sizes)
    pages = await read(graph)
    half = next(
        index
        for index, page in enumerate(pages)
        if index > 3 and page.mark == pages[index - 1].mark
    )
    graph.asked.clear()

    rest = await read(graph, resume=pages[half].mark)

    assert set(memberships(pages)) == expected(*sizes)
    assert set(memberships(pages[: half + 1] + rest)) == expected(*sizes)
    assert sum(line.startswith("/groups?") for line in graph.asked) < 4


async def test_a_group_deleted_meanwhile_has_no_members() -> None:
    graph = company(40, 2)
    gone = f"/groups/{UUID(int=1)}/members"
    graph.first = lambda request: (
        refused(404, "Request_ResourceNotFound") if gone in request.url.path else None
    )

    pages = await read(graph)

    assert set(memberships(pages)) == expected(0, 2)


async def test_a_group_that_fails_ends_the_read_not_the_group() -> None:
    graph = company(40, 2)
    throttled = httpx.Response(429, json={}, headers={"Retry-After": "9999"})
    graph.first = lambda request: throttled if "/members" in request.url.path else None

    with pytest.raises(ThrottledError):
        await read(graph)


async def test_assignments_of_a_resource_name_what_they_give() -> None:
    resource, principal = str(UUID(int=1)), str(UUID(int=2))
    assignment = {
        "id": "a1-_Z",
        "appRoleId": str(UUID(int=3)),
        "principalId": principal,
        "principalType": "Group",
        "principalDisplayName": "Sales",
        "resourceId": resource,
        "resourceDisplayName": "CRM",
    }
    item = {"id": resource, "appRoleAssignedTo": [assignment]}
    graph = SmallGraph({"/servicePrincipals": [item, {"id": principal}]})
    inside = f"/servicePrincipals/{principal}/appRoleAssignedTo"
    graph.collections[inside] = []
    reader = DirectoryReader(graph.client(INTERACTIVE))

    pages = [page async for page in reader.full(DataSet.APP_ROLE_ASSIGNMENTS)]

    (row,) = [row for page in pages for row in page.rows]
    assert row[:6] == (
        "a1-_Z",
        UUID(int=3),
        UUID(int=2),
        "Group",
        "Sales",
        UUID(int=1),
    )
