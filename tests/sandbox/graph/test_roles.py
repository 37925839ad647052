"""Directory roles: who holds them, directly or through a group."""

from sandbox.graph.directory_roles import ROLE_IDS
from sandbox.seeds.entra_ids import seeded_id
from tests.sandbox.graph.calling import PRIYA, Caller, group_id, json_of, refusal

ASSIGNMENTS = "/roleManagement/directory/roleAssignments"


async def test_roles_of_a_person_by_filter(bot: Caller) -> None:
    held = await bot.items(
        ASSIGNMENTS, filter=f"principalId eq '{PRIYA}'", expand="roleDefinition"
    )

    assert [a["roleDefinition"]["displayName"] for a in held] == [
        "Global Administrator"
    ]
    assert held[0]["directoryScopeId"] == "/"


async def test_group_holds_the_role_of_its_members(bot: Caller) -> None:
    jonas = seeded_id("user", "jonas")
    assert await bot.items(ASSIGNMENTS, filter=f"principalId eq '{jonas}'") == []

    group = group_id("Helpdesk Operators")
    [held] = await bot.items(ASSIGNMENTS, filter=f"principalId eq '{group}'")

    assert held["roleDefinitionId"] == ROLE_IDS["Helpdesk Administrator"]


async def test_assignment_can_be_deleted_with_the_permission(bot: Caller) -> None:
    [held] = await bot.items(ASSIGNMENTS, filter=f"principalId eq '{PRIYA}'")
    path = f"{ASSIGNMENTS}/{held['id']}"
    assert refusal(await bot.http.delete(path))[0] == 403

    bot.consent("RoleManagement.ReadWrite.Directory")
    one = json_of(await bot.get(path, expand="principal"))
    assert one["principal"]["displayName"] == "Priya Raman"
    assert (await bot.http.delete(path)).status_code == 204
    assert refusal(await bot.get(path))[0] == 404


async def test_definitions_are_named(bot: Caller) -> None:
    path = "/roleManagement/directory/roleDefinitions"

    known = await bot.items(path, select="id,displayName")
    one = json_of(await bot.get(f"{path}/{ROLE_IDS['User Administrator']}"))

    assert {d["displayName"] for d in known} == set(ROLE_IDS)
    assert one["displayName"] == "User Administrator"
    assert refusal(await bot.get(f"{path}/{PRIYA}"))[0] == 404


async def test_directory_roles_are_those_that_somebody_holds(bot: Caller) -> None:
    roles = json_of(await bot.get("/directoryRoles"))["value"]
    by_name = {role["displayName"]: role["id"] for role in roles}

    assert set(by_name) == {
        "Global Administrator",
        "User Administrator",
        "Reports Reader",
        "Helpdesk Administrator",
    }
    admins = f"/directoryRoles/{by_name['Global Administrator']}/members"
    assert [m["displayName"] for m in await bot.items(admins)] == ["Priya Raman"]
    assert refusal(await bot.get(f"/directoryRoles/{PRIYA}/members"))[0] == 404


async def test_objects_by_ids(bot: Caller) -> None:
    bot.consent("Directory.Read.All")
    ids = [PRIYA, group_id("On-call"), seeded_id("none", "such")]

    both = await bot.http.post("/directoryObjects/getByIds", json={"ids": ids})
    people = await bot.http.post(
        "/directoryObjects/getByIds", json={"ids": ids, "types": ["user"]}
    )

    names = [item["displayName"] for item in json_of(both)["value"]]
    assert names == ["Priya Raman", "On-call"]
    assert [item["id"] for item in json_of(people)["value"]] == [PRIYA]
    none = await bot.http.post("/directoryObjects/getByIds", json={"ids": []})
    assert refusal(none)[0] == 400


async def test_object_by_id(bot: Caller) -> None:
    bot.consent("Directory.Read.All")

    found = json_of(await bot.get(f"/directoryObjects/{PRIYA}"))

    assert found["@odata.type"] == "#microsoft.graph.user"
    missing = await bot.get(f"/directoryObjects/{seeded_id('none', 'such')}")
    assert refusal(missing)[0] == 404
