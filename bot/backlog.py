"""What waits to reach Slack, measured whenever somebody asks for the metrics."""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime

import structlog
from prometheus_client import Gauge

from store import messages
from store.engine import PASSING, Database

log = structlog.get_logger(__name__)

WAITING = Gauge(
    "gatehouse_messages_waiting", "Messages that Slack does not show as they should be"
)
WAIT = Gauge(
    "gatehouse_messages_waiting_seconds", "How long the longest of them has waited"
)
_UNKNOWN = float("nan")  # a number would say that it was measured


def backlog_of(database: Database) -> Callable[[], Awaitable[None]]:
    """What sets the gauges; NaN while the database cannot be asked."""

    async def measure() -> None:
        try:
            async with database.snapshots() as session:
                backlog = await messages.backlog(session)
        except PASSING as error:
            log.warning("backlog_unknown", exc_info=error)
            WAITING.set(_UNKNOWN)
            WAIT.set(_UNKNOWN)
            return
        # Since by the system's clock, which no test moves: see `store.messages.put`.
        now = datetime.now(UTC)
        WAITING.set(backlog.waiting)
        WAIT.set((now - (backlog.since or now)).total_seconds())

    return measure
