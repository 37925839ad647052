"""Several parts of a collection read side by side, their pages told one by one."""

import asyncio
from collections.abc import AsyncGenerator, Callable, Iterable
from contextlib import aclosing
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from bot.domain.rows import DirectoryRow
from bot.graph.marks import Mark, Span


@dataclass(frozen=True)
class SpanPage:
    """Rows of a part.

    Attributes:
        link: where the part goes on; None at its end.
        moves: False for rows that come before the end of a page: committing them does
            not yet move the part on.
        caveat: on a part's last page only: what could not be read of it.
        unread: owners of whose owned objects nothing was told.
    """

    rows: list[DirectoryRow]
    link: str | None
    resource_units: int
    moves: bool = True
    caveat: str | None = None
    unread: tuple[UUID, ...] = ()


ReadSpan = Callable[[Span], AsyncGenerator[SpanPage]]


async def side_by_side(
    mark: Mark, read: ReadSpan, width: int
) -> AsyncGenerator[tuple[SpanPage, Mark]]:
    """Read the parts that are not done, `width` at once, each page with its mark.

    A mark holds what was told up to its page and nothing that is still on its way, so
    whoever commits pages in the order they come may go on from any of them. The first
    error of a part ends all.
    """
    waiting = [i for i, span in enumerate(mark.spans) if not span.is_done]
    pages: asyncio.Queue[tuple[int, SpanPage]] = asyncio.Queue(maxsize=2)
    readers = [
        asyncio.create_task(_read(mark, waiting, read, pages))
        for _ in range(min(width, len(waiting)))
    ]
    try:
        async for index, page in _told(readers, pages):
            if page.moves:
                mark = mark.moved(index, page.link)
            yield page, mark
    finally:
        for reader in readers:
            reader.cancel()
        await asyncio.gather(*readers, return_exceptions=True)


async def _read(
    mark: Mark,
    waiting: list[int],
    read: ReadSpan,
    pages: asyncio.Queue[tuple[int, SpanPage]],
) -> None:
    while waiting:
        index = waiting.pop(0)
        async with aclosing(read(mark.spans[index])) as told:
            async for page in told:
                await pages.put((index, page))


async def _told(
    readers: list[asyncio.Task[None]],
    pages: asyncio.Queue[tuple[int, SpanPage]],
) -> AsyncGenerator[tuple[int, SpanPage]]:
    """Yield pages as they come, until all readers are done; raise what one raised."""
    reading: set[asyncio.Task[Any]] = set(readers)
    while reading or not pages.empty():
        if pages.empty():
            getting = asyncio.create_task(pages.get())
            done, _ = await asyncio.wait(
                {getting, *reading}, return_when=asyncio.FIRST_COMPLETED
            )
            reading -= done
            _raise_from(done - {getting})
            if getting.done():
                yield getting.result()
            else:
                getting.cancel()
        else:
            yield pages.get_nowait()


def _raise_from(done: Iterable[asyncio.Task[Any]]) -> None:
    for reader in done:
        reader.result()
