"""A clock whose sleepers wake in order, as soon as nobody else has anything to do."""

import asyncio
import heapq
from collections.abc import Coroutine
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

START = datetime(2026, 3, 1, 9, tzinfo=UTC)
_ROUNDS = 25  # of the event loop, in which whoever can go on does


class VirtualClock:
    """Time that passes only while everybody sleeps."""

    def __init__(self) -> None:
        self._now = START
        self._sleepers: list[tuple[datetime, int, asyncio.Future[None]]] = []
        self._numbers = count()

    @property
    def seconds(self) -> float:
        """Since the start."""
        return (self._now - START).total_seconds()

    def now(self) -> datetime:
        return self._now

    async def sleep(self, duration: timedelta) -> None:
        wakes = asyncio.get_running_loop().create_future()
        at = self._now + max(duration, timedelta(0))
        heapq.heappush(self._sleepers, (at, next(self._numbers), wakes))
        await wakes

    async def run(self, *stories: Coroutine[Any, Any, Any]) -> list[Any]:
        """Run stories side by side until all have ended; give their results."""
        tasks = [asyncio.create_task(story) for story in stories]
        while not all(task.done() for task in tasks):
            for _ in range(_ROUNDS):
                await asyncio.sleep(0)
            self._wake_the_next()
        return [task.result() for task in tasks]

    def _wake_the_next(self) -> None:
        while self._sleepers:
            at, _, wakes = heapq.heappop(self._sleepers)
            if not wakes.done():
                self._now = max(self._now, at)
                wakes.set_result(None)
                return
