"""Cuts a large collection into ranges of createdDateTime that are read side by side.

A next link can be followed only after its page, so one chain of pages takes a round
trip for each. How objects spread over time is found out by counting: tenants are
filled by migrations and mergers, in leaps.

Ranges share their borders, to the second, and are open at both ends: an object may
come twice, none is missed. Those whose time of creation Microsoft does not know are a
range of their own.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import pairwise
from math import ceil

from bot.graph.client import GraphClient
from bot.graph.data_sets import LARGEST_PAGE, Collection
from bot.graph.errors import GraphError
from bot.graph.links import is_refused
from bot.graph.marks import Span
from bot.graph.requests import GraphRequest

PAYS_FROM = 16  # pages; fewer are read sooner than counted
_FIRST = datetime(2010, 1, 1, tzinfo=UTC)  # there was no such directory before
# Rounds of counting, each a round trip: how many times the size wanted a slice may
# have without being cut further. Only what came in one night takes all of them.
_TOO_LARGE = (1.5, 1.5, 1.5, 3.0, 3.0, 3.0)
_LEAST_PARTS = 4  # of a slice that is cut
_BEFORE_ALL = "1900-01-01T00:00:00Z"

WHOLE = (Span(),)


@dataclass(frozen=True)
class Slice:
    """A stretch of time and how many objects were created in it."""

    starts_at: datetime
    ends_at: datetime
    objects: int


@dataclass(frozen=True)
class Counter:
    """Counts a collection's objects, a resource unit and a round trip each time."""

    graph: GraphClient
    collection: Collection

    async def count(self, condition: str | None = None) -> int:
        """How many objects there are, or meet a condition.

        Raises:
            GraphError: refused, or no number came.
        """
        params = {} if condition is None else {"$filter": condition}
        request = GraphRequest(
            "GET",
            f"{self.collection.path}/$count",
            self.collection.needs,
            params,
            is_advanced=True,
        )
        answer = await self.graph.answered(request)
        text = answer.content.decode("utf-8-sig", "replace").strip()
        if not (text.isascii() and text.isdigit()):
            raise GraphError(
                "Microsoft Graph counted, and told no number.",
                remedy="Look for a proxy between Gatehouse and Microsoft.",
                status=501,
            )
        return int(text)

    async def until(self, moments: Sequence[datetime]) -> list[int]:
        """How many objects were created up to each moment."""
        conditions = [f"createdDateTime le {_written(moment)}" for moment in moments]
        return list(await asyncio.gather(*(self.count(each) for each in conditions)))


async def find_spans(
    graph: GraphClient, collection: Collection, width: int
) -> tuple[Span, ...]:
    """Find ranges of about equal size; the whole as one where that is as quick.

    Also where a cloud counts or filters nothing, so that any failure to find ranges
    costs time only. For users it tells the quota how large the tenant is.

    Raises:
        GraphError, SignInError: the collection may not be read, or Graph is away.
    """
    if not collection.ranged or width < 2:
        return WHOLE
    try:
        return await _found(Counter(graph, collection), width)
    except GraphError as error:
        if is_refused(error):
            return WHOLE
        raise


async def _found(counter: Counter, width: int) -> tuple[Span, ...]:
    total = await counter.count()
    if counter.collection.path == "/users" and counter.graph.quota is not None:
        counter.graph.quota.size(total)
    pages = ceil(total / (counter.collection.top or LARGEST_PAGE))
    if pages < PAYS_FROM:
        return WHOLE
    # More ranges than readers, so that who ends early takes another.
    wanted = min(width + width // 2, pages)
    slices, undated = await asyncio.gather(
        _slices(counter, total, wanted), _undated(counter, total)
    )
    if undated is None:
        return WHOLE
    return (*spans_of(slices, wanted), *undated)


async def _undated(counter: Counter, total: int) -> tuple[Span, ...] | None:
    """The range of objects without a time; None where counts do not add up."""
    dated = await counter.count(f"createdDateTime ge {_BEFORE_ALL}")
    if dated == total:
        return ()
    nothing = "createdDateTime eq null"
    undated = await counter.count(nothing)
    # Objects may come between two counts; they are told as changes afterwards.
    return (Span(nothing),) if dated + undated >= total else None


async def _slices(counter: Counter, total: int, wanted: int) -> list[Slice]:
    now = counter.graph.clock.now().replace(microsecond=0)
    slices, share = [Slice(_FIRST, now, total)], total / wanted
    for too_large in _TOO_LARGE:
        cuts = [_cuts(one, share, too_large) for one in slices]
        moments = [moment for cut in cuts for moment in cut]
        if not moments:
            break
        counts = dict(zip(moments, await counter.until(moments), strict=True))
        slices = _cut(slices, cuts, counts)
    return slices


def _cuts(one: Slice, share: float, too_large: float) -> list[datetime]:
    """Where to cut a slice that is too large, at whole seconds."""
    seconds = int((one.ends_at - one.starts_at).total_seconds())
    parts = min(max(2 * ceil(one.objects / share), _LEAST_PARTS), seconds)
    if one.objects <= share * too_large or parts < 2:
        return []
    step = (one.ends_at - one.starts_at) / parts
    cuts = (one.starts_at + step * part for part in range(1, parts))
    return [moment.replace(microsecond=0) for moment in cuts]


def _cut(
    slices: Sequence[Slice],
    cuts: Sequence[Sequence[datetime]],
    counts: dict[datetime, int],
) -> list[Slice]:
    """Cut slices where it was counted; what is told of later times includes before."""
    finer: list[Slice] = []
    before = 0
    for one, moments in zip(slices, cuts, strict=True):
        begun, starts_at, ends = before, one.starts_at, before + one.objects
        for moment in moments:
            upto = min(max(counts[moment], begun), ends)
            finer.append(Slice(starts_at, moment, upto - begun))
            begun, starts_at = upto, moment
        finer.append(Slice(starts_at, one.ends_at, ends - begun))
        before = ends
    return finer


def spans_of(slices: Sequence[Slice], wanted: int) -> tuple[Span, ...]:
    """Join neighbouring slices to as many ranges as are wanted, about equal in size."""
    total = sum(one.objects for one in slices)
    borders: list[datetime] = []
    objects = 0
    for one in slices[:-1]:
        objects += one.objects
        if objects >= total / wanted * (len(borders) + 1):
            borders.append(one.ends_at)
    edges = [None, *borders, None]
    return tuple(Span(_condition(low, high)) for low, high in pairwise(edges))


def _condition(low: datetime | None, high: datetime | None) -> str | None:
    parts = [
        *([] if low is None else [f"createdDateTime ge {_written(low)}"]),
        *([] if high is None else [f"createdDateTime le {_written(high)}"]),
    ]
    return " and ".join(parts) or None


def _written(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")
