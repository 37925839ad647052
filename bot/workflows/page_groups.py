"""Pages that are ready together, to be committed together."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import aclosing

from bot.graph.reading import ReadPage

# A commit has a price of its own, so small pages share one; but a click that wants to
# write waits for its end, so two of Graph's largest pages (999) do not.
ROWS_TOGETHER = 900


async def grouped(
    pages: AsyncGenerator[ReadPage], most_rows: int = ROWS_TOGETHER
) -> AsyncGenerator[list[ReadPage]]:
    """Yield pages in their order, several at once where the reader is ahead.

    One more is asked for while a group is written. An error comes after the pages that
    came before it.
    """
    async with aclosing(pages):
        coming = _next_of(pages)
        try:
            while (page := await coming) is not None:
                group, rows = [page], len(page.rows)
                coming = _next_of(pages)
                while rows < most_rows and (ready := await _ready(coming)) is not None:
                    group.append(ready)
                    rows += len(ready.rows)
                    coming = _next_of(pages)
                yield group
        finally:
            coming.cancel()
            await asyncio.gather(coming, return_exceptions=True)


def _next_of(pages: AsyncGenerator[ReadPage]) -> asyncio.Task[ReadPage | None]:
    async def take() -> ReadPage | None:
        return await anext(pages, None)

    return asyncio.create_task(take())


async def _ready(coming: asyncio.Task[ReadPage | None]) -> ReadPage | None:
    """The next page if nobody has to wait for it."""
    await asyncio.sleep(0)
    is_there = coming.done() and not coming.cancelled() and not coming.exception()
    return coming.result() if is_there else None
