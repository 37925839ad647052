"""Reads a directory's data sets: as a whole, and what changed since."""

import asyncio
from collections.abc import AsyncGenerator, Hashable
from contextlib import aclosing
from dataclasses import dataclass, field, replace
from datetime import timedelta
from uuid import UUID

from bot.domain.directory import DataSet
from bot.domain.rows import DirectoryRow
from bot.graph.absence import absence_told, is_missing
from bot.graph.client import GraphClient
from bot.graph.data_sets import COLLECTIONS, OWNED, Collection
from bot.graph.decoding.changes import Changes, membership_changes, object_changes
from bot.graph.decoding.pages import Page, PageDecoder
from bot.graph.errors import (
    DeltaExpiredError,
    GraphError,
    NotInCloudError,
    QuestionRefusedError,
    UnreadablePageError,
)
from bot.graph.links import is_ours, is_refused, stray_link
from bot.graph.marks import Mark, read_mark
from bot.graph.pages import Fetched, Pages
from bot.graph.parts import part_reader
from bot.graph.patience import Patience
from bot.graph.ranges import WHOLE, find_spans
from bot.graph.requests import Json
from bot.graph.spans import SpanPage, side_by_side

# Parts of a data set read at once. Others are read beside it, and one writer stores
# them all, so that more of them would only hold more pages (measured).
WIDTH = 8

# Nobody waits for a background read, so it outlasts a throttled quarter of an hour.
UNHURRIED = Patience(12, timedelta(minutes=15), timedelta(seconds=65))

_FORBIDDEN = 403


@dataclass(frozen=True)
class ReadPage:
    """Rows of a complete read, and how far it has come with them.

    Attributes:
        rows: of two with one key, which are rare, the later counts.
        mark: what `full` goes on from, once these rows are committed.
        delta_link: on the last page only: where the changes since the read's beginning
            are told; None where Graph tells none of this data set.
        resource_units: what their own page cost of Graph's quota, as Graph told; 0
            for rows out of a $batch. The quota's account has it all.
        is_last: whether the read is complete with these rows.
        caveat: why the rows are not all there is, with its remedy; None where they
            are. On a page that is not the last one, the read pauses after it, to go on
            from its mark another time.
        unread: owners, what is stored of whom stays: they would not tell.
    """

    rows: list[DirectoryRow]
    mark: str
    delta_link: str | None = None
    resource_units: int = 0
    is_last: bool = False
    caveat: str | None = None
    unread: tuple[UUID, ...] = ()


@dataclass(frozen=True)
class ChangePage:
    """Changes since the last read; applying them twice does no harm.

    Attributes:
        upserts: changed rows, all of which tell the same columns.
        removed: keys of rows that are gone: an ID, or (group, member).
        next: where `changes` goes on, once this page is committed; None at the end.
        delta_link: on the last page only: where the next changes will be told.
        untold: columns that `upserts` say nothing of. There is None in them, and what
            is stored stays as it is.
        emptied: groups that are gone, and every membership in them.
        resource_units: what the page cost, as far as Graph told.
    """

    upserts: list[DirectoryRow]
    removed: list[Hashable]
    next: str | None
    delta_link: str | None
    untold: frozenset[str] = frozenset()
    emptied: list[UUID] = field(default_factory=list)
    resource_units: int = 0


