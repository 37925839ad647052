"""The few Protocols with two real implementations."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Protocol


class Clock(Protocol):
    """Tells the time. Tests move theirs."""

    def now(self) -> datetime:
        """The current time, aware, UTC."""
        ...

    async def sleep(self, duration: timedelta) -> None:
        """Wait that long by this clock."""
        ...


class SystemClock:
    """The machine's own clock."""

    def now(self) -> datetime:
        """The current time, aware, UTC."""
        return datetime.now(UTC)

    async def sleep(self, duration: timedelta) -> None:
        """Wait that long in real time."""
        await asyncio.sleep(max(duration.total_seconds(), 0))
