"""Several sources at once: everything comes, errors too, and nothing stays open."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import aclosing

import pytest

from bot.graph.merging import merged

pytestmark = pytest.mark.quick


class Sources:
    """Sources that count how many are read at once, and at most were."""

    def __init__(self) -> None:
        self.open = self.most = 0

    async def numbers(self, *numbers: int) -> AsyncGenerator[int]:
        self.open += 1
        self.most = max(self.most, self.open)
        try:
            for number in numbers:
                await asyncio.sleep(0)
                yield number
        finally:
            self.open -= 1


async def test_all_items_come_each_source_in_its_order() -> None:
    sources = Sources()
    tens = [range(start, start + 5) for start in range(0, 60, 10)]

    found = [n async for n in merged((sources.numbers(*ten) for ten in tens), 3)]

    assert sorted(found) == [number for ten in tens for number in ten]
    for ten in tens:
        assert [n for n in found if n in ten] == list(ten)
    assert (sources.most, sources.open) == (3, 0)


async def test_nothing_gives_nothing() -> None:
    sources: list[AsyncGenerator[int]] = []

    assert [n async for n in merged(sources, 0)] == []
    assert [n async for n in merged(sources, 4)] == []


async def test_the_first_error_ends_all() -> None:
    sources = Sources()

    async def broken() -> AsyncGenerator[int]:
        yield 1
        raise ValueError("cut")

    with pytest.raises(ValueError, match="cut"):
        async for _ in merged([sources.numbers(*range(1_000)), broken()], 2):
            pass
    assert sources.open == 0


async def test_who_stops_early_closes_all() -> None:
    sources = Sources()
    endless = [sources.numbers(*range(1_000)) for _ in range(4)]

    async with aclosing(merged(endless, 2)) as items:
        await anext(items)

    assert (sources.most, sources.open) == (2, 0)


async def test_no_more_is_read_ahead_than_there_is_room_for() -> None:
    taken = 0

    async def counted() -> AsyncGenerator[int]:
        nonlocal taken
        for taken in range(1, 1_000):
            yield taken

    async with aclosing(merged([counted()], 1)) as items:
        await anext(items)
        for _ in range(50):
            await asyncio.sleep(0)

    assert taken <= 5