class DirectoryReader:
    """Reads one tenant's directory, in the background.

    Args:
        graph: the tenant's client; its priority is lowered here.
    """

    def __init__(self, graph: GraphClient) -> None:
        self._graph = graph.with_priority("low").with_patience(UNHURRIED)

    def full(
        self, data_set: DataSet, *, resume: str | None = None, width: int = WIDTH
    ) -> AsyncGenerator[ReadPage]:
        """Yield all rows of a data set, page after page.

        The pages must be committed in the order in which they come. An object that
        changes meanwhile may come twice.

        Args:
            resume: the mark of the last committed page, to go on from there.
            width: how many parts of the collection are read at once.

        Raises:
            PermissionMissingError, UnlicensedError, NotInCloudError: it cannot be
                read at all.
            GraphError, SignInError: it could not be read to its end.
        """
        return absence_told(self._full(data_set, resume, width))

    async def _full(
        self, data_set: DataSet, resume: str | None, width: int
    ) -> AsyncGenerator[ReadPage]:
        mark = None if resume is None else read_mark(resume)
        # Where a cloud's address was changed, links of before are of no use.
        if mark is None or not all(is_ours(self._graph.hosts, x) for x in mark.links):
            mark = await self._begin(data_set, width)
            if len(mark.spans) > 1:  # once committed, they are not counted again
                yield ReadPage([], mark.text())
        try:
            async with aclosing(self._pages(data_set, mark, width)) as pages:
                async for page in pages:
                    yield page
        except QuestionRefusedError:
            whole = replace(mark, spans=WHOLE)
            async with aclosing(self._pages(data_set, whole, width)) as pages:
                async for page in pages:
                    yield page

    async def _pages(
        self, data_set: DataSet, mark: Mark, width: int
    ) -> AsyncGenerator[ReadPage]:
        if mark.is_done:
            yield ReadPage([], mark.text(), mark.delta_link, is_last=True)
            return
        # Side by side, each page's round trip is hidden by the others already.
        ahead = len(mark.spans) == 1
        read = part_reader(self._graph, data_set, ahead=ahead)
        told = side_by_side(mark, read, width)
        async with aclosing(told):
            async for page, reached in told:
                yield _read_page(page, reached)

    async def start_delta(self, data_set: DataSet) -> str | None:
        """Ask where changes from now on are told; None where Graph tells none.

        `full` asks by itself, before its first page.

        Raises: as `full`.
        """
        collection = _collection(data_set)
        if collection.changes is None:
            return None
        request = collection.changes_request(from_now=True)
        pages = Pages(self._graph, PageDecoder(data_set, dict))
        try:
            async for fetched in pages.chain(request):
                if fetched.page.delta_link is not None:
                    return fetched.page.delta_link
        except GraphError as error:
            if is_missing(error):
                raise NotInCloudError(error) from error
            raise
        raise UnreadablePageError(data_set)

    async def changes(
        self, data_set: DataSet, delta_link: str
    ) -> AsyncGenerator[ChangePage]:
        """Yield what changed since a delta link was given.

        Args:
            delta_link: that of the last complete read, or the `next` of a page.

        Raises:
            DeltaExpiredError: the link is too old, or of another address of Graph;
                read the data set as a whole.
            GraphError, SignInError: as every read.
        """
        if not is_ours(self._graph.hosts, delta_link):
            raise DeltaExpiredError(stray_link(delta_link))
        request = _collection(data_set).changes_request(from_now=False)
        pages: Pages[Json] = Pages(self._graph, PageDecoder(data_set, dict))
        try:
            async with aclosing(pages.chain(request, delta_link)) as chain:
                async for fetched in chain:
                    for page in _change_pages(data_set, fetched):
                        yield page
        except GraphError as error:
            if is_refused(error):
                raise DeltaExpiredError(error) from error
            raise

    async def _begin(self, data_set: DataSet, width: int) -> Mark:
        # Before the first page, so that changes during the read are told afterwards.
        delta_link, spans = await asyncio.gather(
            self._start_delta_or_none(data_set),
            find_spans(self._graph, _collection(data_set), width),
        )
        return Mark(spans, delta_link)

    async def _start_delta_or_none(self, data_set: DataSet) -> str | None:
        """As `start_delta`; None too where no changes are told here after all.

        By Microsoft's data a permission may be enough for the list, and not for its
        changes; one that is not enough for the list either is told by the first page.
        """
        try:
            return await self.start_delta(data_set)
        except GraphError as error:
            if is_refused(error) or error.status == _FORBIDDEN:
                return None
            raise


def _collection(data_set: DataSet) -> Collection:
    owned = OWNED.get(data_set)
    return COLLECTIONS[data_set] if owned is None else owned.owners


def _read_page(page: SpanPage, reached: Mark) -> ReadPage:
    is_last = page.moves and reached.is_done
    return ReadPage(
        page.rows,
        reached.text(),
        reached.delta_link if is_last else None,
        page.resource_units,
        is_last,
        page.caveat if is_last else None,
        page.unread,
    )


def _change_pages(data_set: DataSet, fetched: Fetched[Json]) -> list[ChangePage]:
    """A page of Graph's as pages of rows that tell the same; links on the last."""
    page = fetched.page
    if (page.next_link is None) == (page.delta_link is None):
        raise UnreadablePageError(data_set)
    changes = _changes_of(data_set, page)
    # First, since a group that is gone may be there again on the same page.
    gone = [ChangePage([], [], None, None, emptied=changes.emptied)]
    pages = [
        ChangePage(rows, [], None, None, untold)
        for untold, rows in changes.upserts.items()
    ]
    last = ChangePage(
        [],
        changes.removed,
        page.next_link,
        page.delta_link,
        resource_units=fetched.resource_units,
    )
    return [*(gone if changes.emptied else ()), *pages, last]


def _changes_of(data_set: DataSet, page: Page[Json]) -> Changes:
    if data_set is DataSet.MEMBERSHIPS:
        return membership_changes(page.value)
    return object_changes(data_set, COLLECTIONS[data_set].item, page.value)
