"""What delta queries tell leads to exactly what is there."""

import pytest

from sandbox.bulk import BulkServer
from tests.sandbox.bulk.calling import BulkCaller, Copy, Json, filled
from tests.sandbox.graph.calling import MovableClock, json_of, refusal

NAMES = {
    "users": "id,displayName,jobTitle,accountEnabled,createdDateTime",
    "groups": "id,displayName,groupTypes",
    "applications": "id,appId,displayName,passwordCredentials",
    "servicePrincipals": "id,appId,displayName",
    "oauth2PermissionGrants": "id,clientId,scope",
    "devices": "id,displayName,isCompliant",
}
SETS = {
    "servicePrincipals": "service_principals",
    "oauth2PermissionGrants": "oauth_grants",
}


def truth_of(server: BulkServer, resource: str) -> dict[str, Json]:
    names = NAMES[resource].split(",")
    rows = server.directory.truth(SETS.get(resource, resource))
    return {row["id"]: filled(row, names) for row in rows}


def memberships(server: BulkServer) -> set[tuple[str, str]]:
    rows = server.directory.truth("memberships")
    return {(row["groupId"], row["id"]) for row in rows}


@pytest.mark.parametrize("resource", NAMES)
async def test_copy_follows_every_change(
    caller: BulkCaller, server: BulkServer, resource: str
) -> None:
    copy = Copy()
    rows, link = await caller.changes(f"/{resource}/delta?$select={NAMES[resource]}")
    copy.apply(rows)
    assert copy.objects == truth_of(server, resource)

    for _ in range(3):
        before = truth_of(server, resource)
        server.directory.churn(0.04)
        rows, link = await caller.changes(link)
        copy.apply(rows)
        assert copy.objects == truth_of(server, resource) != before
        changed = {row["id"] for row in rows}
        assert 0 < len(changed) < len(before) / 4
    assert (await caller.changes(link))[0] == []


async def test_copy_of_members_follows_who_comes_and_leaves(
    caller: BulkCaller, server: BulkServer
) -> None:
    copy = Copy("members")
    start = "/groups/delta?$select=id,displayName,members"
    rows, link = await caller.changes(start)
    copy.apply(rows)
    assert copy.pairs() == memberships(server)

    for _ in range(3):
        server.directory.churn(0.04)
        rows, link = await caller.changes(link)
        copy.apply(rows)
        assert copy.pairs() == memberships(server)
    assert any(
        "@removed" in member for row in rows for member in row.get("members@delta", ())
    )


async def test_copy_of_managers(caller: BulkCaller, server: BulkServer) -> None:
    copy = Copy("manager")
    rows, link = await caller.changes("/users/delta?$select=id,manager")
    copy.apply(rows)
    server.directory.churn(0.04)
    rows, _ = await caller.changes(link)
    copy.apply(rows)

    users = server.directory.truth("users")
    assert copy.pairs() == {
        (u["id"], u["manager"]["id"]) for u in users if u["manager"]
    }


async def test_changes_while_reading_are_told_afterwards(
    caller: BulkCaller, server: BulkServer
) -> None:
    """Churn between the pages of a read: its end and the next round mend all."""
    copy = Copy("members")
    link = "/groups/delta?$select=id,members"
    for _ in range(4):
        body = json_of(await caller.http.get(link))
        copy.apply(body["value"])
        server.directory.churn(0.04)
        link = body.get("@odata.nextLink") or body["@odata.deltaLink"]
    rows, link = await caller.changes(link)
    copy.apply(rows)
    copy.apply((await caller.changes(link))[0])

    assert copy.pairs() == memberships(server)


async def test_link_of_now_tells_only_what_comes(
    caller: BulkCaller, server: BulkServer
) -> None:
    rows, link = await caller.changes("/users/delta?$select=id&$deltatoken=latest")
    assert rows == []
    done = server.directory.churn(0.04).done

    rows, _ = await caller.changes(link)

    kinds = ("users changed", "users deleted", "users created")
    assert len(rows) == sum(done[kind] for kind in kinds)
    reasons = [row["@removed"]["reason"] for row in rows if "@removed" in row]
    assert len(reasons) == done["users deleted"]
    assert set(reasons) == {"changed", "deleted"}


async def test_one_percent_takes_few_requests(
    caller: BulkCaller, server: BulkServer
) -> None:
    links = []
    for resource, names in NAMES.items():
        start = f"/{resource}/delta?$select={names}&$deltatoken=latest"
        links.append((await caller.changes(start))[1])
    server.directory.churn(0.01)
    server.meter.clear()

    for link in links:
        await caller.changes(link)

    assert server.meter.requests == len(NAMES)
    assert server.meter.units <= 7


async def test_large_group_spans_pages(caller: BulkCaller, server: BulkServer) -> None:
    pages = await caller.pages("/groups/delta?$select=id,displayName,members")
    whole = [row["id"] for page in pages for row in page]

    assert len(set(whole)) == server.directory.count("groups")
    sizes = [sum(len(r.get("members@delta", ())) for r in page) for page in pages]
    assert max(sizes) <= 5_000


async def test_replay_sends_every_change_twice_and_old_ones(
    caller: BulkCaller, server: BulkServer
) -> None:
    _, link = await caller.changes("/users/delta?$select=id&$deltatoken=latest")
    server.directory.churn(0.02)
    first, link = await caller.changes(link)
    server.directory.churn(0.02)
    server.entra.faults.delta_replay()

    rows, _ = await caller.changes(link)

    ids = [row["id"] for row in rows]
    assert {row["id"] for row in first} < set(ids)
    assert len(ids) > len(set(ids))


async def test_links_expire(
    caller: BulkCaller, server: BulkServer, clock: MovableClock
) -> None:
    _, link = await caller.changes("/users/delta?$select=id&$deltatoken=latest")
    server.entra.faults.delta_expired(status=400, code="Request_UnsupportedQuery")
    assert refusal(await caller.http.get(link))[:2] == (400, "Request_UnsupportedQuery")
    assert (await caller.http.get(link)).status_code == 200
    clock.advance(days=8)
    caller.sign_in()

    answer = await caller.http.get(link)

    assert refusal(answer)[:2] == (410, "syncStateNotFound")
    assert answer.headers["Location"].endswith("/users/delta?$deltatoken=")


@pytest.mark.parametrize(
    ("target", "status"),
    [
        ("/users/delta?$deltatoken=made-up", 400),
        ("/users/delta?$skiptoken=e30=x", 400),
        ("/users/delta?$top=5", 400),
        ("/groups/delta?$expand=members", 400),
        ("/users/delta?$select=shoeSize", 400),
    ],
)
async def test_what_delta_refuses(caller: BulkCaller, target: str, status: int) -> None:
    assert refusal(await caller.http.get(target))[0] == status
