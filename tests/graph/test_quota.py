"""The governor's laws, on a clock that only moves while everybody waits."""

import asyncio
import json
from collections.abc import Sequence
from datetime import timedelta
from itertools import accumulate
from uuid import UUID

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.ids import ClientId, TenantId
from bot.domain.permissions import AppRole
from bot.graph.errors import ThrottledError
from bot.graph.organization import organization
from bot.graph.patience import INTERACTIVE
from bot.graph.quota import Quota, Quotas
from bot.graph.quota_costs import IDENTITY, LIMITS, Group, Limit, TenantSize
from bot.graph.requests import GraphRequest
from bot.graph.turns import Priority
from tests.graph.house import CLIENT, TENANT, House
from tests.graph.small_graph import SmallGraph
from tests.graph.virtual_time import VirtualClock

GROUP = "0f8fad5b-d9cb-469f-a165-70867728950e"
MEMBERS = GraphRequest("GET", f"/groups/{GROUP}/members", None)  # 3 units
ONE = GraphRequest("GET", f"/groups/{GROUP}", None)  # 1 unit
LOG = GraphRequest("GET", "/auditLogs/signIns", AppRole.AUDIT_LOG_READ_ALL)
REPORT = GraphRequest("GET", "/reports/getOffice365ActiveUserDetail(period='D7')", None)
DEVICES = GraphRequest("GET", "/deviceManagement/managedDevices", None)
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


def flood(limit: Limit, seconds: float) -> int:
    """How many requests of one unit a limit lets through in so many seconds."""
    return int(limit.burst + limit.per_second * seconds)


@settings(max_examples=30, deadline=None)
@given(
    arrivals=st.lists(
        st.tuples(
            st.floats(0, 30),
            st.sampled_from(["low", "normal", "high"]),
            st.integers(1, 40),
        ),
        min_size=1,
        max_size=60,
    )
)
def test_never_more_than_the_bucket_in_any_time(
    arrivals: list[tuple[float, Priority, int]],
) -> None:
    """Batches of memberships, each of up to forty requests of three units."""

    async def story() -> Sent:
        clock, sent = VirtualClock(), Sent()
        quota = Quota(clock)
        await clock.run(
            *(
                send(
                    clock,
                    quota,
                    batch(count),
                    sent,
                    after=after,
                    cost=3 * count,
                    priority=priority,
                )
                for after, priority, count in arrivals
            )
        )
        return sent

    sent = asyncio.run(story())

    assert len(sent) == len(arrivals)
    assert not breaks(sent, IDENTITY[TenantSize.SMALL])


def batch(count: int) -> GraphRequest:
    """A $batch of reads of members."""
    inner = {"id": "1", "method": "GET", "url": MEMBERS.path}
    body = {"requests": [inner] * count}
    return GraphRequest("POST", "/$batch", None, body=body, only_reads=True)


@pytest.mark.parametrize(
    ("request_", "limit", "most", "window"),
    [
        (LOG, LIMITS[Group.REPORTING], 5, 10),
        (REPORT, LIMITS[Group.USAGE_REPORTS], 14, 600),
        (DEVICES, LIMITS[Group.INTUNE], 2_000, 20),
        (WRITE, LIMITS[Group.WRITES], 3_000, 150),
    ],
    ids=["logs", "usage reports", "devices", "writes"],
)
async def test_other_groups_keep_to_their_windows(
    request_: GraphRequest, limit: Limit, most: int, window: float
) -> None:
    clock, sent = VirtualClock(), Sent()
    quota = Quota(clock)

    async def one_after_another() -> None:
        for _ in range(flood(limit, 2.5 * window)):
            await send(clock, quota, request_, sent)

    await clock.run(one_after_another())

    at = [when for when, _ in sent]
    assert max(sum(start <= t < start + window for t in at) for start in at) <= most
    assert at[-1] == pytest.approx(2.5 * window, rel=0.1)  # and no slower than it may


async def test_a_larger_tenant_gets_more_at_once() -> None:
    clock, sent = VirtualClock(), Sent()
    quota = Quota(clock)
    quota.size(100_000)

    async def read_members() -> None:
        for _ in range(255):
            await send(clock, quota, batch(10), sent, cost=30)

    await clock.run(read_members())

    assert clock.seconds < 0.1  # 7,650 units, of 8,000
    assert not breaks(sent, IDENTITY[TenantSize.LARGE])


async def test_a_click_passes_the_reads_that_wait() -> None:
    clock, sent = VirtualClock(), Sent()
    quota = Quota(clock)
    reads = [
        send(clock, quota, batch(20), sent, cost=60, priority="low") for _ in range(100)
    ]

    click = send(clock, quota, ONE, [], after=1, priority="high")
    *ended, clicked = await clock.run(*reads, click)

    assert clicked < 1.2
    assert sum(at > clicked for at in ended) > 30
    assert not breaks(sent, IDENTITY[TenantSize.SMALL])


