"""How long a call may be tried again, and how long to wait in between."""

import random
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

FIRST_WAIT = timedelta(milliseconds=500)
LONGEST_WAIT = timedelta(seconds=30)
LONGEST_ASKED = timedelta(hours=1)  # who asks for more is not Graph, or is mistaken


@dataclass(frozen=True)
class Patience:
    """What a caller can wait for.

    Attributes:
        attempts: tries of one call, the first one included.
        total: time from the first try after which no other is begun.
        answer_within: time limit of a single try.
    """

    attempts: int
    total: timedelta
    answer_within: timedelta


INTERACTIVE = Patience(3, timedelta(seconds=8), timedelta(seconds=10))  # people wait
STEADY = Patience(7, timedelta(minutes=5), timedelta(seconds=65))  # scans and runs


@dataclass
class Tries:
    """One call's tries so far."""

    patience: Patience
    started_at: datetime
    made: int = 0

    def wait_before_next(
        self, now: datetime, asked: timedelta | None
    ) -> timedelta | None:
        """How long to wait before another try, None when there may be none.

        Args:
            asked: what Graph asked for in Retry-After; otherwise the wait doubles with
                each try and is drawn at random, so that callers do not come back
                together.
        """
        if self.made >= self.patience.attempts:
            return None
        wait = asked if asked is not None else _drawn(self.made)
        ends_at = self.started_at + self.patience.total
        return wait if now + wait <= ends_at else None

    def time_left(self, now: datetime) -> timedelta:
        """How long another try may still be begun."""
        return max(self.started_at + self.patience.total - now, timedelta(0))


def _drawn(made: int) -> timedelta:
    ceiling = min(FIRST_WAIT * (1 << made), LONGEST_WAIT)
    # Half fixed, half random; chance here protects nothing.
    return ceiling / 2 + ceiling / 2 * random.random()  # noqa: S311 - see above


def retry_after(headers: Mapping[str, str]) -> timedelta | None:
    """How long Graph asks to wait after a 429 or 503.

    Returns:
        The wait (whole seconds on the wire), an hour at most; None where Graph names
        none, or something between us and Graph sent what is no number of seconds.

    Source: Microsoft Graph throttling guidance.
    """
    text = next((v for k, v in headers.items() if k.lower() == "retry-after"), "")
    if not (text.strip().isascii() and text.strip().isdigit()):
        return None
    most = LONGEST_ASKED.total_seconds()
    return timedelta(seconds=min(float(text), most))
