"""Pages that came while others were written, to be written together."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import aclosing

from bot.graph.reading import ReadPage

# Rows of random keys are written sooner the more of them are put in order first, but
# until then they are in memory.
ROWS_TOGETHER = 3_000


async def grouped(
    pages: AsyncGenerator[ReadPage], most_rows: int = ROWS_TOGETHER
) -> AsyncGenerator[list[ReadPage]]:
    """Yield pages in their order, together what came while the last group was written.

    So a writer who is behind gets large groups, and one who waits small ones. An error
    comes after the pages that came before it.

    Args:
        most_rows: no page is asked for while so many wait.
    """
    waiting = _Waiting(most_rows)
    async with aclosing(pages):
        pulling = asyncio.create_task(waiting.fill(pages))
        try:
            while group := await waiting.take():
                yield group
            await pulling
        finally:
            pulling.cancel()
            await asyncio.gather(pulling, return_exceptions=True)


class _Waiting:
    """Pages between who reads and who writes."""

    def __init__(self, most_rows: int) -> None:
        self._most_rows = most_rows
        self._pages: list[ReadPage] = []
        self._rows = 0
        self._has_ended = False
        self._is_to_take, self._has_room = asyncio.Event(), asyncio.Event()

    async def fill(self, pages: AsyncGenerator[ReadPage]) -> None:
        """Ask for pages until there are none, or as long as there is room."""
        try:
            async for page in pages:
                self._pages.append(page)
                self._rows += len(page.rows)
                self._is_to_take.set()
                if self._rows >= self._most_rows:
                    self._has_room.clear()
                    await self._has_room.wait()
        finally:
            self._has_ended = True
            self._is_to_take.set()

    async def take(self) -> list[ReadPage]:
        """All that wait, as soon as one does; none when all were taken."""
        await self._is_to_take.wait()
        taken, self._pages, self._rows = self._pages, [], 0
        if not self._has_ended:
            self._is_to_take.clear()
        self._has_room.set()
        return taken
