"""Several parts of a collection read side by side, their pages told one by one."""

from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing
from dataclasses import dataclass
from uuid import UUID

from bot.domain.rows import DirectoryRow
from bot.graph.marks import Mark, Span
from bot.graph.merging import merged


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
    sources = (_numbered(index, read(mark.spans[index])) for index in waiting)
    async with aclosing(merged(sources, min(width, len(waiting)))) as pages:
        async for index, page in pages:
            if page.moves:
                mark = mark.moved(index, page.link)
            yield page, mark


async def _numbered(
    index: int, pages: AsyncGenerator[SpanPage]
) -> AsyncGenerator[tuple[int, SpanPage]]:
    async with aclosing(pages):
        async for page in pages:
            yield index, page
