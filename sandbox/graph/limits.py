"""Limits that count requests, not resource units: logs and reports.

Source: Microsoft Graph "Service-specific throttling limits".
"""

import math
from collections import deque
from dataclasses import dataclass
from datetime import datetime, timedelta

from sandbox.graph.errors import GraphError


@dataclass(frozen=True)
class Limit:
    """So many requests of one app to one tenant in any time of that length."""

    name: str
    requests: int
    period: timedelta


# All logs and the registration report share one; each usage report has its own.
REPORTING = Limit("reporting", 5, timedelta(seconds=10))


def usage_limit(report: str) -> Limit:
    """Return the limit of one usage report."""
    return Limit(f"usage/{report}", 14, timedelta(minutes=10))


class RequestLimits:
    """What every app has asked of late. `enforced` False lets everything pass."""

    def __init__(self) -> None:
        self.enforced = True
        self._asked: dict[tuple[str, str, str], deque[datetime]] = {}

    def charge(
        self, limit: Limit, client_id: str, tenant_id: str, now: datetime
    ) -> None:
        """Count a request. One that is refused does not count itself.

        Raises:
            GraphError: 429 with Retry-After in whole seconds, and the scope.
        """
        if not self.enforced:
            return
        asked = self._asked.setdefault((limit.name, client_id, tenant_id), deque())
        while asked and asked[0] <= now - limit.period:
            asked.popleft()
        if len(asked) >= limit.requests:
            wait = (asked[0] + limit.period - now).total_seconds()
            raise _refusal(client_id, tenant_id, wait)
        asked.append(now)

    def clear(self) -> None:
        """Forget what was asked."""
        self._asked.clear()


def _refusal(client_id: str, tenant_id: str, wait: float) -> GraphError:
    return GraphError(
        429,
        "TooManyRequests",
        "Too many requests.",
        {
            "Retry-After": str(max(1, math.ceil(wait))),
            "x-ms-throttle-scope": f"Tenant_Application/Read/{client_id}/{tenant_id}",
            "x-ms-throttle-information": "RequestLimitExceeded",
        },
    )
