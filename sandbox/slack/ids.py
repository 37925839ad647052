"""Make IDs and timestamps that look like Slack's and never repeat."""

import hashlib
import itertools

from sandbox.slack.clock import Clock


class Mint:
    """Number everything in one workspace, so that two runs make the same IDs."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._numbers = itertools.count(1)
        self._last_micros = 0

    def id(self, prefix: str) -> str:
        """Make an ID such as `V00000007` for prefix `V`."""
        return f"{prefix}{next(self._numbers):08X}"

    def token(self, *about: str) -> str:
        """Make 12 hexadecimal digits that nobody guesses by counting."""
        seed = ":".join((*about, str(next(self._numbers))))
        return hashlib.sha256(seed.encode()).hexdigest()[:12]

    def ts(self) -> str:
        """Make a message timestamp `seconds.micros`, later than all before it.

        Slack promises uniqueness within a channel; unique in the workspace is simpler
        and implies it. A clock moved backwards does not break the order.
        """
        micros = max(int(self._clock.now() * 1_000_000), self._last_micros + 1)
        self._last_micros = micros
        return f"{micros // 1_000_000}.{micros % 1_000_000:06d}"
