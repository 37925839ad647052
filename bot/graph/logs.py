"""Reads logs by windows of time: what happened since the last one, with an overlap.

Entries arrive late and out of order, so each window begins an hour before the end of
the last one, and whoever stores them tells them apart by ID. A window ends now by
Microsoft's clock or by ours, whichever is behind: what is not there yet is not missed.

Source of filters and page sizes: the reference pages "List signIns", "List
directoryAudits" and "List provisioningObjectSummary". The last one documents `gt` and
`lt` only.
"""

from collections.abc import AsyncGenerator, Mapping
from contextlib import aclosing
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from types import MappingProxyType
from typing import Any

from bot.domain.directory import DataSet
from bot.domain.permissions import AppRole
from bot.domain.readings import READINGS
from bot.domain.rows import DirectoryRow
from bot.graph.client import GraphClient
from bot.graph.clouds import CloudHosts
from bot.graph.decoding.logs import DirectoryAuditWire, ProvisioningLogWire, SignInWire
from bot.graph.decoding.pages import PageDecoder
from bot.graph.decoding.rows import made
from bot.graph.errors import GraphError, UnlicensedError
from bot.graph.links import is_ours
from bot.graph.marks import Mark, Span, read_mark
from bot.graph.pages import Fetched, Pages
from bot.graph.reading import ReadPage
from bot.graph.requests import GraphRequest

OVERLAP = timedelta(minutes=60)  # entries were seen to come up to half an hour late
LOG_PAGES = 60  # of one log in one sync: at five requests in ten seconds, two minutes
ENTRIES_PER_PAGE = 1_000
_A_SECOND = timedelta(seconds=1)

PAUSED = (
    "It is long: {pages} pages of it were read, the last of {at}. Nothing to do; the "
    "next sync goes on from there."
)
UNPLACED = (
    "{entries} came without an ID or a time and had to be left out. If this stays, "
    "report it to Microsoft's support."
)


@dataclass(frozen=True)
class Log:
    """A log.

    Attributes:
        time: the property that says when an entry happened.
        first: how far back the first window goes.
        is_open: whether its filter knows only `gt` and `lt`.
    """

    path: str
    item: type[Any]
    time: str
    select: str
    needs: AppRole
    first: timedelta = timedelta(days=7)  # as long as Microsoft keeps it without P1
    is_open: bool = False

    def condition(self, starts_at: datetime, ends_at: datetime) -> str:
        """The $filter of a window; both whole seconds are in it."""
        if self.is_open:
            after, before = starts_at - _A_SECOND, ends_at + _A_SECOND
            return (
                f"{self.time} gt {written(after)} and {self.time} lt {written(before)}"
            )
        return (
            f"{self.time} ge {written(starts_at)} and {self.time} le {written(ends_at)}"
        )

    def request(self, condition: str | None, *, selects: bool = True) -> GraphRequest:
        """Ask for the first page of a window."""
        params = {"$select": self.select} if selects else {}
        if condition is not None:
            params["$filter"] = condition
        params["$top"] = str(ENTRIES_PER_PAGE)
        return GraphRequest("GET", self.path, self.needs, params)


LOGS: Mapping[DataSet, Log] = MappingProxyType(
    {
        DataSet.DIRECTORY_AUDITS: Log(
            "/auditLogs/directoryAudits",
            DirectoryAuditWire,
            "activityDateTime",
            "id,activityDateTime,activityDisplayName,category,result,resultReason,"
            "initiatedBy,targetResources,correlationId",
            AppRole.AUDIT_LOG_READ_ALL,
        ),
        DataSet.SIGN_INS: Log(
            "/auditLogs/signIns",
            SignInWire,
            "createdDateTime",
            "id,createdDateTime,userId,userPrincipalName,appId,appDisplayName,"
            "resourceDisplayName,ipAddress,status,conditionalAccessStatus,"
            "correlationId",
            AppRole.AUDIT_LOG_READ_ALL,
            first=timedelta(days=1),  # there are many; older ones tell little
        ),
        DataSet.PROVISIONING_LOGS: Log(
            "/auditLogs/provisioning",
            ProvisioningLogWire,
            "activityDateTime",
            "id,activityDateTime,jobId,provisioningAction,provisioningStatusInfo,"
            "servicePrincipal,sourceIdentity,targetIdentity",
            AppRole.PROVISIONING_LOG_READ_ALL,
            is_open=True,
        ),
    }
)


