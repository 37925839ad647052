"""$batch: twenty requests in one, each with an answer of its own."""

from typing import Any

import pytest

from sandbox.graph import Entra
from tests.sandbox.graph.calling import DANA, EVENTUAL, Caller, group_id, refusal

VPN = f"/groups/{group_id('VPN Access')}/members/{DANA}/$ref"
CRM = f"/groups/{group_id('CRM Users')}/members/{DANA}/$ref"


def part(number: str, url: str, method: str = "GET", **more: Any) -> dict[str, Any]:
    return {"id": number, "method": method, "url": url, **more}


async def test_every_request_has_its_own_status(bot: Caller) -> None:
    answers = await bot.batch(
        part("1", f"/users/{DANA}?$select=displayName"),
        part("2", f"/users/{DANA}/authentication/methods"),
        part("3", "/nowhere"),
        part("4", VPN, "DELETE"),
    )

    assert {key: a["status"] for key, a in answers.items()} == {
        "1": 200,
        "2": 403,
        "3": 400,
        "4": 204,
    }
    assert answers["1"]["body"]["displayName"] == "Dana Cole"
    assert answers["2"]["body"]["error"]["code"] == "Authorization_RequestDenied"


async def test_bodies_and_headers_travel_inside(bot: Caller) -> None:
    json_header = {"Content-Type": "application/json"}
    answers = await bot.batch(
        part(
            "disable",
            f"/users/{DANA}",
            "PATCH",
            body={"accountEnabled": False},
            headers=json_header,
        ),
        part("count", "/users/$count", headers=EVENTUAL),
        part("revoke", f"/users/{DANA}/revokeSignInSessions", "POST"),
        part("read", f"/users/{DANA}?$select=accountEnabled"),
    )

    assert answers["disable"]["status"] == 204
    assert answers["count"]["body"] == "61"
    assert answers["revoke"]["body"]["value"] is True
    assert answers["read"]["body"]["accountEnabled"] is False


async def test_one_may_be_throttled_alone(bot: Caller, entra: Entra) -> None:
    entra.faults.throttle(times=1, retry_after=7, path=VPN)

    answers = await bot.batch(part("1", VPN, "DELETE"), part("2", CRM, "DELETE"))

    assert answers["1"]["status"] == 429
    assert answers["1"]["headers"]["Retry-After"] == "7"
    assert answers["2"]["status"] == 204


async def test_dependents_of_a_failure_are_not_sent(bot: Caller, entra: Entra) -> None:
    answers = await bot.batch(
        part("1", "/nowhere"),
        part("2", VPN, "DELETE", dependsOn=["1"]),
        part("3", CRM, "DELETE", dependsOn=["2"]),
        part("4", f"/users/{DANA}"),
    )

    assert [answers[key]["status"] for key in "1234"] == [400, 424, 424, 200]
    assert DANA in entra.tenant.members[group_id("VPN Access")]


@pytest.mark.parametrize(
    ("requests", "said"),
    [
        ([part(str(n), "/organization") for n in range(21)], "at most 20"),
        ([part("1", "/organization"), part("1", "/users")], "not unique"),
        ([part("1", "https://graph.microsoft.com/v1.0/users")], "relative url"),
        ([{"id": 1, "method": "GET", "url": "/users"}], "id, a string"),
        ([part("1", "/users", dependsOn=["2"])], "does not precede"),
        ([part("1", "/users", "POST", body={})], "Content-Type"),
        ([], "Invalid batch payload"),
        (None, "Invalid batch payload"),
    ],
)
async def test_malformed_batch_is_refused_whole(
    bot: Caller, requests: Any, said: str
) -> None:
    answer = await bot.http.post("/$batch", json={"requests": requests})

    status, _, message = refusal(answer)
    assert status == 400
    assert said in message


async def test_journal_shows_the_batch_and_what_was_inside(
    bot: Caller, entra: Entra
) -> None:
    await bot.batch(part("1", "/organization"), part("2", "/nowhere"))

    outer, first, second = entra.journal.since()
    assert (outer.method, outer.batch) == ("POST", None)
    assert (first.batch, second.batch) == (outer.seq, outer.seq)
    assert (first.status, second.status) == (200, 400)
