"""A token bucket on a clock: what is left, and how long until there is enough."""

from datetime import datetime, timedelta

from bot.graph.quota_costs import Limit

_NOTHING = timedelta(0)
_TICK = timedelta(microseconds=1)  # the clock's own grain, lest a wait end too early


class Bucket:
    """What may be spent of one limit. It starts full, as Graph's does.

    Args:
        now: aware time; all later times are by the same clock.
    """

    def __init__(self, limit: Limit, now: datetime) -> None:
        self.limit = limit
        self._level, self._at = limit.burst, now
        self._pause_began = self._pause_ends = now

    def wait_for(self, cost: float, now: datetime, kept: float = 0) -> timedelta:
        """How long until so much may be spent; zero where it may be now.

        More than the bucket holds may be spent when it is full: it is then owed.

        Args:
            kept: share of the bucket that is to be left for others.
        """
        paused = self.pause_left(now)
        needed = min(cost + self.limit.burst * kept, self.limit.burst)
        missing = needed - self._left(now)
        if missing <= 0:
            return paused
        filled = timedelta(seconds=missing / self.limit.per_second) + _TICK
        return max(paused, filled)

    def spend(self, cost: float, now: datetime) -> None:
        """Take so much out; a negative cost gives back what was taken too much."""
        self._level = min(self._left(now) - cost, self.limit.burst)

    def share_left(self, now: datetime) -> float:
        """How much of the bucket is left; below 0 where it is owed."""
        return self._left(now) / self.limit.burst

    def leave_at_most(self, share: float, now: datetime) -> None:
        """Believe Graph that no more than this share is left; below 0 it is owed."""
        self._level = min(self._left(now), self.limit.burst * share)

    def pause(self, until: datetime, now: datetime) -> None:
        """Spend nothing before then."""
        if until > self._pause_ends or now >= self._pause_ends:
            self._pause_began, self._pause_ends = now, until

    def pause_left(self, now: datetime) -> timedelta:
        """How much longer Graph wants to be left alone."""
        asked = self._pause_ends - self._pause_began
        if now < self._pause_began:  # the clock was set back: begin anew, no longer
            self._pause_began, self._pause_ends = now, now + asked
        return max(self._pause_ends - now, _NOTHING)

    def become(self, limit: Limit, now: datetime) -> None:
        """Change size; what was spent stays spent."""
        self._level = self._left(now) + limit.burst - self.limit.burst
        self.limit = limit

    def _left(self, now: datetime) -> float:
        # A clock that was set back refills nothing, and waits for no time gone by.
        passed = max((now - self._at).total_seconds(), 0.0)
        refilled = self._level + passed * self.limit.per_second
        self._level, self._at = min(refilled, self.limit.burst), now
        return self._level