async def log_pages(
    graph: GraphClient,
    data_set: DataSet,
    *,
    resume: str | None = None,
    since: str | None = None,
) -> AsyncGenerator[ReadPage]:
    """Yield a window's entries; the last page tells where the next one begins.

    After `LOG_PAGES` pages it pauses, with a caveat on its last page.

    Args:
        resume: the mark of the last committed page, to go on from there.
        since: the `delta_link` of the last window that was read to its end.

    Raises: as `DirectoryReader.full`.
    """
    log, now = LOGS[data_set], graph.clock.now()
    mark = _mark(graph.hosts, resume) or _window(data_set, since, now)
    window = _Window(graph, data_set, log, mark)
    async with aclosing(window.fetched()) as pages:
        async for fetched in pages:
            page = window.taken(fetched)
            yield page
            if page.caveat is not None:
                return


@dataclass
class _Window:
    """A window that is being read."""

    graph: GraphClient
    data_set: DataSet
    log: Log
    mark: Mark
    pages: int = 0
    unplaced: int = 0
    seen_at: datetime | None = field(default=None)

    async def fetched(self) -> AsyncGenerator[Fetched[Any]]:
        """Yield its pages as they come, without $select where that is refused."""
        decoder = PageDecoder(self.data_set, self.log.item)
        # Graph's quota is what takes time here, so no page is asked for in advance.
        pages = Pages(self.graph, decoder, ahead=False)
        (span,) = self.mark.spans
        has_begun = False
        try:
            request = self.log.request(span.condition)
            async with aclosing(pages.resumed(request, span.link)) as chain:
                async for fetched in chain:
                    has_begun = True
                    yield fetched
        except GraphError as error:
            is_about_it = error.status == 400 and not isinstance(error, UnlicensedError)
            if has_begun or not is_about_it:
                raise
        else:
            return
        bare = self.log.request(span.condition, selects=False)
        async with aclosing(pages.chain(bare)) as chain:
            async for fetched in chain:
                yield fetched

    def taken(self, fetched: Fetched[Any]) -> ReadPage:
        """A page's rows, with how far the window has come."""
        self.pages += 1
        rows = self._rows(fetched.page.value)
        self.mark = _not_ahead(self.mark, fetched.answered_at)
        self.mark = self.mark.moved(0, fetched.page.next_link)
        is_last = self.mark.is_done
        return ReadPage(
            rows,
            self.mark.text(),
            self.mark.delta_link if is_last else None,
            fetched.resource_units,
            is_last,
            self._unplaced() if is_last else self._paused(),
        )

    def _rows(self, entries: list[Any]) -> list[DirectoryRow]:
        told = made(self.data_set, lambda: [entry.row() for entry in entries])
        rows = [row for row in told if row is not None]
        self.unplaced += len(told) - len(rows)
        if rows:
            self.seen_at = rows[-1].at
        return rows

    def _unplaced(self) -> str | None:
        if not self.unplaced:
            return None
        entries = "1 entry" if self.unplaced == 1 else f"{self.unplaced:,} entries"
        return UNPLACED.format(entries=entries)

    def _paused(self) -> str | None:
        if self.pages < LOG_PAGES:
            return None
        at = (
            "an unknown time"
            if self.seen_at is None
            else f"{self.seen_at:%d %B %Y, %H:%M} UTC"
        )
        return PAUSED.format(pages=self.pages, at=at)


def _mark(hosts: CloudHosts, resume: str | None) -> Mark | None:
    """A stored mark; its window from the beginning where the link is of elsewhere."""
    mark = None if resume is None else read_mark(resume)
    if mark is None or len(mark.spans) != 1:
        return None
    (span,) = mark.spans
    if span.link is None or is_ours(hosts, span.link):
        return mark
    return replace(mark, spans=(replace(span, link=None),))


def _window(data_set: DataSet, since: str | None, now: datetime) -> Mark:
    """The window from the last one's end on; what would not be kept is not read."""
    log, kept = LOGS[data_set], READINGS[data_set].kept or timedelta.max
    last = _read(since)
    # Never from the future, where our clock may have been set back.
    starts_at = now - log.first if last is None else min(last, now) - OVERLAP
    starts_at = max(starts_at, now - kept)
    return Mark((Span(log.condition(starts_at, now)),), written(now))


def _not_ahead(mark: Mark, answered_at: datetime | None) -> Mark:
    """The mark with an end that Microsoft's clock has reached."""
    ends_at = _read(mark.delta_link)
    if ends_at is None or answered_at is None or answered_at >= ends_at:
        return mark
    return replace(mark, delta_link=written(answered_at))


def written(moment: datetime) -> str:
    """A moment as filters and marks have it, its second cut off."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _read(text: str | None) -> datetime | None:
    try:
        told = datetime.fromisoformat(text or "")
    except ValueError:
        return None
    return told.astimezone(UTC) if told.tzinfo else None
