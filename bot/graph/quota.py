"""Paces one app's requests to one tenant, so that Graph need not refuse any.

Every request waits for its turn: until what it costs is there, and nobody more urgent
is before it. Answers correct the account: by the cost they name, by the share of the
limit that is used up (other programs may use the same app), and by Retry-After.
"""

import asyncio
from collections.abc import AsyncGenerator, Callable, Iterable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from bot.domain.ids import ClientId, TenantId
from bot.graph.bucket import Bucket
from bot.graph.errors import ThrottledError
from bot.graph.patience import retry_after
from bot.graph.quota_costs import (
    IDENTITY,
    LIMITS,
    Group,
    Shape,
    TenantSize,
    inner_shapes,
    is_batch,
    shape,
    tenant_size,
)
from bot.graph.requests import GraphRequest
from bot.graph.turns import Priority, Turns
from bot.ports import Clock

MOST_IN_BACKGROUND = 28  # of the transport's 40 connections; people get the rest
KEPT_FOR_PEOPLE = 0.1  # share of each bucket that no background request takes
_MOST_UNITS = 1_000.0  # of one request; a header that says more is not believed

Charge = dict[Group, float]


class Quota:
    """What one app may ask of one tenant.

    Attributes:
        spent: resource units or requests spent so far, by group.
        refusals: how often Graph answered 429.
    """

    def __init__(self, clock: Clock, quotas: "Quotas | None" = None) -> None:
        now = clock.now()
        self._clock, self._quotas = clock, quotas
        self._buckets = {group: Bucket(limit, now) for group, limit in LIMITS.items()}
        self._buckets[Group.IDENTITY] = Bucket(IDENTITY[TenantSize.SMALL], now)
        self._turns = {group: Turns(clock) for group in Group}
        self._learnt: dict[Shape, float] = {}
        self.spent: dict[Group, float] = dict.fromkeys(Group, 0.0)
        self.refusals = 0

    @asynccontextmanager
    async def turn(
        self,
        request: GraphRequest,
        priority: Priority = "normal",
        within: timedelta | None = None,
    ) -> AsyncGenerator[None]:
        """Wait until a request may be sent, and pay what it will cost.

        The request is to be sent inside: background requests of all tenants together
        never hold all connections.

        Args:
            within: how long the caller can wait; None for as long as it takes.

        Raises:
            ThrottledError: the wait is known to be longer; nothing was paid.
        """
        charge = self._charge(request)
        left = self._pause_left(charge)
        if within is not None and left > within:
            raise ThrottledError(left)
        kept = KEPT_FOR_PEOPLE if priority == "low" else 0
        await self._turns[self._scarcest(charge)].come(
            priority, lambda now: self._try_to_pay(charge, kept, now), within
        )
        async with self.place(priority):
            yield

    @asynccontextmanager
    async def place(self, priority: Priority) -> AsyncGenerator[None]:
        """Hold a connection of those that background requests may have.

        For what costs nothing of Graph's quota, as downloads from elsewhere.
        """
        if priority == "low" and self._quotas is not None:
            async with self._quotas.background:
                yield
        else:
            yield

    def learn(
        self, request: GraphRequest, status: int, headers: Mapping[str, str]
    ) -> None:
        """Correct the account by an answer.

        Args:
            headers: of the answer; names are compared in lower case.
        """
        told = {name.lower(): value for name, value in headers.items()}
        if not is_batch(request):  # its answers are learnt one by one
            self._learn_cost(shape(request), told)
        groups, now = list(self._charge(request)), self._clock.now()
        if (used := _number(told.get("x-ms-throttle-limit-percentage"))) is not None:
            for group in groups:
                self._buckets[group].leave_at_most(1 - used, now)
        if status == 429:
            self.refusals += 1
            self._learn_refusal(groups, told, now)

    def size(self, users: int) -> None:
        """Tell how many users the tenant has, which decides what Graph grants."""
        limit = IDENTITY[tenant_size(users)]
        self._buckets[Group.IDENTITY].become(limit, self._clock.now())

    def pause(self, groups: Iterable[Group], until: datetime) -> None:
        """Send nothing of these groups before then."""
        for group in groups:
            self._buckets[group].pause(until, self._clock.now())

    def left(self) -> dict[Group, float]:
        """What share of each bucket is left."""
        now = self._clock.now()
        return {group: each.share_left(now) for group, each in self._buckets.items()}

    def paused_until(self) -> dict[Group, datetime]:
        """Which groups Graph wants to be left alone, and how long."""
        now = self._clock.now()
        lefts = {group: each.pause_left(now) for group, each in self._buckets.items()}
        return {group: now + left for group, left in lefts.items() if left}

    def pay(self, charge: Charge) -> None:
        """Take out what another process spent of the same quota."""
        for group, cost in charge.items():
            self._buckets[group].spend(cost, self._clock.now())

    def leave_at_most(self, shares: Mapping[Group, float]) -> None:
        """Believe another process that no more than these shares are left."""
        for group, share in shares.items():
            self._buckets[group].leave_at_most(share, self._clock.now())

    def _charge(self, request: GraphRequest) -> Charge:
        shapes = inner_shapes(request) if is_batch(request) else (shape(request),)
        charge: Charge = {}
        for one in shapes:
            cost = self._learnt.get(one, one.published)
            charge[one.group] = charge.get(one.group, 0) + cost
            if one.is_write and one.group is Group.IDENTITY:
                charge[Group.WRITES] = charge.get(Group.WRITES, 0) + 1
        return charge

    def _scarcest(self, charge: Charge) -> Group:
        """The group in whose queue the request stands: that with least to spare."""

        def share(group: Group) -> float:
            return charge[group] / self._buckets[group].limit.burst

        return max(charge, key=share, default=Group.IDENTITY)

    def _try_to_pay(self, charge: Charge, kept: float, now: datetime) -> timedelta:
        waits = [
            self._buckets[g].wait_for(cost, now, kept) for g, cost in charge.items()
        ]
        wait = max(waits, default=timedelta(0))
        if wait <= timedelta(0):
            for group, cost in charge.items():
                self._buckets[group].spend(cost, now)
                self.spent[group] += cost
        return wait

    def _pause_left(self, charge: Charge) -> timedelta:
        now = self._clock.now()
        lefts = (self._buckets[group].pause_left(now) for group in charge)
        return max(lefts, default=timedelta(0))

    def _learn_cost(self, paid: Shape, told: Mapping[str, str]) -> None:
        cost = _number(told.get("x-ms-resource-unit"))
        if cost is None or cost > _MOST_UNITS or paid.group is not Group.IDENTITY:
            return
        more = cost - self._learnt.get(paid, paid.published)
        self._buckets[Group.IDENTITY].spend(more, self._clock.now())
        self.spent[Group.IDENTITY] += more
        self._learnt[paid] = cost

    def _learn_refusal(
        self, groups: list[Group], told: Mapping[str, str], now: datetime
    ) -> None:
        for group in groups:
            self._buckets[group].leave_at_most(0, now)
        asked, scope = retry_after(told), Scope.read(told.get("x-ms-throttle-scope"))
        if asked is None:
            return  # the caller backs off by itself
        paused = scope.of(groups)
        self.pause(paused, now + asked)
        if self._quotas is not None and scope.is_wide:
            self._quotas.pause_all(self, scope, paused, now + asked)


