"""Groups: memberships, and those that cannot be changed."""

import pytest

from sandbox.graph import Entra
from sandbox.seeds.entra_ids import seeded_id
from tests.sandbox.graph.calling import (
    DANA,
    EVENTUAL,
    PRIYA,
    Caller,
    group_id,
    json_of,
    refusal,
)

DANAS = {
    "Sales Team",
    "CRM Users",
    "VPN Access",
    "Licence: Microsoft 365 E3",
    "All Sales (dynamic)",
    "File Server Sales",
    "Quote Approvals",
    "All Staff",
}


def member(group: str, object_id: str = DANA) -> str:
    return f"/groups/{group_id(group)}/members/{object_id}"


async def members(bot: Caller, group: str) -> set[str]:
    found = await bot.items(f"/groups/{group_id(group)}/members", select="id")
    return {item["id"] for item in found}


async def test_removed_member_is_gone_and_still_a_user(bot: Caller) -> None:
    answer = await bot.http.delete(f"{member('VPN Access')}/$ref")

    assert answer.status_code == 204
    assert DANA not in await members(bot, "VPN Access")
    assert (await bot.get(f"/users/{DANA}")).status_code == 200


async def test_remove_of_a_stranger_says_not_found(bot: Caller) -> None:
    stranger = member("VPN Access", PRIYA)

    assert refusal(await bot.http.delete(f"{stranger}/$ref"))[:2] == (
        404,
        "Request_ResourceNotFound",
    )


@pytest.mark.parametrize(
    ("group", "said"),
    [
        ("All Sales (dynamic)", "dynamic group"),
        ("File Server Sales", "on-premises mastered Directory Sync objects"),
        ("Quote Approvals", "mail-enabled security groups and or distribution list"),
        ("All Staff", "mail-enabled security groups and or distribution list"),
    ],
)
async def test_membership_decided_elsewhere_stays(
    bot: Caller, group: str, said: str
) -> None:
    status, code, message = refusal(await bot.http.delete(f"{member(group)}/$ref"))

    assert (status, code) == (400, "Request_BadRequest")
    assert said in message
    assert DANA in await members(bot, group)


async def test_microsoft_365_group_can_be_changed(bot: Caller) -> None:
    answer = await bot.http.delete(f"{member('Sales Team')}/$ref")

    assert answer.status_code == 204


async def test_role_assignable_group_wants_more(bot: Caller) -> None:
    jonas = member("Helpdesk Operators", seeded_id("user", "jonas"))
    assert refusal(await bot.http.delete(f"{jonas}/$ref"))[0] == 403

    bot.consent("RoleManagement.ReadWrite.Directory")
    assert (await bot.http.delete(f"{jonas}/$ref")).status_code == 204


async def test_delete_without_ref_is_refused_to_who_may_not_delete_users(
    bot: Caller,
) -> None:
    assert refusal(await bot.http.delete(member("VPN Access")))[0] == 403
    assert DANA in await members(bot, "VPN Access")


async def test_delete_without_ref_deletes_the_user(bot: Caller, entra: Entra) -> None:
    bot.consent("User.ReadWrite.All")

    assert (await bot.http.delete(member("VPN Access"))).status_code == 204

    assert (await bot.get(f"/users/{DANA}")).status_code == 404
    assert DANA in entra.tenant.deleted_users


async def test_delete_without_ref_spares_nested_groups(bot: Caller) -> None:
    bot.consent("User.ReadWrite.All")
    nested = member("Production Access", group_id("On-call"))

    assert refusal(await bot.http.delete(nested))[0] == 403


async def test_add_member_once(bot: Caller, entra: Entra) -> None:
    path = f"/groups/{group_id('On-call')}/members/$ref"
    body = {"@odata.id": f"{bot.server.url}/v1.0/directoryObjects/{DANA}"}

    assert (await bot.http.post(path, json=body)).status_code == 204
    assert DANA in entra.tenant.members[group_id("On-call")]

    status, _, message = refusal(await bot.http.post(path, json=body))
    assert status == 400
    assert "added object references already exist" in message


@pytest.mark.parametrize(
    ("reference", "status"),
    [
        ("https://graph.microsoft.com/v1.0/directoryObjects/{none}", 404),
        ("https://graph.microsoft.us/v1.0/directoryObjects/{dana}", 400),
        ("{dana}", 400),
    ],
)
async def test_bad_reference_is_refused(
    bot: Caller, reference: str, status: int
) -> None:
    filled = reference.format(dana=DANA, none=seeded_id("none", "such"))
    path = f"/groups/{group_id('On-call')}/members/$ref"

    answer = await bot.http.post(path, json={"@odata.id": filled})

    assert refusal(answer)[0] == status