async def test_nobody_waits_for_ever() -> None:
    """Clicks that never end would take all there is; the read's turn still comes."""
    clock, sent = VirtualClock(), Sent()
    quota = Quota(clock)

    async def clicks() -> None:
        while clock.seconds < 90:
            async with quota.turn(batch(20), "high"):
                pass

    flood_of_clicks = [clicks() for _ in range(8)]
    read = send(clock, quota, MEMBERS, sent, after=20, priority="low")
    *_, read_at = await clock.run(*flood_of_clicks, read)

    # It lets others pass for half a minute, and then waits for what is kept for them.
    assert 20 < read_at < 54


async def test_a_refusal_pauses_what_its_scope_names() -> None:
    clock = VirtualClock()
    quotas = Quotas(clock)
    quota = quotas.of(CONTOSO, APP)
    headers = {
        "Retry-After": "7",
        "x-ms-throttle-scope": f"Tenant_Application/Read/{APP}/{CONTOSO}",
    }
    quota.learn(ONE, 429, headers)

    read, log, other_tenant, other_app = await clock.run(
        send(clock, quota, ONE, []),
        send(clock, quota, LOG, []),
        send(clock, quotas.of(FABRIKAM, APP), ONE, []),
        send(clock, quotas.of(CONTOSO, OTHER_APP), ONE, []),
    )

    assert read == pytest.approx(7, abs=0.01)
    assert (log, other_tenant, other_app) == (0, 0, 0)


@pytest.mark.parametrize(
    ("scope", "waits"),
    [
        ("Tenant", [(CONTOSO, APP), (CONTOSO, OTHER_APP)]),
        ("Application", [(CONTOSO, APP), (FABRIKAM, APP)]),
    ],
)
async def test_wider_scopes_pause_whom_they_name(
    scope: str, waits: list[tuple[TenantId, ClientId]]
) -> None:
    clock = VirtualClock()
    quotas = Quotas(clock)
    everybody = [
        (tenant, app) for tenant in (CONTOSO, FABRIKAM) for app in (APP, OTHER_APP)
    ]
    for who in everybody:
        quotas.of(*who)
    told = {"retry-after": "4", "x-ms-throttle-scope": f"{scope}/ReadWrite/{APP}/-"}
    quotas.of(CONTOSO, APP).learn(ONE, 429, told)

    times = await clock.run(
        *(send(clock, quotas.of(*who), ONE, []) for who in everybody)
    )

    paused = [who for who, at in zip(everybody, times, strict=True) if at > 3]
    assert paused == waits


async def test_a_write_limit_does_not_stop_reads() -> None:
    clock = VirtualClock()
    quota = Quota(clock)
    told = {"Retry-After": "20", "x-ms-throttle-scope": "Tenant_Application/Write/a/b"}
    quota.learn(WRITE, 429, told)

    read, write = await clock.run(
        send(clock, quota, ONE, []), send(clock, quota, WRITE, [])
    )

    assert read < 1
    assert write == pytest.approx(20, abs=0.01)


async def test_a_person_is_told_of_a_long_pause_at_once() -> None:
    clock = VirtualClock()
    quota = Quota(clock)
    quota.learn(ONE, 429, {"Retry-After": "300"})

    with pytest.raises(ThrottledError) as caught:
        async with quota.turn(ONE, "high", within=timedelta(seconds=8)):
            pytest.fail("sent into a pause")

    assert caught.value.retry_after == timedelta(seconds=300)
    assert clock.seconds == 0


async def test_costs_are_corrected_by_what_answers_say() -> None:
    """Graph charges five units where one is published: half are not sent too early."""
    clock, sent = VirtualClock(), Sent()
    quota = Quota(clock)

    async def reads() -> None:
        for _ in range(1_500):
            await send(clock, quota, ONE, sent, cost=5)
            quota.learn(ONE, 200, {"x-ms-resource-unit": "5"})

    await clock.run(reads())

    assert not breaks(sent, IDENTITY[TenantSize.SMALL])
    assert quota.spent[Group.IDENTITY] == 7_500


async def test_others_who_use_the_same_app_are_noticed() -> None:
    clock = VirtualClock()
    quota = Quota(clock)
    quota.learn(ONE, 200, {"x-ms-throttle-limit-percentage": "1.4"})

    (at,) = await clock.run(send(clock, quota, ONE, []))

    assert at == pytest.approx(4, abs=0.05)  # 40 % too much is 4 s of what is granted


@pytest.mark.parametrize(
    "told",
    [
        {"x-ms-resource-unit": "many", "x-ms-throttle-limit-percentage": "nan"},
        {"x-ms-resource-unit": "-4", "x-ms-throttle-limit-percentage": "-1"},
        {"x-ms-resource-unit": "1e300", "x-ms-throttle-limit-percentage": "inf"},
        {"x-ms-throttle-scope": "///", "retry-after": "soon"},
    ],
)
async def test_nonsense_in_headers_stops_nobody(told: dict[str, str]) -> None:
    clock = VirtualClock()
    quota = Quota(clock)
    quota.learn(ONE, 200, told)

    (at,) = await clock.run(send(clock, quota, ONE, []))

    assert at < 0.01


