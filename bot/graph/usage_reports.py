"""Reads Microsoft 365 usage reports: a CSV file each, a line for each user.

The period is thirty days: long enough that a holiday does not look like a year's
absence, short enough that counts tell the present. Last days are told whatever it is.
"""

from collections.abc import AsyncGenerator, Callable, Mapping
from contextlib import aclosing
from dataclasses import dataclass, field
from types import MappingProxyType

import structlog

from bot.domain.directory import DataSet
from bot.domain.permissions import AppRole
from bot.domain.rows import DirectoryRow
from bot.graph.client import GraphClient
from bot.graph.decoding.csv_lines import CsvLines, Line
from bot.graph.decoding.usage import PRINCIPAL_NAME, apps_row, office_row, teams_row
from bot.graph.decoding.values import MAX_KEY
from bot.graph.downloads import DownloadLostError, download
from bot.graph.marks import Mark, Span
from bot.graph.reading import ReadPage
from bot.graph.requests import GraphRequest

log = structlog.get_logger(__name__)

ROWS_PER_PAGE = 1_000
_TRIES = 2  # an address is good for minutes only, and a download may break off
# There is nothing to go on from: an address that was used is no good later.
_FROM_THE_START = Mark((Span(),)).text()

CONCEALED = (
    "Microsoft conceals people's names in this report, so its lines cannot be told "
    "apart by person. A Global Administrator clears Display concealed user, group, and "
    "site names in all reports in the Microsoft 365 admin center, under Settings, Org "
    "settings, Reports."
)


@dataclass(frozen=True)
class UsageReport:
    """A report.

    Attributes:
        row: makes a row of a principal name and the line that it is in.
    """

    function: str
    row: Callable[[str, Line], DirectoryRow]

    @property
    def request(self) -> GraphRequest:
        """Ask where the file lies."""
        path = f"/reports/{self.function}(period='D30')"
        return GraphRequest("GET", path, AppRole.REPORTS_READ_ALL, redirects=True)


USAGE_REPORTS: Mapping[DataSet, UsageReport] = MappingProxyType(
    {
        DataSet.USAGE_OFFICE: UsageReport("getOffice365ActiveUserDetail", office_row),
        DataSet.USAGE_TEAMS: UsageReport("getTeamsUserActivityUserDetail", teams_row),
        DataSet.USAGE_APPS: UsageReport("getM365AppUserDetail", apps_row),
    }
)


async def usage_pages(
    graph: GraphClient, data_set: DataSet
) -> AsyncGenerator[ReadPage]:
    """Yield a report's rows; its last page has a caveat where names are concealed.

    A download that is lost is asked for once more, from its start: a row may come
    twice. Lines without a name, or with one that nobody can have, are of no person, and
    are left out.

    Raises: as `DirectoryReader.full`.
    """
    for left in reversed(range(_TRIES)):
        try:
            async with aclosing(_Report(data_set).pages(graph)) as pages:
                async for page in pages:
                    yield page
        except DownloadLostError:
            if left == 0:
                raise
        else:
            return


@dataclass
class _Report:
    """A report that is being read."""

    data_set: DataSet
    rows: list[DirectoryRow] = field(default_factory=list)
    named: int = 0
    concealed: int = 0
    unnamed: int = 0

    async def pages(self, graph: GraphClient) -> AsyncGenerator[ReadPage]:
        """Yield its rows."""
        report = USAGE_REPORTS[self.data_set]
        lines = CsvLines(self.data_set, PRINCIPAL_NAME)
        async with aclosing(download(graph, report.request)) as pieces:
            async for piece in pieces:
                self._take(report, lines.take(piece))
                if len(self.rows) >= ROWS_PER_PAGE:
                    yield self._page()
        self._take(report, lines.take(b"", is_last=True))
        yield self._page(is_last=True)

    def _take(self, report: UsageReport, lines: list[Line]) -> None:
        for line in lines:
            name = line.text(PRINCIPAL_NAME)
            if name is None or len(name) > MAX_KEY:
                self.unnamed += 1
                continue
            self.named += "@" in name
            self.concealed += "@" not in name
            self.rows.append(report.row(name, line))

    def _page(self, *, is_last: bool = False) -> ReadPage:
        rows, self.rows = self.rows, []
        if is_last:
            log.debug(
                "usage_report_read", data_set=str(self.data_set), unnamed=self.unnamed
            )
        caveat = CONCEALED if is_last and self.concealed and not self.named else None
        return ReadPage(rows, _FROM_THE_START, is_last=is_last, caveat=caveat)
