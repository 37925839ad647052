"""Resource units per ten seconds, as the service publishes and enforces them."""

import math
import re
import time
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass

from sandbox.graph.errors import GraphError

# Units per ten seconds of one app in one tenant, by the tenant's size.
LIMITS = {"S": 3_500, "M": 5_000, "L": 8_000}
_PERIOD = 10.0  # seconds
_TOLD_FROM = 0.8  # the share of a limit from which on the answer tells it

_ELSEWHERE = ("/auditLogs/", "/reports/", "/deviceManagement/")
_GUID = r"[^/]+"
_COSTS = tuple(
    (re.compile(f"{pattern}", re.IGNORECASE), cost)
    for pattern, cost in (
        (r"/(users|applications|oauth2PermissionGrants)", 2),
        (r"/users/delta", 2),
        (
            rf"/{_GUID}/{_GUID}/(memberOf|transitiveMemberOf|ownedObjects|licenseDetails)",
            2,
        ),
        (rf"/servicePrincipals/{_GUID}/appRoleAssignments", 2),
        (rf"/groups/{_GUID}/members", 3),
        (r"/subscribedSkus", 3),
        (r"/directoryObjects/getByIds", 3),
        (rf"/{_GUID}/{_GUID}/checkMemberGroups", 4),
        (rf"/{_GUID}/{_GUID}/transitiveMembers", 5),
    )
)


def size_of(users: int) -> str:
    """Return the size class of a tenant: S below 50 users, M up to 500, else L."""
    if users < 50:
        return "S"
    return "M" if users <= 500 else "L"


def cost_of(path: str, options: Mapping[str, str]) -> int:
    """Return the resource units of a request: one less for $select and for a $top
    below 20, one more for $expand, and never below one. Logs, reports and Intune
    count requests instead.
    """
    if path.startswith(_ELSEWHERE):
        return 0
    top = options.get("$top", "")
    few = top.isdigit() and int(top) < 20
    change = ("$expand" in options) - ("$select" in options) - few
    return max(1, _base(path) + change)


def _base(path: str) -> int:
    for pattern, cost in _COSTS:
        if pattern.fullmatch(path):
            return cost
    return 1


@dataclass
class Meter:
    """What was asked and what it cost, since the start or the last `clear`.

    `busy` is CPU time in seconds spent on answers, without TLS and HTTP.
    """

    requests: int = 0
    batches: int = 0
    units: int = 0
    throttled: int = 0
    sent_bytes: int = 0
    busy: float = 0.0

    def told(self) -> dict[str, float]:
        """Return the counters by name."""
        return asdict(self)

    def clear(self) -> None:
        """Begin again at nothing."""
        vars(self).update(vars(Meter()))


class UnitBucket:
    """The bucket of one app in one tenant, full at the start.

    A refused request costs as well, as with the service, but never more than a
    tenth of the limit in all, so that a client that waits gets on.

    Args:
        limit: units per ten seconds.
        clock: seconds that only go forward.
    """

    def __init__(self, limit: int, clock: Callable[[], float] = time.monotonic) -> None:
        self._limit, self._clock = limit, clock
        self._left, self._at = float(limit), clock()

    def take(self, cost: int) -> float:
        """Pay for a request, and return the share of the limit in use.

        Raises:
            _EmptyError: there is not enough left.
        """
        now = self._clock()
        refilled = self._left + (now - self._at) * self._limit / _PERIOD
        self._left, self._at = min(float(self._limit), refilled), now
        short = cost - self._left
        self._left = max(self._left - cost, -self._limit / 10)
        if short > 0:
            raise EmptyError(-self._left * _PERIOD / self._limit)
        return 1 - self._left / self._limit


class EmptyError(Exception):
    """A bucket has not enough left; `wait` seconds and it may."""

    def __init__(self, wait: float) -> None:
        super().__init__(f"empty for {wait:.1f} s")
        self.wait = wait


class Throttle:
    """The buckets of all apps. None as limit switches throttling off."""

    def __init__(
        self,
        tenant_id: str,
        limit: int | None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._tenant_id, self._limit, self._clock = tenant_id, limit, clock
        self._buckets: dict[str, UnitBucket] = {}

    def charge(self, client_id: str, cost: int) -> dict[str, str]:
        """Pay for a request, and return the headers that tell so.

        Raises:
            GraphError: 429 with Retry-After and the scope of the limit.
        """
        headers = {"x-ms-resource-unit": str(cost)} if cost else {}
        if self._limit is None or not cost:
            return headers
        bucket = self._buckets.get(client_id)
        if bucket is None:
            bucket = UnitBucket(self._limit, self._clock)
            self._buckets[client_id] = bucket
        try:
            used = bucket.take(cost)
        except EmptyError as empty:
            raise self._refusal(client_id, empty.wait, headers) from empty
        if used >= _TOLD_FROM:
            headers["x-ms-throttle-limit-percentage"] = f"{used:.2f}"
        return headers

    def _refusal(
        self, client_id: str, wait: float, headers: Mapping[str, str]
    ) -> GraphError:
        return GraphError(
            429,
            "TooManyRequests",
            "Too many requests.",
            {
                **headers,
                "Retry-After": str(max(1, math.ceil(wait))),
                "x-ms-throttle-limit-percentage": "1.00",
                "x-ms-throttle-scope": (
                    f"Tenant_Application/ReadWrite/{client_id}/{self._tenant_id}"
                ),
                "x-ms-throttle-information": "ResourceUnitLimitExceeded",
            },
        )
