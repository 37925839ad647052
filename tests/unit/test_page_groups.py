"""Pages that are ready are grouped, in their order, and none is held back or lost."""

import asyncio
from collections.abc import AsyncGenerator
from uuid import UUID

import pytest

from bot.domain.directory_rows import MembershipRow
from bot.graph.reading import ReadPage
from bot.workflows.page_groups import grouped

pytestmark = pytest.mark.quick


def page(name: str, rows: int = 1) -> ReadPage:
    """A page with so many rows."""
    return ReadPage([MembershipRow(UUID(int=1), UUID(int=2), None)] * rows, name)


def marks(groups: list[list[ReadPage]]) -> list[str]:
    """Names of the pages, a word for each group."""
    return ["".join(page.mark for page in group) for group in groups]


async def test_what_is_ready_goes_together_up_to_the_limit() -> None:
    async def ready() -> AsyncGenerator[ReadPage]:
        for name in "abcdefg":
            yield page(name, rows=2)

    assert marks([g async for g in grouped(ready(), 4)]) == ["ab", "cd", "ef", "g"]
    assert marks([g async for g in grouped(ready(), 1)]) == list("abcdefg")


async def test_nobody_waits_for_what_is_not_ready() -> None:
    gate = asyncio.Event()

    async def slow() -> AsyncGenerator[ReadPage]:
        yield page("a")
        await gate.wait()
        yield page("b")

    groups = grouped(slow())
    assert marks([await anext(groups)]) == ["a"]
    gate.set()
    assert marks([await anext(groups)]) == ["b"]
    assert [group async for group in groups] == []


async def test_an_error_comes_after_the_pages_before_it() -> None:
    async def broken() -> AsyncGenerator[ReadPage]:
        yield page("a")
        yield page("b")
        raise ValueError("cut")

    groups = grouped(broken())

    assert marks([await anext(groups)]) == ["ab"]
    with pytest.raises(ValueError, match="cut"):
        await anext(groups)


async def test_who_stops_early_closes_the_reader() -> None:
    closed = asyncio.Event()

    async def endless() -> AsyncGenerator[ReadPage]:
        try:
            while True:
                yield page("a")
                await asyncio.sleep(0)
        finally:
            closed.set()

    groups = grouped(endless(), 1)
    await anext(groups)
    await groups.aclose()

    assert closed.is_set()


async def test_nothing_gives_nothing() -> None:
    async def nothing() -> AsyncGenerator[ReadPage]:
        if False:
            yield page("a")

    assert [group async for group in grouped(nothing())] == []
