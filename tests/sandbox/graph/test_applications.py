"""App registrations: credentials, owners, consents."""

import re
from datetime import datetime, timedelta
from typing import Any

import pytest

from sandbox.graph import Entra
from sandbox.graph.permissions import GRAPH_APP_ID, permission_name
from sandbox.seeds.entra_apps import (
    CONSENTED,
    ONLY_REQUESTED,
    REQUESTED_AS_DELEGATED,
)
from sandbox.seeds.entra_ids import (
    BOT_CLIENT_ID,
    BOT_SECRET_ID,
    BOT_SECRET_VALUE,
    seeded_id,
)
from tests.sandbox.graph.calling import Caller, json_of, refusal


async def apps(bot: Caller, select: str) -> dict[str, dict[str, Any]]:
    listed = await bot.items("/applications", select=f"displayName,{select}")
    return {app["displayName"]: app for app in listed}


async def test_secrets_stand_at_every_distance_from_their_end(
    bot: Caller, entra: Entra
) -> None:
    listed = await apps(bot, "passwordCredentials")

    days = set()
    for app in listed.values():
        for secret in app["passwordCredentials"]:
            ends_at = datetime.fromisoformat(secret["endDateTime"])
            days.add(round((ends_at - entra.now()) / timedelta(days=1)))
    assert {-3, 0, 1, 2, 3, 5, 7, 14, 30, 45, 90, 180, 400} <= days
    assert max(days) > 36_500  # "never"


async def test_secret_values_are_never_told(bot: Caller, entra: Entra) -> None:
    answer = await bot.get("/applications")

    assert all(value not in answer.text for value in entra.tenant.secrets.values())
    [ours] = [app for app in json_of(answer)["value"] if app["appId"] == BOT_CLIENT_ID]
    [secret] = ours["passwordCredentials"]
    assert (secret["keyId"], secret["hint"]) == (
        BOT_SECRET_ID,
        BOT_SECRET_VALUE[:3],
    )
    assert secret["secretText"] is None


def test_secret_values_look_like_the_services_own(entra: Entra) -> None:
    shape = re.compile(r"[A-Za-z0-9_~.-]{3}\dQ~[A-Za-z0-9_~.-]{31,34}")

    assert all(shape.fullmatch(value) for value in entra.tenant.secrets.values())


async def test_certificates_come_only_when_selected(bot: Caller) -> None:
    unasked = json_of(await bot.get("/applications"))["value"]
    assert all("keyCredentials" not in app for app in unasked)

    asked = await apps(bot, "keyCredentials")
    [certificate] = asked["Warehouse Gateway"]["keyCredentials"]
    assert certificate["type"] == "AsymmetricX509Cert"
    assert certificate["key"] is None


async def test_owners(bot: Caller) -> None:
    listed = await apps(bot, "id")
    path = f"/applications/{listed['Badge Printer']['id']}/owners"

    owners = await bot.items(path, select="id,displayName,mail")

    assert [o["mail"] for o in owners] == [
        "omar@contoso.example",
        "nora@contoso.example",
    ]
    nobody = f"/applications/{listed['Build Pipeline']['id']}/owners"
    assert await bot.items(nobody) == []


async def test_owners_can_be_expanded(bot: Caller) -> None:
    asked = "owners($select=id,mail)"
    listed = await bot.items("/applications", select="displayName", expand=asked)

    owners = {app["displayName"]: app["owners"] for app in listed}
    assert [o["mail"] for o in owners["CRM Connector"]] == ["omar@contoso.example"]
    assert owners["Build Pipeline"] == []


async def test_federated_credentials_have_no_end(bot: Caller) -> None:
    listed = await apps(bot, "id,passwordCredentials")
    deploy = listed["Deploy Bot (federated)"]
    assert deploy["passwordCredentials"] == []

    path = f"/applications/{deploy['id']}/federatedIdentityCredentials"
    [credential] = await bot.items(path)

    assert "endDateTime" not in credential


async def test_what_the_bot_asks_for_and_what_it_was_granted(bot: Caller) -> None:
    own = f"/servicePrincipals(appId='{BOT_CLIENT_ID}')"
    app = json_of(await bot.get(f"/applications(appId='{BOT_CLIENT_ID}')"))

    [graph] = app["requiredResourceAccess"]
    asked: dict[str, set[str | None]] = {"Role": set(), "Scope": set()}
    for access in graph["resourceAccess"]:
        asked[access["type"]].add(permission_name(access["id"]))
    granted = await bot.items(f"{own}/appRoleAssignments")

    assert graph["resourceAppId"] == GRAPH_APP_ID
    assert asked["Role"] == {*CONSENTED, *ONLY_REQUESTED}
    assert asked["Scope"] == set(REQUESTED_AS_DELEGATED)
    names = {permission_name(grant["appRoleId"]) for grant in granted}
    assert names == set(CONSENTED)


async def test_graphs_own_principal_lists_its_roles_and_grants(bot: Caller) -> None:
    graph = f"/servicePrincipals(appId='{GRAPH_APP_ID}')"

    roles = json_of(await bot.get(graph, select="appRoles"))["appRoles"]
    grants = await bot.items(f"{graph}/appRoleAssignedTo")

    assert "User.Read.All" in {role["value"] for role in roles}
    assert {g["principalDisplayName"] for g in grants} == {"Gatehouse"}
    assert len(grants) == len(CONSENTED)


async def test_every_registration_has_its_service_principal(bot: Caller) -> None:
    principals = await bot.items("/servicePrincipals", select="appId,displayName")
    listed = await apps(bot, "appId")

    assert {a["appId"] for a in listed.values()} <= {p["appId"] for p in principals}
    path = f"/servicePrincipals(appId='{BOT_CLIENT_ID}')/owners"
    [owner] = await bot.items(path)
    assert owner["displayName"] == "Ada Lindqvist"


@pytest.mark.parametrize("kind", ["applications", "servicePrincipals"])
async def test_unknown_app_is_not_found(bot: Caller, kind: str) -> None:
    none = seeded_id("none", "such")

    assert refusal(await bot.get(f"/{kind}(appId='{none}')"))[0] == 404
    assert refusal(await bot.get(f"/{kind}/{none}"))[0] == 404
