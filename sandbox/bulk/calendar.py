"""When objects were created: in quiet years and in mass imports, never evenly.

Numbers follow creation, so that objects created between two moments are a run of
numbers. Some of the oldest have no creation time at all: the service has none for
users that were synced from on-premises before June 2018.
"""

from bisect import bisect_left, bisect_right
from datetime import UTC, datetime, timedelta
from functools import lru_cache

START = datetime(2014, 1, 6, 8, tzinfo=UTC)
_DAY = 86_400
# Share of all objects, and the day by which they existed. Two migrations of days, and
# one import that created every fiftieth object within a single second.
_ERAS = (
    (0.0, 0),
    (0.05, 900),
    (0.35, 903),
    (0.45, 2_400),
    (0.60, 2_402),
    (0.62, 2_402),
    (0.80, 3_600),
    (0.97, 3_610),
    (1.0, 4_380),
)


class Calendar:
    """The creation times of one collection of `count` objects.

    The first `unknown` have none. Numbers from `count` on, which churn adds, follow
    second by second after the last era.
    """

    def __init__(self, count: int, unknown: int = 0) -> None:
        self._unknown = unknown
        self._firsts = [int(share * count) for share, _ in _ERAS]
        self._starts = [day * _DAY for _, day in _ERAS]

    def seconds(self, number: int) -> int:
        """Return the creation time in seconds after START, known or not."""
        era = bisect_right(self._firsts, number) - 1
        first, start = self._firsts[era], self._starts[era]
        if era == len(_ERAS) - 1:
            return start + number - first
        span, width = self._starts[era + 1] - start, self._firsts[era + 1] - first
        return start + span * (number - first) // width

    def text(self, number: int) -> str:
        """Return the creation time as JSON: as Graph writes it, null if unknown."""
        if number < self._unknown:
            return "null"
        return _written(self.seconds(number))

    def unknown(self) -> range:
        """Return the numbers whose creation time is unknown."""
        return range(self._unknown)

    def since(self, moment: datetime, size: int, *, after: bool = False) -> int:
        """Return the first number created at that moment or later (or after it).

        `size` is how many numbers there are; the answer is at most that.
        """
        seconds = (moment - START).total_seconds()
        known = range(self._unknown, size)
        cut = bisect_right if after else bisect_left
        return self._unknown + cut(known, seconds, key=self.seconds)


@lru_cache(maxsize=4096)
def _written(seconds: int) -> str:
    moment = START + timedelta(seconds=seconds)
    return f'"{moment.replace(tzinfo=None).isoformat()}Z"'
