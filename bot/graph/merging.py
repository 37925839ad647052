"""Several sources read side by side, what they give told as it comes."""

import asyncio
from collections.abc import AsyncGenerator, Iterable, Iterator
from contextlib import aclosing
from dataclasses import dataclass
from typing import TypeVar

T = TypeVar("T")

_HELD = 2  # items that are ready before anybody takes them


@dataclass(frozen=True)
class _Ended:
    error: Exception | None = None


async def merged(sources: Iterable[AsyncGenerator[T]], width: int) -> AsyncGenerator[T]:
    """Yield what sources yield, `width` of them read at once, in the order it comes.

    Each source holds one item until there is room for it. The first error ends all.
    """
    waiting = iter(sources)
    items: asyncio.Queue[T | _Ended] = asyncio.Queue(_HELD)
    readers = [asyncio.create_task(_read(waiting, items)) for _ in range(width)]
    left = width
    try:
        while left > 0:
            item = await items.get()
            if not isinstance(item, _Ended):
                yield item
            elif item.error is not None:
                raise item.error
            else:
                left -= 1
    finally:
        for reader in readers:
            reader.cancel()
        await asyncio.gather(*readers, return_exceptions=True)


async def _read(
    waiting: Iterator[AsyncGenerator[T]], items: asyncio.Queue[T | _Ended]
) -> None:
    try:
        for source in waiting:
            async with aclosing(source):
                async for item in source:
                    await items.put(item)
    except Exception as error:  # noqa: BLE001 - raised where the items are taken
        await items.put(_Ended(error))
    else:
        await items.put(_Ended())
