"""Bad days on demand."""

import json
import time
from pathlib import Path

import httpx
import pytest

from sandbox.graph import Entra, EntraServer
from sandbox.seeds.entra import demo_tenant
from tests.sandbox.graph.calling import (
    DANA,
    Caller,
    MovableClock,
    group_id,
    json_of,
    refusal,
)

DANA_PATH = f"/users/{DANA}"
VPN = group_id("VPN Access")
REMOVE = f"/groups/{VPN}/members/{DANA}/$ref"
GONE = {"accountEnabled": False}


async def test_throttled_so_many_times(bot: Caller, entra: Entra) -> None:
    entra.faults.throttle(times=2, retry_after=9, path="/users")

    assert (await bot.get("/organization")).status_code == 200
    for _ in range(2):
        answer = await bot.get("/users")
        assert refusal(answer)[:2] == (429, "TooManyRequests")
        assert answer.headers["Retry-After"] == "9"
        assert answer.headers["x-ms-throttle-information"]
    assert (await bot.get("/users")).status_code == 200


async def test_throttle_may_leave_retry_after_out(bot: Caller, entra: Entra) -> None:
    entra.faults.throttle(retry_after=None, method="PATCH")

    assert (await bot.get(DANA_PATH)).status_code == 200
    answer = await bot.http.patch(DANA_PATH, json=GONE)
    assert answer.status_code == 429
    assert "Retry-After" not in answer.headers


async def test_unavailable(bot: Caller, entra: Entra) -> None:
    entra.faults.unavailable(status=504, retry_after=3)

    answer = await bot.get("/organization")
    assert refusal(answer)[0] == 504
    assert answer.headers["Retry-After"] == "3"
    assert (await bot.get("/organization")).status_code == 200


async def test_error_of_ones_choice(bot: Caller, entra: Entra) -> None:
    entra.faults.error(418, "Teapot", "Short and stout.", path="/groups")

    assert refusal(await bot.get("/groups")) == (418, "Teapot", "Short and stout.")


async def test_reset_after_apply_leaves_the_change(bot: Caller, entra: Entra) -> None:
    entra.faults.reset_after_apply()

    with pytest.raises(httpx.TransportError):
        await bot.http.patch(DANA_PATH, json=GONE)

    user = json_of(await bot.get(DANA_PATH, select="accountEnabled"))
    assert user["accountEnabled"] is False
    assert entra.journal.since()[0].status is None


async def test_reset_before_apply_leaves_no_change(bot: Caller, entra: Entra) -> None:
    entra.faults.reset_before_apply(path="/users")

    with pytest.raises(httpx.TransportError):
        await bot.http.patch(DANA_PATH, json=GONE)

    assert entra.tenant.users[DANA]["accountEnabled"] is True


async def test_silent_no_apply_says_done(bot: Caller, entra: Entra) -> None:
    entra.faults.silent_no_apply(times=2)

    assert (await bot.http.delete(REMOVE)).status_code == 204
    assert (await bot.http.patch(DANA_PATH, json=GONE)).status_code == 204

    assert DANA in entra.tenant.members[VPN]
    assert entra.tenant.users[DANA]["accountEnabled"] is True
    assert (await bot.http.delete(REMOVE)).status_code == 204
    assert DANA not in entra.tenant.members[VPN]


async def test_concurrency_violation_on_writes(bot: Caller, entra: Entra) -> None:
    entra.faults.concurrency_violation()

    assert (await bot.get(DANA_PATH)).status_code == 200
    assert refusal(await bot.http.delete(REMOVE))[:2] == (
        409,
        "Directory_ConcurrencyViolation",
    )
    assert (await bot.http.delete(REMOVE)).status_code == 204


async def test_lists_lag_while_objects_are_fresh(
    bot: Caller, entra: Entra, clock: MovableClock
) -> None:
    async def listed() -> list[bool]:
        [user] = await bot.items(
            "/users", filter=f"id eq '{DANA}'", select="id,accountEnabled"
        )
        members = await bot.items(f"/groups/{VPN}/members", select="id")
        return [user["accountEnabled"], DANA in {m["id"] for m in members}]

    entra.faults.read_lag(30)
    await bot.http.patch(DANA_PATH, json=GONE)
    await bot.http.delete(REMOVE)

    assert await listed() == [True, True]
    one = json_of(await bot.get(DANA_PATH, select="accountEnabled"))
    assert one["accountEnabled"] is False

    clock.advance(seconds=31)
    assert await listed() == [False, False]


