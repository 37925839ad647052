"""A queue in which the more urgent pass, and everybody's turn comes."""

import asyncio
import heapq
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import count
from typing import Literal

from bot.graph.errors import ThrottledError
from bot.ports import Clock

Priority = Literal["low", "normal", "high"]

# How long a request lets more urgent ones pass that come after it. So a click passes
# the background reads that wait, and none of those waits for ever.
LETS_PASS: Mapping[Priority, timedelta] = {
    "high": timedelta(0),
    "normal": timedelta(seconds=5),
    "low": timedelta(seconds=30),
}

TryToGo = Callable[[datetime], timedelta]


@dataclass(order=True)
class _Waiter:
    rank: datetime
    number: int
    woken: asyncio.Event = field(compare=False, default_factory=asyncio.Event)


class Turns:
    """Lets requests go one after the other, in the order of their urgency."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._waiting: list[_Waiter] = []
        self._numbers = count()

    async def come(
        self, priority: Priority, try_to_go: TryToGo, within: timedelta | None
    ) -> None:
        """Wait for a turn.

        Args:
            try_to_go: goes, and returns zero; or returns how long there is to wait.
            within: how long the caller can wait; None for as long as it takes.

        Raises:
            ThrottledError: the wait is known to be longer.
        """
        now = self._clock.now()
        if not self._waiting and try_to_go(now) <= timedelta(0):
            return
        waiter = _Waiter(now + LETS_PASS[priority], next(self._numbers))
        heapq.heappush(self._waiting, waiter)
        try:
            ends_at = None if within is None else now + within
            await self._wait(waiter, try_to_go, ends_at)
        finally:
            self._waiting.remove(waiter)
            heapq.heapify(self._waiting)
            if self._waiting:
                self._waiting[0].woken.set()

    async def _wait(
        self, waiter: _Waiter, try_to_go: TryToGo, ends_at: datetime | None
    ) -> None:
        while True:
            if self._waiting[0] is not waiter:
                await waiter.woken.wait()
                waiter.woken.clear()
                continue
            now = self._clock.now()
            wait = try_to_go(now)
            if wait <= timedelta(0):
                return
            if ends_at is not None and now + wait > ends_at:
                raise ThrottledError(wait)
            await self._clock.sleep(wait)
