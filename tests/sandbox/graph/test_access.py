"""Tokens and permissions: who is let in, and to what."""

import re
from dataclasses import replace

import pytest

from sandbox.graph import Entra
from sandbox.graph.resources import ROUTES
from sandbox.graph.routing import Route
from sandbox.seeds.entra import small_tenant
from sandbox.seeds.entra_ids import BOT_CLIENT_ID, seeded_id
from tests.sandbox.graph.calling import Caller, MovableClock, json_of, refusal

GUARDED = [route for route in ROUTES if route.needs]


def any_address(route: Route) -> str:
    """Return an address of the route, of objects that nobody has."""
    return re.sub(r"\{\w+\}", seeded_id("none", "such"), route.template)


@pytest.mark.parametrize("header", ["", "Bearer", "Bearer abc.def.ghi", "Basic eA=="])
async def test_token_nobody_issued_is_refused(bot: Caller, header: str) -> None:
    bot.http.headers["Authorization"] = header

    status, code, _ = refusal(await bot.get("/organization"))

    assert (status, code) == (401, "InvalidAuthenticationToken")


async def test_expired_token_is_refused(bot: Caller, clock: MovableClock) -> None:
    json_of(await bot.get("/organization"))
    clock.advance(seconds=3600)

    status, _, message = refusal(await bot.get("/organization"))

    assert status == 401
    assert "expired" in message


async def test_token_of_another_cloud_is_refused(bot: Caller, entra: Entra) -> None:
    principal = entra.tenant.find_service_principal(BOT_CLIENT_ID)
    assert principal is not None
    foreign = entra.tokens.issue(
        entra.tenant,
        principal,
        audience="https://graph.microsoft.us",
        now=entra.now(),
    )
    bot.http.headers["Authorization"] = f"Bearer {foreign.value}"

    status, _, message = refusal(await bot.get("/organization"))

    assert status == 401
    assert "audience" in message


async def test_second_tenant_has_its_own_people_and_tokens(
    bot: Caller, entra: Entra
) -> None:
    other = replace(
        small_tenant(entra.now()),
        id=seeded_id("tenant", "fabrikam"),
        domains=("fabrikam.example",),
        cloud="china",
    )
    entra.add_tenant(other)
    principal = other.find_service_principal(BOT_CLIENT_ID)
    assert principal is not None
    token = entra.tokens.issue(
        other,
        principal,
        audience="https://microsoftgraph.chinacloudapi.cn",
        now=entra.now(),
    )

    assert len(await bot.items("/users")) == 61
    bot.http.headers["Authorization"] = f"Bearer {token.value}"
    assert len(await bot.items("/users")) == 7
    assert entra.find_tenant("FABRIKAM.example") is other


async def test_roles_stay_as_they_were_when_the_token_was_issued(bot: Caller) -> None:
    bot.only("Organization.Read.All")
    old = bot.http.headers["Authorization"]
    bot.consent("User.Read.All")
    fresh = bot.http.headers["Authorization"]

    bot.http.headers["Authorization"] = old
    assert (await bot.get("/users")).status_code == 403

    bot.http.headers["Authorization"] = fresh
    assert (await bot.get("/users")).status_code == 200


@pytest.mark.parametrize("route", GUARDED, ids=lambda route: route.name)
async def test_route_wants_its_permission(bot: Caller, route: Route) -> None:
    bot.only()

    answer = await bot.http.request(route.method, any_address(route), json={})

    assert refusal(answer) == (
        403,
        "Authorization_RequestDenied",
        "Insufficient privileges to complete the operation.",
    )


@pytest.mark.parametrize("route", GUARDED, ids=lambda route: route.name)
async def test_one_permission_of_the_list_is_enough(bot: Caller, route: Route) -> None:
    bot.only(route.needs[0])

    answer = await bot.http.request(route.method, any_address(route), json={})

    assert answer.status_code != 403


async def test_app_reads_itself_without_any_permission(bot: Caller) -> None:
    bot.only()

    principal = json_of(await bot.get(f"/servicePrincipals(appId='{BOT_CLIENT_ID}')"))
    json_of(await bot.get(f"/servicePrincipals/{principal['id']}"))
    app = json_of(await bot.get(f"/applications(appId='{BOT_CLIENT_ID}')"))
    json_of(await bot.get(f"/applications/{app['id']}"))

    other = seeded_id("client", "CRM Connector")
    assert (await bot.get(f"/applications(appId='{other}')")).status_code == 403


@pytest.mark.parametrize(
    ("path", "segment"),
    [("/people", "people"), ("/users/x/mailbox", "mailbox"), ("/me", "me")],
)
async def test_unknown_path_is_refused(bot: Caller, path: str, segment: str) -> None:
    assert refusal(await bot.get(path)) == (
        400,
        "BadRequest",
        f"Resource not found for the segment '{segment}'.",
    )


async def test_known_path_with_another_method_is_refused(bot: Caller) -> None:
    status, _, message = refusal(await bot.http.put("/organization", json={}))

    assert status == 405
    assert "not allowed" in message


async def test_broken_json_is_refused(bot: Caller) -> None:
    answer = await bot.http.patch("/users/dana@contoso.example", content=b"{")

    assert refusal(answer)[:2] == (400, "BadRequest")


async def test_client_request_id_comes_back(bot: Caller) -> None:
    mine = {"client-request-id": "11111111-2222-4333-8444-555555555555"}

    good = await bot.get("/organization", mine)
    bad = await bot.get("/nowhere", mine)

    assert good.headers["client-request-id"] == mine["client-request-id"]
    inner = bad.json()["error"]["innerError"]
    assert inner["client-request-id"] == mine["client-request-id"]


async def test_cost_is_told(bot: Caller) -> None:
    async def cost(**options: str) -> str:
        answer = await bot.get("/users", **options)
        return str(answer.headers["x-ms-resource-unit"])

    assert await cost() == "2"
    assert await cost(select="id") == "1"
    assert await cost(expand="manager") == "3"