async def test_ids_are_checked(bot: Caller) -> None:
    assert "Invalid object identifier" in refusal(await bot.get("/groups/None"))[2]
    missing = await bot.get(f"/groups/{seeded_id('none', 'such')}")
    assert refusal(missing)[0] == 404


async def test_last_owner_stays(bot: Caller, entra: Entra) -> None:
    bot.consent("Group.ReadWrite.All")
    group = group_id("Helpdesk Operators")
    path = f"/groups/{group}/owners/{PRIYA}/$ref"
    owners = json_of(await bot.get(f"/groups/{group}/owners"))["value"]
    assert [owner["displayName"] for owner in owners] == ["Priya Raman"]
    assert "at least one owner" in refusal(await bot.http.delete(path))[2]

    entra.tenant.group_owners[group].append(DANA)
    assert (await bot.http.delete(path)).status_code == 204
    assert refusal(await bot.http.delete(path))[0] == 404


async def test_direct_memberships_want_their_own_permission(bot: Caller) -> None:
    path = f"/users/{DANA}/memberOf"
    assert refusal(await bot.get(path))[0] == 403

    bot.consent("GroupMember.ReadBasic.All")
    assert {g["displayName"] for g in await bot.items(path)} == DANAS


async def test_transitive_memberships_go_through_groups(bot: Caller) -> None:
    oscar = f"/users/{seeded_id('user', 'oscar')}/transitiveMemberOf"

    found = {g["displayName"] for g in await bot.items(oscar, select="displayName")}

    assert {"On-call", "Production Access"} <= found


async def test_unreadable_groups_come_back_without_names(bot: Caller) -> None:
    bot.only("User.Read.All")

    found = await bot.items(
        f"/users/{DANA}/transitiveMemberOf", select="id,displayName"
    )

    assert len(found) == len(DANAS)
    assert {g["displayName"] for g in found} == {None}
    assert {g["@odata.type"] for g in found} == {"#microsoft.graph.group"}
    cast = f"/users/{DANA}/transitiveMemberOf/microsoft.graph.group"
    groups = await bot.items(cast, EVENTUAL, count="true", select="displayName")
    assert {g["displayName"] for g in groups} == {None}


@pytest.mark.parametrize("relation", ["memberOf", "transitiveMemberOf"])
async def test_cast_is_an_advanced_query(bot: Caller, relation: str) -> None:
    bot.consent("Directory.Read.All")
    path = f"/users/{seeded_id('user', 'ada')}/{relation}"
    cast = f"{path}/microsoft.graph.group"
    assert refusal(await bot.get(cast))[1] == "Request_UnsupportedQuery"

    groups = await bot.items(cast, EVENTUAL, count="true", select="displayName")
    everything = await bot.items(path)

    assert [g["displayName"] for g in groups] == ["All Staff"]
    kinds = {item["@odata.type"].rsplit(".", 1)[-1] for item in everything}
    assert kinds == {"group", "directoryRole"}


async def test_transitive_members_include_those_of_nested_groups(bot: Caller) -> None:
    path = f"/groups/{group_id('Production Access')}/transitiveMembers"

    found = await bot.items(path, select="id")

    assert {item["id"] for item in found} == {
        seeded_id("user", "chloe"),
        group_id("On-call"),
        *(seeded_id("user", login) for login in ("oscar", "nina", "omar")),
    }


async def test_member_can_be_looked_up_by_filter(bot: Caller) -> None:
    path = f"/groups/{group_id('VPN Access')}/members"

    found = await bot.items(path, filter=f"id eq '{DANA}'", select="id")

    assert [item["id"] for item in found] == [DANA]


async def test_group_tells_what_decides_its_membership(bot: Caller) -> None:
    wanted = "groupTypes,mailEnabled,securityEnabled,membershipRule,isAssignableToRole"
    dynamic = f"/groups/{group_id('All Sales (dynamic)')}"

    group = json_of(await bot.get(dynamic, select=wanted))

    assert group["groupTypes"] == ["DynamicMembership"]
    assert group["membershipRule"] == '(user.department -eq "Sales")'
    listed = await bot.items("/groups", filter="isAssignableToRole eq true")
    assert [g["displayName"] for g in listed] == ["Helpdesk Operators"]
