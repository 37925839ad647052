"""Reads all of one tenant: its directory's objects, its logs, its usage reports."""

from collections.abc import AsyncGenerator
from contextlib import aclosing

from bot.domain.directory import DataSet
from bot.graph.client import GraphClient
from bot.graph.errors import GraphError, NotInCloudError
from bot.graph.logs import LOGS, log_pages
from bot.graph.reading import (
    UNHURRIED,
    ChangePage,
    DirectoryReader,
    ReadPage,
    is_missing,
)
from bot.graph.usage_reports import USAGE_REPORTS, usage_pages


class TenantReader:
    """Reads any data set, in the background.

    Args:
        graph: the tenant's client; its priority is lowered here.
    """

    def __init__(self, graph: GraphClient) -> None:
        self._objects = DirectoryReader(graph)
        self._graph = graph.with_priority("low").with_patience(UNHURRIED)

    def full(
        self, data_set: DataSet, *, resume: str | None = None, since: str | None = None
    ) -> AsyncGenerator[ReadPage]:
        """Yield all rows of a data set, or a log's entries of a window.

        Args:
            resume: the mark of the last committed page, to go on from there.
            since: of a log: the `delta_link` of its last window.

        Raises: as `DirectoryReader.full`.
        """
        if data_set in LOGS:
            pages = log_pages(self._graph, data_set, resume=resume, since=since)
            return _here(pages)
        if data_set in USAGE_REPORTS:
            return _here(usage_pages(self._graph, data_set))
        return self._objects.full(data_set, resume=resume)

    def changes(self, data_set: DataSet, delta_link: str) -> AsyncGenerator[ChangePage]:
        """See `DirectoryReader.changes`."""
        return self._objects.changes(data_set, delta_link)


async def _here(pages: AsyncGenerator[ReadPage]) -> AsyncGenerator[ReadPage]:
    """The same pages; a path that this cloud does not know is told as such."""
    has_begun = False
    try:
        async with aclosing(pages):
            async for page in pages:
                has_begun = True
                yield page
    except GraphError as error:
        if has_begun or not is_missing(error):
            raise
        raise NotInCloudError(error) from error
