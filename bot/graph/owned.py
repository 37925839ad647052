"""Owned collections: a few owned objects come with each owner, the rest is fetched.

Expanding costs no more than listing the owners, and Graph expands at most twenty
objects without a link to more. So an owner that came with twenty is asked for all that
it has, twenty owners in a call.
"""

from collections.abc import AsyncGenerator, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from bot.domain.directory import DataSet
from bot.domain.directory_rows import DirectoryRow
from bot.graph.batching import MAX_REQUESTS
from bot.graph.client import GraphClient
from bot.graph.data_sets import MOST_EXPANDED, OwnedCollection
from bot.graph.decoding.pages import PageDecoder
from bot.graph.decoding.rows import distinct, made
from bot.graph.errors import ObjectNotFoundError
from bot.graph.marks import Span
from bot.graph.pages import Pages
from bot.graph.requests import GraphRequest
from bot.graph.spans import SpanPage


@dataclass(frozen=True)
class OwnedReader:
    """Reads one owned data set.

    Args:
        graph: a client with the patience for many requests.
    """

    graph: GraphClient
    data_set: DataSet
    collection: OwnedCollection

    async def read(self, span: Span) -> AsyncGenerator[SpanPage]:
        """Yield a part's rows; the part moves on only when its page is complete."""
        owners = self.collection.owners
        pages = Pages(self.graph, PageDecoder(self.data_set, owners.item))
        async for fetched in pages.chain(owners.request(span.condition), span.link):
            found, link = fetched.page.value, fetched.page.next_link
            full = [owner.id for owner in found if _may_have_more(owner)]
            units = fetched.resource_units
            async for rows in self._completed(full):
                yield SpanPage(rows, None, units, moves=False)
                units = 0
            few = [owner for owner in found if not _may_have_more(owner)]
            yield SpanPage(self._rows(few), link, units)

    def _rows(self, owners: Sequence[Any]) -> list[DirectoryRow]:
        rows: list[DirectoryRow] = made(
            self.data_set,
            lambda: [one.row_in(owner.id) for owner in owners for one in owner.owned],
        )
        return distinct(self.data_set, rows)

    async def _completed(
        self, owners: list[UUID]
    ) -> AsyncGenerator[list[DirectoryRow]]:
        for start in range(0, len(owners), MAX_REQUESTS):
            async for rows in self._all_of(owners[start : start + MAX_REQUESTS]):
                yield rows

    async def _all_of(self, owners: list[UUID]) -> AsyncGenerator[list[DirectoryRow]]:
        """Yield all that twenty owners have; one deleted meanwhile has nothing."""
        requests = [self.collection.request(str(owner)) for owner in owners]
        decoder = PageDecoder(self.data_set, self.collection.item)
        rows: list[DirectoryRow] = []
        for owner, answer in zip(owners, await self.graph.batch(requests), strict=True):
            if isinstance(answer.error, ObjectNotFoundError):
                continue
            page = decoder.convert(answer.value())
            rows += self._owned_rows(owner, page.value)
            if page.next_link is not None:
                yield rows
                rows = []
                async for more in self._rest(answer.request, owner, page.next_link):
                    yield more
        yield distinct(self.data_set, rows)

    async def _rest(
        self, request: GraphRequest, owner: UUID, link: str
    ) -> AsyncGenerator[list[DirectoryRow]]:
        pages = Pages(self.graph, PageDecoder(self.data_set, self.collection.item))
        async for fetched in pages.chain(request, link):
            yield self._owned_rows(owner, fetched.page.value)

    def _owned_rows(self, owner: UUID, items: Sequence[Any]) -> list[DirectoryRow]:
        rows: list[DirectoryRow] = made(
            self.data_set, lambda: [item.row_in(owner) for item in items]
        )
        return distinct(self.data_set, rows)


def _may_have_more(owner: Any) -> bool:
    return len(owner.owned) >= MOST_EXPANDED
