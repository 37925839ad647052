"""Users: disable, revoke, delete, and whom the app may not touch."""

from typing import Any

import pytest

from sandbox.graph import Entra
from sandbox.graph.directory_roles import ROLE_IDS
from sandbox.seeds.entra_ids import BOT_CLIENT_ID, seeded_id
from tests.sandbox.graph.calling import (
    DANA,
    PRIYA,
    Caller,
    MovableClock,
    json_of,
    refusal,
)

DENIED = (
    403,
    "Authorization_RequestDenied",
    "Insufficient privileges to complete the operation.",
)
GONE = {"accountEnabled": False}


def user(login: str) -> str:
    return f"/users/{seeded_id('user', login)}"


async def enabled(bot: Caller, login: str) -> bool:
    answer = json_of(await bot.get(user(login), select="accountEnabled"))
    return bool(answer["accountEnabled"])


async def test_disable_then_read_back(bot: Caller) -> None:
    answer = await bot.http.patch(user("dana"), json=GONE)

    assert (answer.status_code, answer.content) == (204, b"")
    assert not await enabled(bot, "dana")


async def test_user_is_found_by_principal_name_too(bot: Caller) -> None:
    guest = "/users/kim_fabrikam.example%23EXT%23@contoso.onmicrosoft.example"

    assert json_of(await bot.get("/users/DANA@contoso.example"))["id"] == DANA
    assert json_of(await bot.get(guest))["displayName"] == "Kim Larsen"
    assert refusal(await bot.get("/users/nobody@contoso.example"))[:2] == (
        404,
        "Request_ResourceNotFound",
    )


async def test_disable_wants_to_read_users_as_well(bot: Caller) -> None:
    bot.only("User.EnableDisableAccount.All")
    assert refusal(await bot.http.patch(user("dana"), json=GONE)) == DENIED

    bot.only("User.EnableDisableAccount.All", "User.Read.All")
    assert (await bot.http.patch(user("dana"), json=GONE)).status_code == 204


async def test_permission_to_disable_changes_nothing_else(bot: Caller) -> None:
    both = {"accountEnabled": False, "jobTitle": "Left"}

    assert refusal(await bot.http.patch(user("dana"), json=both)) == DENIED
    assert await enabled(bot, "dana")


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ({"accountEnabled": "no"}, "Edm.Boolean"),
        ({"shoeSize": 43}, "does not exist"),
        ({"id": "x"}, "read-only"),
        ({}, "Empty Payload"),
        ([], "Empty Payload"),
    ],
)
async def test_bad_changes_are_refused(bot: Caller, body: Any, said: str) -> None:
    status, _, message = refusal(await bot.http.patch(user("dana"), json=body))

    assert status == 400
    assert said in message


async def test_revoke_moves_the_start_of_valid_sessions(
    bot: Caller, clock: MovableClock
) -> None:
    select = "signInSessionsValidFromDateTime"
    before = json_of(await bot.get(user("dana"), select=select))[select]
    clock.advance(minutes=1)

    answer = await bot.http.post(f"{user('dana')}/revokeSignInSessions")

    assert json_of(answer)["value"] is True
    assert json_of(await bot.get(user("dana"), select=select))[select] > before


@pytest.mark.parametrize(
    ("login", "because"),
    [
        ("priya", "Global Administrator"),
        ("ada", "User Administrator"),
        ("jonas", "member of a role-assignable group"),
    ],
)
async def test_privileged_people_are_out_of_reach(
    bot: Caller, login: str, because: str
) -> None:
    assert refusal(await bot.http.patch(user(login), json=GONE)) == DENIED, because
    assert await enabled(bot, login)


async def test_harmless_role_protects_nobody(bot: Caller) -> None:
    assert (await bot.http.patch(user("nora"), json=GONE)).status_code == 204


