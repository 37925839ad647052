"""Owned collections: a few owned objects come with each owner, the rest is fetched.

Expanding costs no more than listing the owners, and Graph expands at most twenty
objects without a link to more. So an owner that came with twenty is asked for all that
it has, twenty owners in a call.
"""

import asyncio
from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from bot.domain.directory import DataSet
from bot.domain.rows import DirectoryRow
from bot.graph.batching import MAX_REQUESTS
from bot.graph.client import GraphClient
from bot.graph.data_sets import LARGEST_PAGE, MOST_EXPANDED, OwnedCollection
from bot.graph.decoding.pages import PageDecoder
from bot.graph.decoding.rows import made
from bot.graph.errors import GraphError, ObjectNotFoundError
from bot.graph.links import is_refused
from bot.graph.marks import Span
from bot.graph.merging import merged
from bot.graph.pages import Fetched, Pages
from bot.graph.refused_owners import RefusedOwners
from bot.graph.requests import GraphRequest
from bot.graph.spans import SpanPage

_CALLS_AT_ONCE = 4  # of one page
_CHAINS_AT_ONCE = 4  # of one call: groups of thousands, a page after the other
# Of all parts together: each may hold twenty pages of a thousand, some megabytes.
_CALLS_OF_ALL = 8
_CHAINS_OF_ALL = 16  # each holds a page of a thousand, and the next on its way


class OwnedReader:
    """Reads one owned data set, all its parts.

    Args:
        graph: a client with the patience for many requests.
        ahead: whether owners are asked for before those at hand are complete.
    """

    def __init__(
        self,
        graph: GraphClient,
        data_set: DataSet,
        collection: OwnedCollection,
        ahead: bool,
    ) -> None:
        self.graph, self.data_set, self.collection = graph, data_set, collection
        self.ahead = ahead
        self.inside = PageDecoder(data_set, collection.item)
        self.calls = asyncio.Semaphore(_CALLS_OF_ALL)
        self.chains = asyncio.Semaphore(_CHAINS_OF_ALL)
        self.refused = RefusedOwners()

    async def read(self, span: Span) -> AsyncGenerator[SpanPage]:
        """Yield a part's rows; the part moves on only when its page is complete."""
        async with aclosing(self._owners(span)) as owners:
            async for fetched in owners:
                async with aclosing(self._page(fetched)) as pages:
                    async for page in pages:
                        yield page

    async def _page(self, fetched: Fetched[Any]) -> AsyncGenerator[SpanPage]:
        found, link = fetched.page.value, fetched.page.next_link
        full = [owner.id for owner in found if _may_have_more(owner)]
        rows = self._rows([owner for owner in found if not _may_have_more(owner)])
        found.clear()  # rows may wait for long, and need not be held twice
        async with aclosing(self._completed(full)) as completed:
            async for more in completed:
                yield SpanPage(more, None, 0, moves=False)
        yield SpanPage(
            rows,
            link,
            fetched.resource_units,
            caveat=self.refused.caveat() if link is None else None,
            unread=self.refused.since(),
        )

    async def _owners(self, span: Span) -> AsyncGenerator[Fetched[Any]]:
        """Yield pages of owners; where Graph does not expand, with nothing in them."""
        owners = self.collection.owners
        decoder = PageDecoder(self.data_set, owners.item)
        pages = Pages(self.graph, decoder, self.ahead)
        has_begun = False
        try:
            request = owners.request(span.condition)
            async with aclosing(pages.resumed(request, span.link)) as chain:
                async for fetched in chain:
                    has_begun = True
                    yield fetched
        except GraphError as error:
            if has_begun or owners.expand is None or not is_refused(error):
                raise
        else:
            return
        bare = replace(owners, expand=None).request(span.condition)
        async with aclosing(pages.chain(bare)) as chain:
            async for fetched in chain:
                yield fetched

    def _rows(self, owners: Sequence[Any]) -> list[DirectoryRow]:
        return made(
            self.data_set,
            lambda: [one.row_in(owner.id) for owner in owners for one in owner.owned],
        )

    def _completed(self, owners: list[UUID]) -> AsyncGenerator[list[DirectoryRow]]:
        """All that owners have, twenty owners in a call, several calls at once."""
        starts = range(0, len(owners), MAX_REQUESTS)
        some = (owners[start : start + MAX_REQUESTS] for start in starts)
        return merged(map(self._all_of, some), min(_CALLS_AT_ONCE, len(starts)))

    async def _all_of(self, owners: list[UUID]) -> AsyncGenerator[list[DirectoryRow]]:
        """Yield what some owners have: first pages, then those that have more."""
        rest: list[_Rest] = []
        firsts = self._first_pages(owners, rest)
        async with self.calls, aclosing(firsts):
            async for rows in firsts:
                yield rows
        chains = merged(map(self._rest_of, rest), min(_CHAINS_AT_ONCE, len(rest)))
        async with aclosing(chains):
            async for rows in chains:
                yield rows

    async def _first_pages(
        self, owners: list[UUID], rest: "list[_Rest]"
    ) -> AsyncGenerator[list[DirectoryRow]]:
        """Ask owners at once, and note who has more; one gone meanwhile has nothing."""
        requests = [self.collection.request(str(owner)) for owner in owners]
        answers = await self.graph.batch(requests)
        self.refused.asked += len(answers)
        rows: list[DirectoryRow] = []
        for owner, answer in zip(owners, answers, strict=True):
            if answer.error is not None and self._passes_over(owner, answer.error):
                continue
            page = self.inside.decode(answer.content())
            rows += self._owned_rows(owner, page.value)
            if page.next_link is not None:
                rest.append(_Rest(answer.request, owner, page.next_link))
            if len(rows) >= LARGEST_PAGE:
                yield rows
                rows = []
        yield rows

    def _passes_over(self, owner: UUID, error: GraphError) -> bool:
        if isinstance(error, ObjectNotFoundError):
            return True  # gone meanwhile, or known not to own such things
        return self.collection.forgiving and self.refused.forgives(owner, error)

    async def _rest_of(self, rest: "_Rest") -> AsyncGenerator[list[DirectoryRow]]:
        pages = Pages(self.graph, self.inside)
        chain = pages.chain(rest.request, rest.link)
        async with self.chains, aclosing(chain):
            async for fetched in chain:
                yield self._owned_rows(rest.owner, fetched.page.value)

    def _owned_rows(self, owner: UUID, items: Sequence[Any]) -> list[DirectoryRow]:
        return made(self.data_set, lambda: [item.row_in(owner) for item in items])


@dataclass(frozen=True)
class _Rest:
    """Where one owner has more than its first page."""

    request: GraphRequest
    owner: UUID
    link: str


def _may_have_more(owner: Any) -> bool:
    return owner.owned is None or len(owner.owned) >= MOST_EXPANDED
