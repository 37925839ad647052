"""Ranges are found in the data: whatever it looks like, nothing is missed."""

import asyncio
from contextlib import aclosing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.directory import DataSet
from bot.graph.data_sets import COLLECTIONS
from bot.graph.errors import GraphError, UnavailableError
from bot.graph.marks import Span
from bot.graph.quota_costs import IDENTITY, TenantSize
from bot.graph.ranges import WHOLE, find_spans
from bot.graph.reading import WIDTH, DirectoryReader, ReadPage
from tests.graph.small_graph import SmallGraph, matching, refused
from tests.graph.virtual_time import START

USERS = COLLECTIONS[DataSet.USERS]
DAY = 86_400
_BEGAN = datetime(2010, 1, 1, tzinfo=UTC)


def people(created: list[datetime | None]) -> list[dict[str, Any]]:
    """Users created at these times."""
    return [
        {
            "id": str(UUID(int=number)),
            "displayName": f"Person {number}",
            "createdDateTime": at and at.strftime("%Y-%m-%dT%H:%M:%SZ"),
        }
        for number, at in enumerate(created)
    ]


def spread(count: int) -> list[datetime | None]:
    """A slow start, a merger in one night, then hundreds a day."""
    merger = datetime(2021, 6, 5, 22, tzinfo=UTC)
    times = [
        datetime(2013, 1, 1, tzinfo=UTC) + n * timedelta(days=9) for n in range(99)
    ]
    times += [merger + timedelta(seconds=n // 3) for n in range(count // 2)]
    rest = count - len(times)
    times += [START - timedelta(days=400) * (n / rest) for n in range(rest)]
    return list(times)


async def read(graph: SmallGraph, **options: Any) -> list[ReadPage]:
    """Read all users; give the pages."""
    reader = DirectoryReader(graph.client())
    told: list[list[ReadPage]] = await graph.clock.run(
        _collected(reader, options),
    )
    return told[0]


async def _collected(
    reader: DirectoryReader, options: dict[str, Any]
) -> list[ReadPage]:
    return [page async for page in reader.full(DataSet.USERS, **options)]


def ids(pages: list[ReadPage]) -> set[UUID]:
    return {row[0] for page in pages for row in page.rows}  # type: ignore[misc]  # users


def chains(graph: SmallGraph) -> list[str]:
    """The first pages that were asked for."""
    return [
        line
        for line in graph.asked
        if line.startswith("/users?") and "$skiptoken" not in line
    ]


async def test_a_large_directory_is_read_in_ranges_of_like_size() -> None:
    graph = SmallGraph({"/users": people(spread(20_000))})

    pages = await read(graph)

    assert ids(pages) == {UUID(int=n) for n in range(20_000)}
    assert WIDTH <= len(chains(graph)) <= WIDTH * 1.5 + 1
    assert sum("$count" in line for line in graph.asked) < 110
    assert max(_sizes(graph)) < 3 * 20_000 / WIDTH
    assert [page.is_last for page in pages].count(True) == 1
    assert pages[-1].is_last


async def test_ranges_once_found_are_not_counted_again() -> None:
    """A read that dies right after its first commit goes on with the same ranges."""
    graph = SmallGraph({"/users": people(spread(20_000))})
    first = (await read(graph))[0]
    assert first.rows == []
    graph.asked.clear()

    pages = await read(graph, resume=first.mark)

    assert ids(pages) == {UUID(int=n) for n in range(20_000)}
    assert not any("$count" in line for line in graph.asked)


def _sizes(graph: SmallGraph) -> list[int]:
    """At most how many people each range held."""
    held: dict[str, int] = {}
    for line in graph.asked:
        if line.startswith("/users?"):
            name = line.split("$filter=")[-1].split("&")[0]
            held[name] = held.get(name, 0) + 999
    return list(held.values())


async def test_a_small_one_is_read_in_one_chain() -> None:
    graph = SmallGraph({"/users": people(spread(4_000))})

    pages = await read(graph)

    assert len(ids(pages)) == 4_000
    assert len(chains(graph)) == 1


times_of_creation = st.one_of(
    st.none(),
    st.integers(-400 * DAY, 5_900 * DAY).map(lambda s: _BEGAN + timedelta(seconds=s)),
    st.sampled_from([START, datetime(2020, 2, 2, tzinfo=UTC)]),
)


@settings(max_examples=150, deadline=None)
@given(
    created=st.lists(times_of_creation, min_size=16, max_size=200),
    width=st.integers(2, 20),
)
def test_nobody_is_missed_whenever_they_were_created(
    created: list[datetime | None], width: int
) -> None:
    """With pages of a single person, few people need as many ranges as a company."""
    graph = SmallGraph({"/users": people(created)})
    one_by_one = replace(USERS, top=1)

    async def find() -> tuple[Span, ...]:
        found = graph.clock.run(find_spans(graph.client(), one_by_one, width))
        return tuple((await found)[0])

    spans = asyncio.run(find())

    everybody = graph.collections["/users"]
    found = [one["id"] for s in spans for one in matching(everybody, s.condition or "")]
    assert set(found) == {one["id"] for one in everybody}
    assert len(spans) <= width + width // 2 + 2


async def test_people_of_unknown_age_are_a_range_of_their_own() -> None:
    graph = SmallGraph({"/users": people([*spread(17_000), *[None] * 500])})

    pages = await read(graph)

    assert len(ids(pages)) == 17_500
    assert sum("eq null" in line for line in chains(graph)) == 1


@pytest.mark.parametrize("what", ["counting", "filters", "null"])
async def test_where_something_is_refused_one_chain_reads_all(what: str) -> None:
    def refusing(request: httpx.Request) -> httpx.Response | None:
        asked = str(request.url.copy_with(query=request.url.query))
        is_count, is_filtered = "$count" in asked, "filter=" in asked
        hit = {
            "counting": is_count,
            "filters": is_filtered and not is_count,
            "null": "eq%20null" in asked,
        }[what]
        return refused(400, "Request_UnsupportedQuery") if hit else None

    graph = SmallGraph({"/users": people([*spread(17_000), *[None] * 500])}, refusing)

    pages = await read(graph)

    assert len(ids(pages)) == 17_500
    assert sum("filter" not in line for line in chains(graph)) == 1
    assert pages[-1].is_last


async def test_counts_that_lie_lead_to_one_chain() -> None:
    """The index has forgotten people: ranges by its counts would miss them."""

    def forgetful(request: httpx.Request) -> httpx.Response | None:
        if request.url.path.endswith("$count") and b"filter" not in request.url.query:
            return httpx.Response(200, text="17999")
        return None

    graph = SmallGraph({"/users": people(spread(17_000))}, forgetful)

    assert await graph.clock.run(find_spans(graph.client(), USERS, 16)) == [WHOLE]


async def test_a_permission_that_is_missing_is_no_reason_to_try_otherwise() -> None:
    graph = SmallGraph(first=lambda _: refused(403, "Authorization_RequestDenied"))

    with pytest.raises(GraphError) as caught:
        await graph.clock.run(find_spans(graph.client(), USERS, 16))

    assert caught.value.status == 403
    assert len(graph.asked) == 1


async def test_the_quota_learns_how_large_the_tenant_is() -> None:
    graph = SmallGraph({"/users": people(spread(17_000))})
    client = graph.client()

    await graph.clock.run(find_spans(client, USERS, 16))

    assert client.quota is not None
    bucket = client.quota._buckets
    assert IDENTITY[TenantSize.LARGE] in [one.limit for one in bucket.values()]


@pytest.mark.parametrize("width", [1, 16])
async def test_killed_anywhere_it_goes_on_from_what_is_committed(width: int) -> None:
    """Each run ends at a page that is fetched but not committed; none is read again."""
    graph = SmallGraph({"/users": people(spread(20_000))})
    committed: list[ReadPage] = []
    runs = 0
    while not (committed and committed[-1].is_last):
        runs += 1
        mark = committed[-1].mark if committed else None
        committed += (await graph.clock.run(_some_pages(graph, mark, width)))[0]

    assert runs > 5
    assert ids(committed) == {UUID(int=n) for n in range(20_000)}
    assert sum(len(page.rows) for page in committed) <= 20_000 + 40  # shared borders
    assert committed[-1].is_last


async def _some_pages(
    graph: SmallGraph, mark: str | None, width: int
) -> list[ReadPage]:
    pages: list[ReadPage] = []
    reader = DirectoryReader(graph.client())
    async with aclosing(reader.full(DataSet.USERS, resume=mark, width=width)) as told:
        async for page in told:
            if len(pages) == 4:
                break  # this one is lost
            pages.append(page)
    return pages


async def test_a_finished_read_that_crashed_before_its_sweep_ends_at_once() -> None:
    graph = SmallGraph({"/users": people(spread(500))})
    pages = await read(graph)
    graph.asked.clear()

    again = await read(graph, resume=pages[-1].mark)

    assert [(page.rows, page.is_last) for page in again] == [([], True)]
    assert graph.asked == []


async def test_a_page_token_that_ran_out_begins_its_range_anew() -> None:
    graph = SmallGraph({"/users": people(spread(17_000))})
    first, *_ = await read(graph, width=1)
    graph.first = _tokens_ran_out

    pages = await read(graph, resume=first.mark, width=1)

    assert ids(pages) == {UUID(int=n) for n in range(17_000)}


_ran_out: list[str] = []


def _tokens_ran_out(request: httpx.Request) -> httpx.Response | None:
    if b"skiptoken" in request.url.query and not _ran_out:
        _ran_out.append(str(request.url))
        return refused(400, "Directory_ExpiredPageToken")
    return None


async def test_a_mark_of_another_time_begins_anew() -> None:
    graph = SmallGraph({"/users": people(spread(500))})

    pages = await read(graph, resume='{"version": 0}')

    assert len(ids(pages)) == 500


async def test_one_range_that_fails_ends_the_read() -> None:
    def fails_late(request: httpx.Request) -> httpx.Response | None:
        if b"2021" in request.url.query and b"skiptoken" in request.url.query:
            return httpx.Response(503)
        return None

    graph = SmallGraph({"/users": people(spread(18_000))}, fails_late)

    with pytest.raises(UnavailableError):
        await read(graph)
