"""How a part of each data set is read."""

from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import dataclass, replace

from bot.domain.directory import DataSet
from bot.graph.client import GraphClient
from bot.graph.data_sets import COLLECTIONS, OWNED, Collection
from bot.graph.decoding.pages import PageDecoder
from bot.graph.decoding.rows import rows_of
from bot.graph.errors import GraphError, QuestionRefusedError, UnlicensedError
from bot.graph.links import is_refused
from bot.graph.marks import Span
from bot.graph.owned import OwnedReader
from bot.graph.pages import Pages
from bot.graph.spans import ReadSpan, SpanPage


def part_reader(graph: GraphClient, data_set: DataSet, *, ahead: bool) -> ReadSpan:
    """What reads any part of a data set.

    Args:
        ahead: whether the next page is asked for before the one at hand is taken.

    It raises QuestionRefusedError where the filter that makes a part is refused.
    """
    if data_set in OWNED:
        read = OwnedReader(graph, data_set, OWNED[data_set], ahead).read
    else:
        read = ObjectReader(graph, data_set, COLLECTIONS[data_set], ahead).read
    return lambda span: _filtered(read, span)


@dataclass(frozen=True)
class ObjectReader:
    """Reads a data set whose objects stand in a collection of their own."""

    graph: GraphClient
    data_set: DataSet
    collection: Collection
    ahead: bool

    async def read(self, span: Span) -> AsyncGenerator[SpanPage]:
        """Yield the pages of a part, without what the collection may refuse if it does.

        Raises: as `Pages.chain`.
        """
        has_begun = False
        try:
            async with aclosing(self._read(self.collection, span)) as pages:
                async for page in pages:
                    has_begun = True
                    yield page
        except GraphError as error:
            is_final = has_begun or isinstance(error, UnlicensedError)
            if is_final or not self.collection.undocumented or not is_refused(error):
                raise
        else:
            return
        plain = replace(span, link=None)
        async with aclosing(self._read(self.collection.documented(), plain)) as pages:
            async for page in pages:
                yield page

    async def _read(
        self, collection: Collection, span: Span
    ) -> AsyncGenerator[SpanPage]:
        request = collection.request(span.condition)
        decoder = PageDecoder(self.data_set, collection.item)
        pages = Pages(self.graph, decoder, self.ahead)
        async with aclosing(pages.resumed(request, span.link)) as chain:
            async for fetched in chain:
                rows = rows_of(self.data_set, fetched.page.value)
                # While a page waits to be stored its objects are not held as well.
                fetched.page.value.clear()
                yield SpanPage(rows, fetched.page.next_link, fetched.resource_units)


async def _filtered(read: ReadSpan, span: Span) -> AsyncGenerator[SpanPage]:
    """Read a part; its first refusal may be about the filter that makes it a part."""
    has_begun = False
    try:
        async with aclosing(read(span)) as pages:
            async for page in pages:
                has_begun = True
                yield page
    except GraphError as error:
        if span.condition is None or has_begun or not is_refused(error):
            raise
        raise QuestionRefusedError(error) from error