async def test_a_clock_set_back_makes_nobody_wait_longer_than_asked() -> None:
    clock = VirtualClock()
    quota = Quota(clock)
    quota.learn(ONE, 429, {"Retry-After": "7"})
    clock._now -= timedelta(hours=1)
    before = clock.seconds

    (at,) = await clock.run(send(clock, quota, ONE, []))

    assert at - before <= 7.01


async def test_who_gives_up_leaves_the_queue() -> None:
    clock, sent = VirtualClock(), Sent()
    quota = Quota(clock)
    quota.learn(ONE, 429, {"Retry-After": "5"})

    async def impatient() -> None:
        waiting = asyncio.create_task(send(clock, quota, ONE, sent, priority="high"))
        await clock.sleep(timedelta(seconds=1))
        waiting.cancel()
        with pytest.raises(asyncio.CancelledError):
            await waiting

    _, at = await clock.run(impatient(), send(clock, quota, ONE, sent, after=0.5))

    assert at == pytest.approx(5, abs=0.01)
    assert len(sent) == 1


async def test_background_reads_leave_connections_for_people() -> None:
    clock = VirtualClock()
    quotas = Quotas(clock)
    inside, most = 0, 0

    async def read(number: int) -> None:
        nonlocal inside, most
        quota = quotas.of(TenantId(UUID(int=number % 3)), APP)
        async with quota.turn(ONE, "low"):
            inside += 1
            most = max(most, inside)
            await clock.sleep(timedelta(seconds=1))
            inside -= 1

    *_, clicked = await clock.run(
        *(read(number) for number in range(90)),
        send(clock, quotas.of(CONTOSO, APP), ONE, [], after=0.5, priority="high"),
    )

    assert most == 28
    assert clicked == pytest.approx(0.5)


async def test_all_clients_of_a_tenant_share_one_account(house: House) -> None:
    """One client is refused; the other, a minute later, knows."""
    quota = house.graphs.quotas.of(TENANT, CLIENT)
    one, other = house.client(), house.client().with_priority("high")
    await one.granted()
    await other.granted()
    house.entra.faults.throttle(times=1, retry_after=40)

    hurried = one.with_patience(INTERACTIVE)
    with pytest.raises(ThrottledError):
        await organization(hurried)
    asked = len(house.asked())
    with pytest.raises(ThrottledError):
        await organization(other.with_patience(INTERACTIVE))

    assert len(house.asked()) == asked  # nothing was sent into the pause
    assert quota.refusals == 1
    house.clock.ahead += timedelta(seconds=40)
    assert (await organization(other)).display_name == "Contoso Ltd"


async def test_requests_inside_a_batch_are_learnt_one_by_one() -> None:
    """One of three is refused for a while: nothing else is sent meanwhile."""
    clock, refusals = VirtualClock(), [429]

    def reply(request: httpx.Request) -> httpx.Response:
        items = json.loads(request.content)["requests"]
        answers = [{"id": item["id"], "status": 200, "body": {}} for item in items]
        if refusals:
            headers = {"Retry-After": "9", "x-ms-resource-unit": "3"}
            answers[1] |= {"status": refusals.pop(), "headers": headers}
        return httpx.Response(200, json={"responses": answers})

    client = SmallGraph(first=reply, clock=clock).client()
    quota = client.quota
    assert quota is not None

    async def batch_of_three() -> int:
        return len(await client.batch([MEMBERS] * 3))

    async def another() -> float:
        await clock.sleep(timedelta(seconds=1))
        return await send(clock, quota, ONE, [])

    answered, at = await clock.run(batch_of_three(), another())

    assert answered == 3
    assert at == pytest.approx(9, abs=0.01)
    assert quota.refusals == 1
    assert quota.spent[Group.IDENTITY] == 3 * 3 + 3 + 1


async def test_background_work_leaves_a_share_to_people() -> None:
    """A click after the last read that could go finds enough; no read takes it."""
    clock, sent = VirtualClock(), Sent()
    quota = Quota(clock)
    reads = [send(clock, quota, batch(20), sent, priority="low") for _ in range(400)]

    click = send(clock, quota, batch(20), [], after=0.5, priority="normal")
    *_, clicked = await clock.run(*reads, click)

    assert clicked == 0.5
    assert not breaks(sent, IDENTITY[TenantSize.SMALL])


async def test_what_another_process_spends_is_missing_here() -> None:
    clock = VirtualClock()
    here, there = Quota(clock), Quota(clock)

    there.pay({Group.IDENTITY: IDENTITY[TenantSize.SMALL].burst / 2})
    here.leave_at_most(there.left())

    assert here.left()[Group.IDENTITY] == pytest.approx(0.5)
    assert here.left()[Group.INTUNE] == 1
    here.leave_at_most({Group.IDENTITY: 0.9})
    assert here.left()[Group.IDENTITY] == pytest.approx(0.5), "it never gives back"


async def test_a_pause_told_twice_is_no_longer() -> None:
    clock = VirtualClock()
    here, there = Quota(clock), Quota(clock)
    here.learn(ONE, 429, {"Retry-After": "7"})

    for group, until in here.paused_until().items():
        there.pause([group], until)
        there.pause([group], until)

    assert there.paused_until() == here.paused_until()
    assert set(here.paused_until()) == {Group.IDENTITY, Group.WRITES}
