"""The governor's laws, on a clock that only moves while everybody waits."""

import asyncio
from datetime import timedelta
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.ids import TenantId
from bot.graph.quota import Quota, Quotas
from bot.graph.quota_costs import IDENTITY, LIMITS, Group, Limit, TenantSize
from bot.graph.requests import GraphRequest
from bot.graph.turns import Priority
from tests.graph.quota_story import (
    APP,
    CONTOSO,
    LOG,
    MEMBERS,
    ONE,
    WRITE,
    Sent,
    batch,
    breaks,
    send,
)
from tests.graph.virtual_time import VirtualClock

REPORT = GraphRequest("GET", "/reports/getOffice365ActiveUserDetail(period='D7')", None)
DEVICES = GraphRequest("GET", "/deviceManagement/managedDevices", None)


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