async def test_objects_lag_too_when_asked(bot: Caller, entra: Entra) -> None:
    entra.faults.read_lag(30, objects=True)
    await bot.http.patch(DANA_PATH, json=GONE)

    stale = json_of(await bot.get(DANA_PATH, select="accountEnabled"))

    assert stale["accountEnabled"] is True


async def test_empty_page_still_leads_on(bot: Caller, entra: Entra) -> None:
    entra.faults.empty_page()

    first = json_of(await bot.get("/users", top="999"))
    assert first["value"] == []
    rest = json_of(await bot.http.get(first["@odata.nextLink"]))

    assert len(rest["value"]) == 61


async def test_next_link_may_point_elsewhere(bot: Caller, entra: Entra) -> None:
    entra.faults.foreign_next_link()

    link = json_of(await bot.get("/users", top="5"))["@odata.nextLink"]

    assert link.startswith("https://graph.elsewhere.example/v1.0/users?")


async def test_good_token_may_be_rejected(bot: Caller, entra: Entra) -> None:
    entra.faults.reject_tokens()

    assert refusal(await bot.get("/organization"))[0] == 401
    assert (await bot.get("/organization")).status_code == 200


async def test_slow(bot: Caller, entra: Entra) -> None:
    entra.faults.slow(200, path="/organization")

    began = time.monotonic()
    await bot.get("/organization")

    assert time.monotonic() - began >= 0.2


async def test_network_down_and_up_again(bot: Caller, entra: Entra) -> None:
    entra.faults.network_down()
    with pytest.raises(httpx.TransportError):
        await bot.get("/organization")

    entra.faults.network_down(False)
    assert (await bot.get("/organization")).status_code == 200


async def test_reset_puts_everything_back(bot: Caller, entra: Entra) -> None:
    await bot.http.patch(DANA_PATH, json=GONE)
    entra.faults.throttle(times=9)

    entra.reset()

    assert entra.tenant.users[DANA]["accountEnabled"] is True
    assert refusal(await bot.get("/organization"))[0] == 401  # tokens are gone too
    bot.sign_in()
    assert (await bot.get("/organization")).status_code == 200


def test_unknown_fault_or_parameter_is_a_mistake(entra: Entra) -> None:
    with pytest.raises(KeyError):
        entra.faults.set("gremlins", 1)
    with pytest.raises(ValueError, match="colour"):
        entra.faults.set("throttle", 1, colour="red")


async def test_log_file_holds_requests_as_sent_to_the_real_host(
    tmp_path: Path,
) -> None:
    log = tmp_path / "graph.jsonl"
    entra = Entra(demo_tenant, graph_log=log)
    async with EntraServer(entra) as server:
        bot = Caller(entra, server)
        async with bot.http:
            await bot.get("/users", select="id", top="1")
            await bot.http.patch(DANA_PATH, json=GONE)
            await bot.batch({"id": "1", "method": "GET", "url": "/organization"})
            token = bot.http.headers["Authorization"].removeprefix("Bearer ")

    lines = [json.loads(line) for line in log.read_text().splitlines()]
    assert [line["method"] for line in lines] == ["GET", "PATCH", "POST"]
    assert lines[0]["url"].startswith("https://graph.microsoft.com/v1.0/users?")
    assert lines[1]["body"] == GONE
    assert lines[2]["body"]["requests"][0]["url"] == "/organization"
    assert token not in log.read_text()
    assert all("authorization" not in json.dumps(line).lower() for line in lines)


@pytest.mark.parametrize(
    ("cloud", "host"),
    [
        ("china", "microsoftgraph.chinacloudapi.cn"),
        ("dod", "dod-graph.microsoft.us"),
    ],
)
async def test_log_file_names_the_host_of_the_tenants_cloud(
    tmp_path: Path, cloud: str, host: str
) -> None:
    log = tmp_path / "graph.jsonl"
    entra = Entra(demo_tenant, graph_log=log)
    entra.tenant.cloud = cloud
    async with EntraServer(entra) as server:
        bot = Caller(entra, server)
        async with bot.http:
            await bot.get("/users")

    [line] = map(json.loads, log.read_text().splitlines())
    assert line["url"] == f"https://{host}/v1.0/users"
