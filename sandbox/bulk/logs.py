"""Logs at scale: entries spread over a week, new ones with every churn, some late."""

import base64
import binascii
import json
import re
from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

from sandbox.graph.errors import GraphError, bad_request, unsupported_query
from sandbox.graph.resources.logs import Log, check_comparisons

Json = dict[str, Any]
# Number and time of an entry -> the entry.
Write = Callable[[int, str], Json]

_WEEK = timedelta(days=7)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


def _ticks(moment: datetime) -> int:
    return (moment - _EPOCH) // _MICROSECOND


class GeneratedLog:
    """The entries of one log, kept as times and numbers alone.

    Args:
        newest: when the latest of the first `size` entries happened.
        whole: whether times are whole seconds, as in the log of sign-ins.
    """

    def __init__(
        self, log: Log, size: int, newest: datetime, write: Write, *, whole: bool
    ) -> None:
        self.log, self._write, self._whole = log, write, whole
        step = _WEEK / max(1, size)
        moments = (newest - step * which for which in reversed(range(size)))
        self._times = array("q", map(self._tick, moments))
        self._numbers = array("L", range(size))

    def __len__(self) -> int:
        return len(self._numbers)

    def _tick(self, moment: datetime) -> int:
        ticks = _ticks(moment)
        return ticks - ticks % 1_000_000 if self._whole else ticks

    def grow(self, count: int, now: datetime) -> None:
        """Add entries: most of them of now, every fourth up to 45 minutes late."""
        for which in range(count):
            late = timedelta(minutes=which % 46 if which % 4 == 3 else 0)
            ticks = self._tick(now - late)
            place = bisect_right(self._times, ticks)
            self._times.insert(place, ticks)
            self._numbers.insert(place, len(self._numbers))

    def entry(self, place: int) -> Json:
        """Return the entry at a place, counted from the oldest."""
        moment = _EPOCH + self._times[place] * _MICROSECOND
        text = moment.strftime("%Y-%m-%dT%H:%M:%S" + ("Z" if self._whole else ".%f0Z"))
        return self._write(self._numbers[place], text)

    def everything(self) -> Iterator[Json]:
        """Yield every entry, oldest first."""
        return map(self.entry, range(len(self)))

    def window(self, text: str | None) -> range:
        """Return the places that a filter leaves.

        Raises:
            GraphError: 400 for a filter that is no window of time.
        """
        places = range(len(self))
        for clause in re.split(r"\s+and\s+", text or "", flags=re.IGNORECASE):
            if clause:
                places = self._narrowed(places, clause.strip())
        return places

    def _narrowed(self, places: range, clause: str) -> range:
        match = re.fullmatch(rf"{self.log.time}\s+(\w\w)\s+(\S+)", clause)
        if match is None:
            raise unsupported_query(f"This filter is not supported here: '{clause}'.")
        check_comparisons(self.log, clause)
        operator, ticks = match[1].lower(), _ticks(_moment(match[2]))
        low, high = bisect_left(self._times, ticks), bisect_right(self._times, ticks)
        start = {"ge": low, "eq": low, "gt": high}.get(operator, 0)
        stop = {"lt": low, "le": high, "eq": high}.get(operator, len(self))
        start, stop = max(places.start, start), min(places.stop, stop)
        return range(start, max(start, stop))

    def after(self, places: range, token: str) -> range:
        """Return those places that are older than the entry that a token names.

        Raises:
            GraphError: 400 for a token that was not given out here.
        """
        try:
            ticks, number = json.loads(base64.urlsafe_b64decode(token))
            low = bisect_left(self._times, ticks)
            same = range(low, bisect_right(self._times, ticks))
            place = next(p for p in same if self._numbers[p] == number)
        except (ValueError, TypeError, StopIteration, binascii.Error):
            raise GraphError(
                400, "BadRequest", "The specified page token is invalid."
            ) from None
        return range(places.start, min(places.stop, place))

    def token(self, place: int) -> str:
        """Return a token that names the entry at a place."""
        named = json.dumps([self._times[place], self._numbers[place]])
        return base64.urlsafe_b64encode(named.encode()).decode()


def _moment(text: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise bad_request(f"Invalid filter clause: '{text}' is no date.") from None
    if moment.tzinfo is None:
        raise bad_request(f"Invalid filter clause: '{text}' has no offset from UTC.")
    return moment
