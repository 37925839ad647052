"""$batch: many requests in few calls, each with an outcome of its own."""

import pytest

from bot.domain.permissions import AppRole
from bot.graph.client import GraphClient
from bot.graph.errors import (
    ObjectNotFoundError,
    PermissionMissingError,
    ThrottledError,
    UnavailableError,
    UnknownOutcomeError,
)
from bot.graph.patience import INTERACTIVE
from bot.graph.requests import GraphRequest
from tests.graph.house import DANA, House, group, user


def read_user(login: str) -> GraphRequest:
    return GraphRequest(
        "GET",
        f"/users/{user(login)}",
        AppRole.USER_READ_ALL,
        {"$select": "id,displayName"},
    )


def inner(house: House) -> list[str]:
    return [e.url for e in house.entra.journal.since() if e.batch is not None]


async def test_more_than_twenty_go_in_several_calls_and_come_back_in_order(
    house: House, graph: GraphClient
) -> None:
    everybody = list(house.entra.tenant.users)
    requests = [
        GraphRequest("GET", f"/users/{each}", AppRole.USER_READ_ALL, {"$select": "id"})
        for each in everybody
    ]

    answers = await graph.batch(requests)

    assert [answer.value()["id"] for answer in answers] == everybody
    assert house.asked() == ["POST /$batch"] * -(-len(everybody) // 20)


async def test_nothing_is_sent_for_nothing(house: House, graph: GraphClient) -> None:
    assert await graph.batch([]) == []
    assert house.asked() == []


async def test_each_has_its_own_outcome(graph: GraphClient) -> None:
    found, missing = await graph.batch([read_user("dana"), read_user("nobody")])

    assert found.value()["displayName"] == "Dana Cole"
    assert missing.status == 404
    with pytest.raises(ObjectNotFoundError):
        missing.value()


async def test_a_missing_permission_inside(house: House) -> None:
    house.only("Application.Read.All")

    [answer] = await house.client().batch([read_user("dana")])

    assert isinstance(answer.error, PermissionMissingError)
    assert answer.error.role == "User.Read.All"


async def test_only_the_throttled_ones_are_sent_again(
    house: House, graph: GraphClient
) -> None:
    house.entra.faults.throttle(times=1, retry_after=9, path=f"/users/{user('priya')}")

    answers = await graph.batch([read_user(n) for n in ("dana", "priya", "omar")])

    assert all(answer.status == 200 for answer in answers)
    assert house.clock.slept == [9]
    assert len(inner(house)) == 4


async def test_patience_ends_with_what_there_is(house: House) -> None:
    house.entra.faults.throttle(
        times=100, retry_after=1, path=f"/users/{user('priya')}"
    )
    graph = house.client(patience=INTERACTIVE)

    dana, priya = await graph.batch([read_user("dana"), read_user("priya")])

    assert dana.status == 200
    assert isinstance(priya.error, ThrottledError)
    assert sum(str(user("priya")) in url for url in inner(house)) == 3


async def test_a_failing_service_inside_is_tried_again(
    house: House, graph: GraphClient
) -> None:
    house.entra.faults.unavailable(times=2, status=504, path="/users")

    [answer] = await graph.batch([read_user("dana")])

    assert answer.status == 200


async def test_headers_go_inside(house: House, graph: GraphClient) -> None:
    [answer] = await graph.batch(
        [
            GraphRequest(
                "GET",
                f"/groups/{group('VPN Access')}/members",
                AppRole.GROUP_MEMBER_READ_ALL,
                {"$filter": f"id eq '{DANA}'", "$count": "true", "$select": "id"},
                is_advanced=True,
            )
        ]
    )

    assert [item["id"] for item in answer.value()["value"]] == [str(DANA)]
    [entry] = [e for e in house.entra.journal.since() if e.batch is not None]
    assert entry.headers["Consistencylevel"] == "eventual"


async def test_a_lost_batch_of_reads_is_repeated(
    house: House, graph: GraphClient
) -> None:
    house.entra.faults.reset_before_apply(times=1, path="/$batch")

    [answer] = await graph.batch([read_user("dana")])

    assert answer.status == 200


async def test_a_lost_batch_with_writes_is_not(
    house: House, graph: GraphClient
) -> None:
    house.entra.faults.reset_before_apply(times=1, path="/$batch")
    disable = GraphRequest(
        "PATCH",
        f"/users/{DANA}",
        AppRole.USER_ENABLE_DISABLE_ACCOUNT_ALL,
        body={"accountEnabled": False},
    )

    with pytest.raises(UnknownOutcomeError):
        await graph.batch([disable])


async def test_a_batch_that_never_comes_through(house: House) -> None:
    house.entra.faults.reset_before_apply(times=100, path="/$batch")

    with pytest.raises(UnavailableError):
        await house.client(patience=INTERACTIVE).batch([read_user("dana")])