@pytest.mark.parametrize(
    ("role", "reached"),
    [
        ("User Administrator", {"ada"}),
        ("Privileged Authentication Administrator", {"ada", "priya", "jonas"}),
        ("Application Administrator", set()),
    ],
)
async def test_directory_role_of_the_app_widens_its_reach(
    bot: Caller, entra: Entra, role: str, reached: set[str]
) -> None:
    principal = entra.tenant.find_service_principal(BOT_CLIENT_ID)
    assert principal is not None
    entra.tenant.role_assignments["of-the-app"] = {
        "id": "of-the-app",
        "principalId": principal["id"],
        "roleDefinitionId": ROLE_IDS[role],
        "directoryScopeId": "/",
    }

    answers = {
        login: (await bot.http.patch(user(login), json=GONE)).status_code
        for login in ("ada", "priya", "jonas")
    }

    assert {login for login, status in answers.items() if status == 204} == reached


async def test_guard_can_be_switched_off(bot: Caller, entra: Entra) -> None:
    entra.faults.forbid_privileged(False)

    assert (await bot.http.patch(user("priya"), json=GONE)).status_code == 204


async def test_synced_user_can_be_disabled_but_not_renamed(
    bot: Caller, entra: Entra
) -> None:
    bot.consent("User.ReadWrite.All")
    renamed = await bot.http.patch(user("ingrid"), json={"displayName": "I."})
    assert "on-premises mastered" in refusal(renamed)[2]
    assert (await bot.http.patch(user("ingrid"), json=GONE)).status_code == 204

    entra.faults.protect_synced()
    again = await bot.http.patch(user("hugo"), json=GONE)
    assert "on-premises mastered" in refusal(again)[2]


async def test_deleted_user_leaves_groups_and_apps(bot: Caller, entra: Entra) -> None:
    bot.consent("User.DeleteRestore.All")

    assert (await bot.http.delete(user("omar"))).status_code == 204

    omar = seeded_id("user", "omar")
    assert (await bot.get(user("omar"))).status_code == 404
    assert all(omar not in ids for ids in entra.tenant.members.values())
    assert all(omar not in ids for ids in entra.tenant.app_owners.values())
    assert refusal(await bot.http.delete(f"/users/{PRIYA}")) == DENIED


async def test_manager(bot: Caller) -> None:
    manager = json_of(await bot.get(f"{user('dana')}/manager", select="displayName"))
    assert manager["displayName"] == "Sofia Rossi"

    assert refusal(await bot.get(f"{user('priya')}/manager"))[0] == 404


async def test_sign_in_activity_wants_the_audit_log(bot: Caller) -> None:
    asked = {"select": "id,signInActivity"}
    status, code, message = refusal(await bot.get("/users", **asked))
    assert (status, code) == (403, "Authentication_MSGraphPermissionMissing")
    assert "AuditLog.Read.All" in message

    bot.consent("AuditLog.Read.All")
    json_of(await bot.get("/users", **asked))


async def test_licences_tell_what_and_by_whom(bot: Caller) -> None:
    details = json_of(await bot.get(f"{user('dana')}/licenseDetails"))["value"]
    assert {d["skuPartNumber"] for d in details} == {"SPE_E3", "VISIOCLIENT"}

    states = json_of(await bot.get(user("dana"), select="licenseAssignmentStates"))
    by_group = [s["assignedByGroup"] for s in states["licenseAssignmentStates"]]
    licensing = seeded_id("group", "Licence: Microsoft 365 E3")
    assert sorted(by_group, key=str) == sorted([None, licensing], key=str)


async def test_skus_count_what_is_used(bot: Caller) -> None:
    skus = json_of(await bot.get("/subscribedSkus"))["value"]

    assert {s["skuPartNumber"]: s["consumedUnits"] for s in skus} == {
        "SPE_E3": 5,
        "VISIOCLIENT": 1,
    }


async def test_organization_names_the_tenant(bot: Caller) -> None:
    found = json_of(
        await bot.get("/organization", select="displayName,verifiedDomains")
    )
    [tenant] = found["value"]

    assert tenant["displayName"] == "Contoso Ltd"
    default = [d["name"] for d in tenant["verifiedDomains"] if d["isDefault"]]
    assert default == ["contoso.example"]
    assert refusal(await bot.get(f"/organization/{DANA}"))[0] == 404


async def test_app_roles_of_a_user(bot: Caller) -> None:
    bot.consent("Directory.Read.All")

    assert json_of(await bot.get(f"{user('dana')}/appRoleAssignments"))["value"] == []
