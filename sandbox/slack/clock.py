"""The simulator's clock, which tests and the page may move forward."""

import asyncio
import contextlib
import time


class Clock:
    """Wall-clock time plus an offset that can be moved while others sleep."""

    def __init__(self) -> None:
        self.offset = 0.0  # seconds
        self._moved = asyncio.Event()

    def now(self) -> float:
        """Return seconds since the epoch, shifted."""
        return time.time() + self.offset

    def set_offset(self, seconds: float) -> None:
        """Move the clock; sleepers whose time has come wake up."""
        self.offset = seconds
        self._moved.set()
        self._moved = asyncio.Event()

    async def sleep(self, seconds: float) -> None:
        """Sleep by this clock, so that moving it forward shortens the wait."""
        wakes_at = self.now() + seconds
        while (left := wakes_at - self.now()) > 0:
            moved = self._moved
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(moved.wait(), left)
