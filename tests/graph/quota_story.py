"""Requests of known cost, sent in virtual time, and the law that they must keep."""

from collections.abc import Sequence
from datetime import timedelta
from itertools import accumulate
from uuid import UUID

from bot.domain.ids import ClientId, TenantId
from bot.domain.permissions import AppRole
from bot.graph.quota import Quota
from bot.graph.quota_costs import Limit
from bot.graph.requests import GraphRequest
from bot.graph.turns import Priority
from tests.graph.virtual_time import VirtualClock

GROUP = "0f8fad5b-d9cb-469f-a165-70867728950e"
MEMBERS = GraphRequest("GET", f"/groups/{GROUP}/members", None)  # 3 units
ONE = GraphRequest("GET", f"/groups/{GROUP}", None)  # 1 unit
LOG = GraphRequest("GET", "/auditLogs/signIns", AppRole.AUDIT_LOG_READ_ALL)
WRITE = GraphRequest("PATCH", f"/users/{GROUP}", None, body={"accountEnabled": False})
CONTOSO, FABRIKAM = TenantId(UUID(int=1)), TenantId(UUID(int=2))
APP, OTHER_APP = ClientId(UUID(int=3)), ClientId(UUID(int=4))

Sent = list[tuple[float, float]]  # when, cost


async def send(
    clock: VirtualClock,
    quota: Quota,
    request: GraphRequest,
    sent: Sent,
    *,
    after: float = 0,
    cost: float = 1,
    priority: Priority = "normal",
) -> float:
    """Come at a time, wait for a turn, and note when it was."""
    await clock.sleep(timedelta(seconds=after))
    async with quota.turn(request, priority):
        sent.append((clock.seconds, cost))
        return clock.seconds


def breaks(sent: Sequence[tuple[float, float]], limit: Limit) -> bool:
    """Whether more was spent in some time than burst plus refill allow."""
    spent = list(accumulate((cost for _, cost in sent), initial=0.0))
    return any(
        spent[j + 1] - spent[i] > limit.burst + limit.per_second * (end - start) + 1e-3
        for i, (start, _) in enumerate(sent)
        for j, (end, _) in enumerate(sent)
        if j >= i
    )


def batch(count: int) -> GraphRequest:
    """A $batch of reads of members."""
    inner = {"id": "1", "method": "GET", "url": MEMBERS.path}
    body = {"requests": [inner] * count}
    return GraphRequest("POST", "/$batch", None, body=body, only_reads=True)
