"""Delta queries of the seeded company: what is told, once, and when links end."""

from typing import Any

import pytest

from sandbox.graph import Entra
from tests.sandbox.graph.calling import (
    DANA,
    EVENTUAL,
    PRIYA,
    Caller,
    MovableClock,
    group_id,
    json_of,
    refusal,
)

READERS = ("Directory.Read.All", "Application.Read.All")
RESOURCES = (
    "users",
    "groups",
    "applications",
    "servicePrincipals",
    "oauth2PermissionGrants",
)
VPN = group_id("VPN Access")


async def told(bot: Caller, link: str, **headers: str) -> tuple[list[Any], str]:
    """Follow a link to its end: every row, and the link for next time."""
    rows: list[Any] = []
    while True:
        body = json_of(await bot.http.get(link, headers=headers))
        rows += body["value"]
        if end := body.get("@odata.deltaLink"):
            return rows, end
        link = body["@odata.nextLink"]


@pytest.fixture(autouse=True)
def consent(bot: Caller) -> None:
    bot.consent(*READERS)


@pytest.mark.parametrize("resource", RESOURCES)
async def test_what_happens_is_told_once(
    bot: Caller, entra: Entra, resource: str
) -> None:
    rows, link = await told(bot, f"/{resource}/delta")
    objects = {
        "users": entra.tenant.users,
        "groups": entra.tenant.groups,
        "applications": entra.tenant.applications,
        "servicePrincipals": entra.tenant.service_principals,
        "oauth2PermissionGrants": entra.tenant.grants,
    }[resource]
    assert {row["id"] for row in rows} == set(objects)
    changed, gone = list(objects)[:2]
    objects[changed]["scope" if "scope" in objects[changed] else "displayName"] = "New"
    del objects[gone]

    rows, link = await told(bot, link)

    by_id = {row["id"]: row for row in rows}
    assert set(by_id) == {changed, gone}
    assert "New" in by_id[changed].values()
    assert by_id[gone] == {"id": gone, "@removed": {"reason": "deleted"}}
    assert (await told(bot, link))[0] == []


async def test_latest_skips_what_is_there_already(bot: Caller, entra: Entra) -> None:
    start = "/users/delta?$select=id,jobTitle&$deltatoken=latest"
    rows, link = await told(bot, start)
    assert rows == []

    entra.tenant.users[DANA]["jobTitle"] = "Sales Lead"
    entra.tenant.users[PRIYA]["city"] = "Pune"  # nobody selected it

    rows, _ = await told(bot, link)
    assert rows == [{"id": DANA, "jobTitle": "Sales Lead"}]


async def test_value_never_set_is_absent_and_one_taken_away_is_null(
    bot: Caller, entra: Entra
) -> None:
    rows, link = await told(bot, "/users/delta?$select=id,jobTitle,faxNumber")
    assert all("faxNumber" not in row for row in rows)

    entra.tenant.users[DANA]["jobTitle"] = None

    assert (await told(bot, link))[0] == [{"id": DANA, "jobTitle": None}]


async def test_user_in_the_bin_was_changed_not_deleted(bot: Caller) -> None:
    bot.consent("User.ReadWrite.All")
    _, link = await told(bot, "/users/delta?$deltatoken=latest")

    assert (await bot.http.delete(f"/users/{DANA}")).status_code == 204

    gone = {"id": DANA, "@removed": {"reason": "changed"}}
    assert (await told(bot, link))[0] == [gone]


async def test_members_who_came_and_left(bot: Caller, entra: Entra) -> None:
    _, link = await told(bot, "/groups/delta?$select=id,members&$deltatoken=latest")
    entra.tenant.members[VPN].remove(DANA)
    entra.tenant.members[VPN].append(PRIYA)

    rows, _ = await told(bot, link)

    user = {"@odata.type": "#microsoft.graph.user"}
    left = {**user, "id": DANA, "@removed": {"reason": "deleted"}}
    assert rows == [{"id": VPN, "members@delta": [{**user, "id": PRIYA}, left]}]


async def test_large_group_comes_in_several_rows(bot: Caller, entra: Entra) -> None:
    rows, _ = await told(bot, "/groups/delta?$select=id,displayName,members")

    staff = [row for row in rows if row["id"] == group_id("All Staff")]
    assert len(staff) > 1
    assert {row["displayName"] for row in staff} == {"All Staff"}
    members = [m["id"] for row in staff for m in row["members@delta"]]
    assert members == entra.tenant.members[group_id("All Staff")]


async def test_new_manager_replaces_the_old_one(bot: Caller, entra: Entra) -> None:
    _, link = await told(bot, "/users/delta?$select=id,manager&$deltatoken=latest")
    old, entra.tenant.managers[DANA] = entra.tenant.managers[DANA], PRIYA

    rows, _ = await told(bot, link)

    came, left = rows[0]["manager@delta"]
    assert came["id"] == PRIYA
    assert (left["id"], left["@removed"]) == (old, {"reason": "deleted"})


async def test_page_is_as_large_as_preferred(bot: Caller) -> None:
    first = json_of(await bot.get("/users/delta"))
    assert len(first["value"]) == 25
    again = json_of(await bot.http.get(first["@odata.nextLink"]))
    assert again["value"][0]["id"] != first["value"][0]["id"]

    whole = json_of(
        await bot.http.get("/users/delta", headers={"Prefer": "odata.maxpagesize=999"})
    )

    assert len(whole["value"]) > 50
    assert "@odata.deltaLink" in whole


