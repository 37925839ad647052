"""Provisioning jobs, app by app: one that refuses is not the whole."""

from typing import Any
from uuid import UUID

import httpx
import pytest

from bot.domain.directory import DataSet
from bot.graph.errors import PermissionMissingError, UnavailableError, UnlicensedError
from bot.graph.reading import DirectoryReader, ReadPage
from tests.graph.small_graph import SmallGraph, refused

Json = dict[str, Any]

HERE, ELSEWHERE = str(UUID(int=100)), str(UUID(int=101))
MICROSOFT = "f8cdef31-a31e-4b4a-93e4-5f571e91255a"


def app(number: int, kind: str | None = "Application", owner: str = HERE) -> Json:
    return {
        "id": str(UUID(int=number)),
        "servicePrincipalType": kind,
        "appOwnerOrganizationId": owner,
    }


def jobs_of(number: int) -> str:
    return f"/servicePrincipals/{UUID(int=number)}/synchronization/jobs"


def tenant(*apps: Json, **jobs: list[str]) -> SmallGraph:
    """A tenant of apps; `app_1=["a"]` is a job of the first."""
    graph = SmallGraph({"/servicePrincipals": list(apps)})
    for one in apps:
        number = UUID(one["id"]).int
        ids = jobs.get(f"app_{number}", [])
        graph.collections[jobs_of(number)] = [{"id": id} for id in ids]
    return graph


def refusing(graph: SmallGraph, answers: dict[int, httpx.Response]) -> None:
    """Let some apps refuse to tell their jobs."""
    by_path = {f"/v1.0{jobs_of(number)}": reply for number, reply in answers.items()}
    graph.first = lambda request: by_path.get(request.url.path)


async def read(graph: SmallGraph) -> list[ReadPage]:
    reader = DirectoryReader(graph.client())

    async def all_pages() -> list[ReadPage]:
        return [page async for page in reader.full(DataSet.PROVISIONING_JOBS)]

    told: list[list[ReadPage]] = await graph.clock.run(all_pages())
    return told[0]


def jobs(pages: list[ReadPage]) -> list[tuple[int, str]]:
    return [(row[0].int, row[1]) for page in pages for row in page.rows]  # type: ignore[union-attr,misc]  # an app and a job


async def test_only_apps_that_may_have_jobs_are_asked() -> None:
    graph = tenant(
        app(1),
        app(2, "ManagedIdentity"),
        app(3, owner=MICROSOFT),
        app(4, "Legacy"),
        app(5, owner=ELSEWHERE),
        app(6, None),
        app_1=["a", "b"],
        app_5=["a"],
    )

    pages = await read(graph)

    assert jobs(pages) == [(1, "a"), (1, "b"), (5, "a")]
    asked = [line for line in graph.asked if line.endswith("/jobs")]
    assert asked == [jobs_of(1), jobs_of(5), jobs_of(6)]
    assert pages[-1].is_last
    assert pages[-1].caveat is None


async def test_an_app_that_knows_no_jobs_is_passed_over() -> None:
    graph = tenant(app(1), app(2), app_1=["a"], app_2=["b"])
    refusing(graph, {1: refused(404, "Request_ResourceNotFound")})

    pages = await read(graph)

    assert jobs(pages) == [(2, "b")]
    assert pages[-1].caveat is None


async def test_apps_that_refuse_are_counted_and_the_others_read() -> None:
    many = [app(number) for number in range(1, 46)]
    graph = tenant(*many, app_1=["a"], app_45=["z"])
    no = refused(403, "Authorization_RequestDenied", "Not this one.")
    refusing(graph, {2: no, 30: no, 31: refused(404, "NotFound")})

    pages = await read(graph)

    assert jobs(pages) == [(1, "a"), (45, "z")]
    assert [page.caveat is None for page in pages[:-1]] == [True] * (len(pages) - 1)
    assert "2 of 45 that were asked would not tell" in (pages[-1].caveat or "")
    unread = {owner.int for page in pages for owner in page.unread}
    assert unread == {2, 30}


async def test_where_all_refuse_nothing_was_read() -> None:
    graph = tenant(app(1), app(2), app_1=["a"])
    no = refused(403, "Authorization_RequestDenied")
    refusing(graph, {1: no, 2: no})

    with pytest.raises(PermissionMissingError) as caught:
        await read(graph)

    assert caught.value.role == "Synchronization.Read.All"


@pytest.mark.parametrize(
    ("reply", "error"),
    [
        (refused(400, "AadPremiumLicenseRequired"), UnlicensedError),
        (
            refused(403, "Authentication_RequestFromNonPremiumTenantOrB2CTenant"),
            UnlicensedError,
        ),
        (refused(500, "UnknownError"), UnavailableError),
    ],
)
async def test_what_is_about_all_of_them_ends_the_read(
    reply: httpx.Response, error: type[Exception]
) -> None:
    graph = tenant(app(1), app(2), app_2=["b"])
    refusing(graph, {1: reply})

    with pytest.raises(error):
        await read(graph)


async def test_a_tenant_without_such_apps_has_no_jobs() -> None:
    graph = tenant(app(1, owner=MICROSOFT))

    (page,) = await read(graph)

    assert (page.rows, page.is_last, page.caveat) == ([], True, None)
    assert "/$batch" not in graph.asked
