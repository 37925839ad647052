"""Owned collections: a few owned objects come with each owner, the rest is fetched.

Expanding costs no more than listing the owners, and Graph expands at most twenty
objects without a link to more. So an owner that came with twenty is asked for all that
it has, twenty owners in a call.
"""

import asyncio
from collections import deque
from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from dataclasses import dataclass, field, replace
from typing import Any
from uuid import UUID

from bot.domain.directory import DataSet
from bot.domain.rows import DirectoryRow
from bot.graph.batching import MAX_REQUESTS
from bot.graph.client import GraphClient
from bot.graph.data_sets import MOST_EXPANDED, OwnedCollection
from bot.graph.decoding.pages import PageDecoder
from bot.graph.decoding.rows import distinct, made
from bot.graph.errors import GraphError, ObjectNotFoundError
from bot.graph.links import is_refused
from bot.graph.marks import Span
from bot.graph.pages import Fetched, Pages
from bot.graph.refused_owners import RefusedOwners
from bot.graph.requests import GraphRequest
from bot.graph.spans import SpanPage

_CALLS_AHEAD = 4


@dataclass(frozen=True)
class OwnedReader:
    """Reads one owned data set.

    Args:
        graph: a client with the patience for many requests.
        ahead: whether owners are asked for before those at hand are complete.
    """

    graph: GraphClient
    data_set: DataSet
    collection: OwnedCollection
    ahead: bool
    refused: RefusedOwners = field(default_factory=RefusedOwners)

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
        async with aclosing(self._completed(full)) as completed:
            async for rows in completed:
                yield SpanPage(rows, None, 0, moves=False)
        few = [owner for owner in found if not _may_have_more(owner)]
        caveat = self.refused.caveat() if link is None else None
        yield SpanPage(
            self._rows(few),
            link,
            fetched.resource_units,
            caveat=caveat,
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
        rows: list[DirectoryRow] = made(
            self.data_set,
            lambda: [one.row_in(owner.id) for owner in owners for one in owner.owned],
        )
        return distinct(self.data_set, rows)

    async def _completed(
        self, owners: list[UUID]
    ) -> AsyncGenerator[list[DirectoryRow]]:
        """Yield all that owners have, some calls ahead of whoever takes the rows."""
        ahead: deque[asyncio.Task[_Owned]] = deque()
        try:
            for start in range(0, len(owners), MAX_REQUESTS):
                some = owners[start : start + MAX_REQUESTS]
                ahead.append(asyncio.create_task(self._first_pages(some)))
                if len(ahead) >= _CALLS_AHEAD:
                    async for rows in self._all_of(await ahead.popleft()):
                        yield rows
            while ahead:
                async for rows in self._all_of(await ahead.popleft()):
                    yield rows
        finally:
            for call in ahead:
                call.cancel()
            await asyncio.gather(*ahead, return_exceptions=True)

    async def _first_pages(self, owners: list[UUID]) -> "_Owned":
        """Ask twenty owners at once; one deleted meanwhile has nothing."""
        requests = [self.collection.request(str(owner)) for owner in owners]
        decoder = PageDecoder(self.data_set, self.collection.item)
        owned = _Owned([], [])
        answers = await self.graph.batch(requests)
        self.refused.asked += len(answers)
        for owner, answer in zip(owners, answers, strict=True):
            if answer.error is not None and self._passes_over(owner, answer.error):
                continue
            page = decoder.convert(answer.value())
            owned.rows.extend(self._owned_rows(owner, page.value))
            if page.next_link is not None:
                owned.rest.append((answer.request, owner, page.next_link))
        return owned

    def _passes_over(self, owner: UUID, error: GraphError) -> bool:
        if isinstance(error, ObjectNotFoundError):
            return True  # gone meanwhile, or known not to own such things
        return self.collection.forgiving and self.refused.forgives(owner, error)

    async def _all_of(self, owned: "_Owned") -> AsyncGenerator[list[DirectoryRow]]:
        yield distinct(self.data_set, owned.rows)
        pages = Pages(self.graph, PageDecoder(self.data_set, self.collection.item))
        for request, owner, link in owned.rest:
            async for fetched in pages.chain(request, link):
                yield self._owned_rows(owner, fetched.page.value)

    def _owned_rows(self, owner: UUID, items: Sequence[Any]) -> list[DirectoryRow]:
        rows: list[DirectoryRow] = made(
            self.data_set, lambda: [item.row_in(owner) for item in items]
        )
        return distinct(self.data_set, rows)


@dataclass(frozen=True)
class _Owned:
    """What owners had on their first pages, and where some have more."""

    rows: list[DirectoryRow]
    rest: list[tuple[GraphRequest, UUID, str]]


def _may_have_more(owner: Any) -> bool:
    return owner.owned is None or len(owner.owned) >= MOST_EXPANDED