@dataclass(frozen=True)
class Scope:
    """What a 429 is about, as x-ms-throttle-scope names it.

    `<Tenant_Application|Tenant|Application>/<Read|Write|ReadWrite>/<app>/<tenant>`.
    """

    whose: str = "Tenant_Application"
    what: str = "ReadWrite"

    @classmethod
    def read(cls, text: str | None) -> "Scope":
        """Read the header; without it only this app in this tenant is meant."""
        parts = (text or "").split("/")
        if len(parts) < 2 or parts[0] not in ("Tenant_Application", *_WIDE):
            return cls()
        return cls(parts[0], parts[1])

    @property
    def is_wide(self) -> bool:
        """Whether other apps of the tenant, or other tenants of the app, are meant."""
        return self.whose in _WIDE

    def of(self, groups: list[Group]) -> list[Group]:
        """Which of the groups of a refused request must pause, with their kin."""
        if Group.IDENTITY not in groups:
            return groups
        if self.what == "Write":
            return [Group.WRITES]
        return [Group.IDENTITY] if self.what == "Read" else _DIRECTORY


OnWidePause = Callable[[Scope, list[Group], datetime], None]

_WIDE = ("Tenant", "Application")
_DIRECTORY = [Group.IDENTITY, Group.WRITES]


class Quotas:
    """The quotas of all tenants and apps, shared by every client of each.

    Attributes:
        background: held by each background request while it is on its way.
        on_wide_pause: is told of refusals that are about other tenants or apps too,
            where quotas of other processes are to pause as well.
    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self.background = asyncio.Semaphore(MOST_IN_BACKGROUND)
        self.on_wide_pause: OnWidePause | None = None
        self._quotas: dict[tuple[TenantId, ClientId], Quota] = {}

    def of(self, tenant_id: TenantId, client_id: ClientId) -> Quota:
        """The quota of one app in one tenant."""
        key = tenant_id, client_id
        if key not in self._quotas:
            self._quotas[key] = Quota(self._clock, self)
        return self._quotas[key]

    def pause_all(
        self, refused: Quota, scope: Scope, groups: list[Group], until: datetime
    ) -> None:
        """Pause everybody whom a refusal of one quota is about."""
        if self.on_wide_pause is not None:
            self.on_wide_pause(scope, groups, until)
        place = 0 if scope.whose == "Tenant" else 1
        keys: dict[Quota, tuple[UUID, UUID]] = {q: k for k, q in self._quotas.items()}
        for quota, key in keys.items():
            if key[place] == keys[refused][place]:
                quota.pause(groups, until)


def _number(text: str | None) -> float | None:
    """A header's number; None for what is none, or no finite positive one."""
    try:
        number = float(text or "")
    except ValueError:
        return None
    return number if 0 <= number < float("inf") else None
