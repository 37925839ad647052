"""Everything that a complete read asks, compared with what is true."""

from typing import Any

import pytest

from sandbox.bulk import BulkDirectory, BulkServer, Shape
from tests.sandbox.bulk.calling import EVENTUAL, BulkCaller
from tests.sandbox.graph.calling import json_of, refusal

SETS = {
    "users": "/users",
    "groups": "/groups",
    "applications": "/applications",
    "service_principals": "/servicePrincipals",
    "oauth_grants": "/oauth2PermissionGrants",
}


def by_id(items: Any) -> dict[str, Any]:
    found = {item["id"]: item for item in items}
    assert found
    return found


@pytest.mark.parametrize("data_set", SETS)
async def test_all_pages_are_the_truth(
    caller: BulkCaller, server: BulkServer, data_set: str
) -> None:
    server.directory.churn(0.05)
    truth = by_id(server.directory.truth(data_set))
    names = set(next(iter(truth.values()))) - {"manager"}
    expand = "&$expand=manager($select=id)" if data_set == "users" else ""

    pages = await caller.pages(
        f"{SETS[data_set]}?$top=97&$select={','.join(names)}{expand}"
    )

    assert [len(page) for page in pages[:-1]] == [97] * (len(pages) - 1)
    items = [item for page in pages for item in page]
    assert by_id(items) == truth
    assert len(items) == server.directory.count(data_set) == len(truth)


async def test_page_sizes(caller: BulkCaller) -> None:
    assert len(json_of(await caller.http.get("/users"))["value"]) == 100
    assert len(json_of(await caller.http.get("/users?$top=999"))["value"]) == 999
    for size in ("0", "1000", "many"):
        assert refusal(await caller.http.get(f"/users?$top={size}"))[0] == 400


@pytest.mark.parametrize("path", ["/users", "/groups", "/applications"])
async def test_counts(caller: BulkCaller, server: BulkServer, path: str) -> None:
    server.directory.churn(0.03)
    count = server.directory.count(path[1:])

    assert (await caller.http.get(f"{path}/$count", headers=EVENTUAL)).text == str(
        count
    )
    assert refusal(await caller.http.get(f"{path}/$count"))[0] == 400
    listed = await caller.http.get(f"{path}?$count=true&$top=1", headers=EVENTUAL)
    assert json_of(listed)["@odata.count"] == count
    assert "@odata.count" not in json_of(await caller.http.get(f"{path}?$count=true"))


