"""What is common to all deliveries from Slack: their key, and the work they begin."""

import asyncio
from collections.abc import Coroutine
from datetime import timedelta
from typing import Any


def delivery_key(body: dict[str, Any]) -> str | None:
    """What is equal in two deliveries of one thing, and in no others.

    Events carry an ID that is stable over retries. Interactions and commands have no
    documented retry, but duplicates were seen; their trigger ID is single-use.
    """
    key = body.get("event_id") or body.get("trigger_id")
    return str(key) if key else None


class Tasks:
    """Background work that is referenced until it ends, and waited for at the end."""

    def __init__(self) -> None:
        self._running: set[asyncio.Task[None]] = set()

    def start(self, work: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        """Begin; the work handles its own errors."""
        task = asyncio.create_task(work)
        self._running.add(task)
        task.add_done_callback(self._running.discard)
        return task

    async def drain(self, timeout: timedelta) -> None:
        """Wait for all of it, at most that long."""
        if self._running:
            await asyncio.wait(self._running, timeout=timeout.total_seconds())
