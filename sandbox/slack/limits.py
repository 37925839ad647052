"""Slack's rate limits by method tier, for the strict mode."""

import math
from collections import defaultdict, deque
from collections.abc import Mapping

from sandbox.slack.clock import Clock

# Calls per minute that Slack promises at least (docs, "Rate limits").
PER_MINUTE: Mapping[int, int] = {1: 1, 2: 20, 3: 50, 4: 100}
WINDOW_SECONDS = 60.0
POST_SECONDS = 1.0  # chat.postMessage: about one a second in each channel
POST_BURST = 5  # "short bursts" are allowed; Slack gives no figure


class RateLimits:
    """Counts calls by method in a sliding minute, posts by channel in seconds."""

    def __init__(self, clock: Clock, *, strict: bool) -> None:
        self._clock = clock
        self.strict = strict
        self._calls: dict[str, deque[float]] = defaultdict(deque)

    def wait_for(self, method: str, tier: int, channel: str = "") -> int | None:
        """Count a call and return None, or the seconds to wait when over the limit.

        Args:
            tier: 1 to 4; 0 for methods with a special limit, of which only
                chat.postMessage is counted.
        """
        if not self.strict:
            return None
        if method == "chat.postMessage":
            window = POST_SECONDS * POST_BURST
            return self._count(f"{method}:{channel}", POST_BURST, window)
        if tier not in PER_MINUTE:
            return None
        return self._count(method, PER_MINUTE[tier], WINDOW_SECONDS)

    def _count(self, key: str, most: int, window: float) -> int | None:
        now, calls = self._clock.now(), self._calls[key]
        while calls and now - calls[0] >= window:
            calls.popleft()
        if len(calls) >= most:
            return max(1, math.ceil(window - (now - calls[0])))
        calls.append(now)
        return None
