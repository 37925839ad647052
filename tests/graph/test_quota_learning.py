"""What the governor learns from answers: refusals, their scopes, true costs."""

import json
from datetime import timedelta

import httpx
import pytest

from bot.domain.ids import ClientId, TenantId
from bot.graph.errors import ThrottledError
from bot.graph.organization import organization
from bot.graph.patience import INTERACTIVE
from bot.graph.quota import Quota, Quotas
from bot.graph.quota_costs import IDENTITY, Group, TenantSize
from tests.graph.house import CLIENT, TENANT, House
from tests.graph.quota_story import (
    APP,
    CONTOSO,
    FABRIKAM,
    LOG,
    MEMBERS,
    ONE,
    OTHER_APP,
    WRITE,
    Sent,
    breaks,
    send,
)
from tests.graph.small_graph import SmallGraph
from tests.graph.virtual_time import VirtualClock


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


async def test_a_pause_told_twice_is_no_longer() -> None:
    clock = VirtualClock()
    here, there = Quota(clock), Quota(clock)
    here.learn(ONE, 429, {"Retry-After": "7"})

    for group, until in here.paused_until().items():
        there.pause([group], until)
        there.pause([group], until)

    assert there.paused_until() == here.paused_until()
    assert set(here.paused_until()) == {Group.IDENTITY, Group.WRITES}