async def test_same_link_twice_tells_the_same(bot: Caller, entra: Entra) -> None:
    _, link = await told(bot, "/users/delta?$select=id,jobTitle")
    entra.tenant.users[DANA]["jobTitle"] = "Sales Lead"

    first, _ = await told(bot, link)

    assert (await told(bot, link))[0] == first != []


async def test_replay_tells_old_changes_again(bot: Caller, entra: Entra) -> None:
    _, link = await told(bot, "/users/delta?$select=id,jobTitle&$deltatoken=latest")
    entra.tenant.users[DANA]["jobTitle"] = "Sales Lead"
    _, link = await told(bot, link)
    entra.faults.delta_replay()

    assert [row["id"] for row in (await told(bot, link))[0]] == [DANA]
    assert (await told(bot, link))[0] == []


async def test_link_lives_for_seven_days(bot: Caller, clock: MovableClock) -> None:
    _, link = await told(bot, "/users/delta?$select=id")
    clock.advance(days=6)
    bot.sign_in()
    _, renewed = await told(bot, link)
    clock.advance(days=2)
    bot.sign_in()

    answer = await bot.http.get(link)

    assert refusal(answer)[:2] == (410, "syncStateNotFound")
    assert answer.headers["Location"].endswith("/v1.0/users/delta?$deltatoken=")
    assert (await bot.http.get(renewed)).status_code == 200


@pytest.mark.parametrize(
    ("status", "code"), [(400, "Request_UnsupportedQuery"), (410, "resyncRequired")]
)
async def test_link_expires_on_demand(
    bot: Caller, entra: Entra, status: int, code: str
) -> None:
    _, link = await told(bot, "/groups/delta?$select=id")
    entra.faults.delta_expired(status=status, code=code, path="/groups")

    assert refusal(await bot.http.get(link))[:2] == (status, code)
    assert (await bot.http.get(link)).status_code == 200


@pytest.mark.parametrize("option", ["$top", "$orderby", "$filter", "$expand", "$count"])
async def test_other_options_are_refused(bot: Caller, option: str) -> None:
    answer = await bot.http.get("/users/delta", params={option: "1"})

    assert refusal(answer)[:2] == (400, "Request_UnsupportedQuery")


@pytest.mark.parametrize("token", ["$deltatoken=made-up", "$skiptoken=made-up.1"])
async def test_made_up_link_is_refused(bot: Caller, token: str) -> None:
    assert refusal(await bot.http.get(f"/users/delta?{token}"))[0] == 400


async def test_link_of_another_collection_is_refused(bot: Caller) -> None:
    _, link = await told(bot, "/users/delta?$select=id")

    answer = await bot.http.get(link.replace("/users/", "/groups/"))

    assert refusal(answer)[0] == 400


async def test_delta_needs_the_permission_of_its_collection(bot: Caller) -> None:
    bot.only("User.Read.All")

    assert (await bot.get("/users/delta")).status_code == 200
    for resource in RESOURCES[1:]:
        assert refusal(await bot.get(f"/{resource}/delta"))[0] == 403


async def test_delegated_grants_are_listed(bot: Caller) -> None:
    grants = await bot.items("/oauth2PermissionGrants", top="2")

    assert {grant["consentType"] for grant in grants} == {"AllPrincipals", "Principal"}
    for grant in grants:
        assert (grant["principalId"] is None) == (
            grant["consentType"] == "AllPrincipals"
        )
        assert grant["scope"]
    bot.only("Application.Read.All")
    assert refusal(await bot.get("/oauth2PermissionGrants"))[0] == 403


async def test_expanded_members_stop_at_twenty(bot: Caller, entra: Entra) -> None:
    groups = await bot.items("/groups", select="id", expand="members($select=id)")

    sizes = {group["id"]: len(group["members"]) for group in groups}
    members = entra.tenant.members
    assert sizes == {key: min(20, len(ids)) for key, ids in members.items()}
    assert max(len(ids) for ids in members.values()) > 20
    options = {"select": "id", "expand": "members($select=id)", "count": "true"}
    assert refusal(await bot.get("/groups", EVENTUAL, **options))[0] == 400


async def test_expanded_app_roles_name_who_was_given_them(bot: Caller) -> None:
    principals = await bot.items(
        "/servicePrincipals", select="id,displayName", expand="appRoleAssignedTo"
    )

    given = {p["displayName"]: p["appRoleAssignedTo"] for p in principals}
    assert {g["principalDisplayName"] for g in given["Microsoft Graph"]} == {
        "Gatehouse"
    }
    assert given["Gatehouse"] == []


async def test_users_by_time_of_creation(bot: Caller, entra: Entra) -> None:
    times = sorted(user["createdDateTime"] for user in entra.tenant.users.values())
    middle = times[len(times) // 2]

    before = await bot.items("/users", filter=f"createdDateTime lt {middle}")
    after = await bot.items("/users", filter=f"createdDateTime ge {middle}")

    assert len(before) == sum(t < middle for t in times)
    assert len(before) + len(after) == len(times)
