"""Reads all of one tenant: its directory's objects, its logs, its usage reports."""

from collections.abc import AsyncGenerator

from bot.domain.directory import DataSet
from bot.graph.absence import absence_told
from bot.graph.client import GraphClient
from bot.graph.logs import LOGS, log_pages
from bot.graph.reading import UNHURRIED, ChangePage, DirectoryReader, ReadPage
from bot.graph.usage_reports import USAGE_REPORTS, usage_pages


class TenantReader:
    """Reads any data set, in the background.

    Objects of the directory are read by a `DirectoryReader`, with ranges, owners and
    changes; logs and reports have none of these, and are a function each.

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
            return absence_told(pages)
        if data_set in USAGE_REPORTS:
            return absence_told(usage_pages(self._graph, data_set))
        return self._objects.full(data_set, resume=resume)

    def changes(self, data_set: DataSet, delta_link: str) -> AsyncGenerator[ChangePage]:
        """See `DirectoryReader.changes`."""
        return self._objects.changes(data_set, delta_link)
