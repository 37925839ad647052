"""Reads one part of a collection, page after page, from wherever it stands."""

import asyncio
from collections.abc import AsyncGenerator, Mapping
from contextlib import aclosing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Generic, TypeVar

from bot.graph.client import GraphClient
from bot.graph.decoding.pages import Page, PageDecoder
from bot.graph.errors import EndlessListError, GraphError, UnreadablePageError
from bot.graph.links import checked_link, is_refused, stray_link
from bot.graph.requests import GraphRequest

T = TypeVar("T")

MOST_PAGES = 20_000  # of one part: twenty million users in one chain
_TRIES = 3  # of a page that comes cut off
_PAUSE = timedelta(seconds=1)


@dataclass(frozen=True)
class Fetched(Generic[T]):
    """A page, and its cost in resource units as Graph told (0 where it did not).

    Attributes:
        answered_at: the time by Microsoft's clock; None where the answer did not tell.
    """

    page: Page[T]
    resource_units: int
    answered_at: datetime | None = None


@dataclass(frozen=True)
class Pages(Generic[T]):
    """Reads and decodes pages of one shape.

    Attributes:
        ahead: whether the next page is on its way while one is taken care of. It hides
            a round trip where pages are read one after the other, and holds two.
    """

    graph: GraphClient
    decoder: PageDecoder[T]
    ahead: bool = True

    async def chain(
        self, request: GraphRequest, link: str | None = None
    ) -> AsyncGenerator[Fetched[T]]:
        """Yield the pages of a request, or those from a link on.

        Raises:
            ForeignLinkError: a next link leads away, or to where the chain was.
            EndlessListError: it does not end.
            GraphError, SignInError: as every read; what came is then incomplete.
        """
        seen: set[int] = set()
        coming = asyncio.create_task(self.fetch(request, link))
        try:
            for _ in range(MOST_PAGES):
                fetched = await coming
                following = self._following(fetched, seen)
                if following is not None and self.ahead:
                    coming = asyncio.create_task(self.fetch(request, following))
                yield fetched
                if following is None:
                    return
                if not self.ahead:
                    coming = asyncio.create_task(self.fetch(request, following))
        finally:
            coming.cancel()
            await asyncio.gather(coming, return_exceptions=True)
        raise EndlessListError(MOST_PAGES)

    def _following(self, fetched: Fetched[T], seen: set[int]) -> str | None:
        link = fetched.page.next_link
        if link is None:
            return None
        if hash(link) in seen:
            raise stray_link(link)
        seen.add(hash(link))
        return checked_link(self.graph.hosts, link)

    async def resumed(
        self, request: GraphRequest, link: str | None
    ) -> AsyncGenerator[Fetched[T]]:
        """As `chain`; from its beginning where a stored link is no longer taken."""
        has_begun = False
        try:
            async with aclosing(self.chain(request, link)) as chain:
                async for fetched in chain:
                    has_begun = True
                    yield fetched
        except GraphError as error:
            if has_begun or link is None or not is_refused(error):
                raise
        else:
            return
        async with aclosing(self.chain(request)) as chain:
            async for fetched in chain:
                yield fetched

    async def fetch(self, request: GraphRequest, link: str | None) -> Fetched[T]:
        """Read one page; one that comes cut off is asked for again."""
        for left in reversed(range(_TRIES)):
            answer = await self.graph.answered(request, link)
            try:
                page = self.decoder.decode(answer.content)
            except UnreadablePageError:
                if left == 0:
                    raise
                await self.graph.clock.sleep(_PAUSE)
            else:
                return Fetched(
                    page, resource_units(answer.headers), answered_at(answer.headers)
                )
        raise AssertionError("the last try returns or raises")


def resource_units(headers: Mapping[str, str]) -> int:
    """What an answer cost by its own word; 0 where it does not say."""
    told = headers.get("x-ms-resource-unit", "")
    return int(told) if told.isascii() and told.isdigit() else 0


def answered_at(headers: Mapping[str, str]) -> datetime | None:
    """The Date of an answer, to the second; None where it has none that can be read."""
    try:
        told = parsedate_to_datetime(headers.get("Date", ""))
    except ValueError:
        return None
    # A date without a zone ("-0000") is UTC by RFC 5322, 3.3.
    return told.replace(tzinfo=UTC) if told.tzinfo is None else told