async def test_ranges_of_creation_leave_out_who_has_no_time(
    caller: BulkCaller, server: BulkServer
) -> None:
    users = by_id(server.directory.truth("users"))
    known = [u for u in users.values() if u["createdDateTime"] is not None]
    cut = sorted(u["createdDateTime"] for u in known)[len(known) // 2]

    async def found(condition: str) -> list[str]:
        target = f"/users?$select=id&$top=500&$count=true&$filter={condition}"
        items = await caller.items(target, EVENTUAL)
        told = await caller.http.get(
            f"/users/$count?$filter={condition}", headers=EVENTUAL
        )
        assert int(told.text) == len(items)
        return [item["id"] for item in items]

    before = await found(f"createdDateTime lt {cut}")
    after = await found(f"createdDateTime ge {cut}")
    unknown = await found("createdDateTime eq null")
    at_once = await found(f"createdDateTime ge {cut} and createdDateTime le {cut}")

    assert sorted(before + after + unknown) == sorted(users)
    assert len(unknown) == 60
    assert {u["id"] for u in known if u["createdDateTime"] == cut} == set(at_once)
    assert await found(f"createdDateTime gt {cut} and createdDateTime lt {cut}") == []


async def test_times_of_creation_come_in_bursts(server: BulkServer) -> None:
    times = [u["createdDateTime"] for u in server.directory.truth("users")]
    known = [time for time in times if time is not None]

    assert known == sorted(known)
    most = max(known.count(time) for time in set(known))
    assert most >= len(known) // 50  # one import within a second
    busiest = max(
        sum(t.startswith(day) for t in known) for day in {t[:7] for t in known}
    )
    assert busiest > len(known) // 4  # a migration within a month


async def test_newest_first(caller: BulkCaller, server: BulkServer) -> None:
    server.directory.churn(0.05)
    truth = [u["id"] for u in server.directory.truth("users")]

    target = "/users?$select=id&$orderby=createdDateTime desc&$top=700"

    assert [u["id"] for u in await caller.items(target)] == truth[::-1]


@pytest.mark.parametrize(
    ("target", "code"),
    [
        ("/users?$select=id,shoeSize", "BadRequest"),
        ("/users?$filter=createdDateTime ge yesterday", "BadRequest"),
        ("/users?$filter=createdDateTime ge 2020-01-01T00:00:00", "BadRequest"),
        ("/users?$filter=startsWith(displayName,'A')", "Request_UnsupportedQuery"),
        (
            "/servicePrincipals?$filter=createdDateTime ge 2020-01-01T00:00:00Z",
            "Request_UnsupportedQuery",
        ),
        (
            "/users?$count=true&$expand=manager($select=id)",
            "Request_UnsupportedQuery",
        ),
        ("/users?$expand=directReports($select=id)", "Request_BadRequest"),
        ("/users?$orderby=displayName", "Request_UnsupportedQuery"),
        ("/users?$skip=5", "Request_BadRequest"),
        ("/users?$skiptoken=made-up", "Directory_ExpiredPageToken"),
    ],
)
async def test_what_is_refused(caller: BulkCaller, target: str, code: str) -> None:
    assert refusal(await caller.http.get(target, headers=EVENTUAL))[:2] == (400, code)


async def test_members_by_expansion_and_one_by_one(
    caller: BulkCaller, server: BulkServer
) -> None:
    server.directory.churn(0.05)
    truth: dict[str, list[str]] = {}
    for row in server.directory.truth("memberships"):
        truth.setdefault(row["groupId"], []).append(row["id"])
    groups = await caller.items("/groups?$select=id&$expand=members($select=id)")

    assert sum(map(len, truth.values())) == server.directory.count("memberships")
    for group in groups:
        expanded = [member["id"] for member in group["members"]]
        assert expanded == truth.get(group["id"], [])[:20]
    largest = max(truth, key=lambda group: len(truth[group]))
    members = await caller.items(f"/groups/{largest}/members?$select=id&$top=99")
    assert [member["id"] for member in members] == truth[largest]
    assert len(members) > 500


async def test_members_are_of_several_kinds_and_go_round_in_a_circle(
    server: BulkServer,
) -> None:
    rows = list(server.directory.truth("memberships"))
    kinds = {row["@odata.type"].rsplit(".")[-1] for row in rows}
    inside = {
        row["groupId"]: row["id"]
        for row in rows
        if row["@odata.type"].endswith("group")
    }

    assert kinds == {"user", "group", "servicePrincipal"}
    at = start = next(iter(inside))
    for _ in inside:
        at = inside[at]
        if at == start:
            break
    assert at == start
    assert len({(r["groupId"], r["id"]) for r in rows}) == len(rows)


async def test_members_tell_what_is_selected_and_theirs(caller: BulkCaller) -> None:
    groups = (await caller.items("/groups?$select=id"))[:8]
    for group in groups:
        path = f"/groups/{group['id']}/members?$select=id,displayName,userPrincipalName"
        for member in await caller.items(path):
            is_user = member["@odata.type"] == "#microsoft.graph.user"
            assert is_user == ("userPrincipalName" in member)
            assert member["displayName"]


async def test_given_app_roles(caller: BulkCaller, server: BulkServer) -> None:
    server.directory.churn(0.05)
    truth: dict[str, list[Any]] = {}
    for given in server.directory.truth("app_role_assignments"):
        truth.setdefault(given["resourceId"], []).append(given)

    principals = await caller.items(
        "/servicePrincipals?$select=id&$expand=appRoleAssignedTo"
    )

    assert server.directory.count("app_role_assignments") == sum(
        map(len, truth.values())
    )
    for principal in principals:
        expected = truth.get(principal["id"], [])
        assert principal["appRoleAssignedTo"] == expected[:20]
        if len(expected) > 20:
            path = f"/servicePrincipals/{principal['id']}/appRoleAssignedTo?$top=15"
            assert await caller.items(path) == expected


async def test_who_is_named_is_there(server: BulkServer) -> None:
    """After much churn nothing refers to what is gone."""
    directory = server.directory
    for _ in range(3):
        directory.churn(0.1)
    ids = {
        item["id"]
        for data_set in ("users", "groups", "service_principals")
        for item in directory.truth(data_set)
    }

    named = {row["id"] for row in directory.truth("memberships")}
    named |= {u["manager"]["id"] for u in directory.truth("users") if u["manager"]}
    for grant in directory.truth("oauth_grants"):
        named |= {grant["clientId"], grant["resourceId"]}
        named |= {grant["principalId"]} - {None}
    for given in directory.truth("app_role_assignments"):
        named |= {given["principalId"], given["resourceId"]}
    named |= {a["principalId"] for a in server.entra.tenant.role_assignments.values()}

    assert named - ids == set()


async def test_single_object_and_one_that_is_gone(
    caller: BulkCaller, server: BulkServer
) -> None:
    users = by_id(server.directory.truth("users"))
    server.directory.churn(0.05)
    left = set(users) - set(by_id(server.directory.truth("users")))
    gone = next(iter(left))
    there = next(iter(set(users) - left))

    body = json_of(await caller.http.get(f"/users/{there}?$select=id,mail"))
    assert (body["id"], body["mail"]) == (there, users[there]["mail"])
    assert refusal(await caller.http.get(f"/users/{gone}"))[0] == 404


async def test_rest_comes_from_the_ordinary_simulator(
    caller: BulkCaller, server: BulkServer
) -> None:
    assert (await caller.items("/organization"))[0]["displayName"] == "Bulk Ltd"
    assert len(await caller.items("/subscribedSkus")) == 2
    roles = await caller.items("/roleManagement/directory/roleAssignments?$top=50")
    assert len(roles) == len(server.entra.tenant.role_assignments) > 100
    definitions = await caller.items("/roleManagement/directory/roleDefinitions")
    assert {r["roleDefinitionId"] for r in roles} == {d["id"] for d in definitions}


async def test_same_shape_and_churn_give_the_same_directory() -> None:
    def sums(churns: int) -> list[str]:
        directory = BulkDirectory(Shape.of(500))
        for _ in range(churns):
            directory.churn(0.02)
        return [directory.checksum(name) for name in (*SETS, "memberships")]

    assert sums(2) == sums(2)
    assert all(a != b for a, b in zip(sums(2), sums(1), strict=True))


async def test_usual_shape_is_as_large_as_it_says() -> None:
    directory = BulkDirectory()

    assert directory.count("users") == 100_000
    assert directory.count("groups") == directory.count("applications") == 5_000
    assert directory.count("memberships") == 206_000
    assert directory.count("service_principals") == 6_000
