"""Resource units, waits, latency, permissions, batches."""

import asyncio
import time

import httpx
import pytest

from sandbox.bulk import BulkServer, Shape
from sandbox.bulk.throttle import EmptyError, UnitBucket, cost_of, size_of
from sandbox.seeds.entra_ids import BOT_CLIENT_ID, BOT_SECRET_VALUE
from tests.sandbox.bulk.calling import EVENTUAL, BulkCaller
from tests.sandbox.graph.calling import json_of, refusal

SELECT, EXPAND = {"$select": "id"}, {"$expand": "manager"}
GROUP = "/groups/3c6ef372-fe94-4f82-8a02-000000000001"


@pytest.mark.parametrize(
    ("path", "options", "cost"),
    [
        ("/users", {}, 2),
        ("/users", SELECT, 1),
        ("/users", SELECT | EXPAND, 2),
        ("/users", SELECT | {"$top": "5"}, 1),
        ("/users", {"$top": "19"}, 1),
        ("/users", {"$top": "20"}, 2),
        ("/users/delta", {}, 2),
        ("/groups", {}, 1),
        ("/groups", SELECT, 1),
        ("/groups", EXPAND, 2),
        (f"{GROUP}/members", {}, 3),
        (f"{GROUP}/members", SELECT, 2),
        (f"{GROUP}/transitiveMembers", {}, 5),
        ("/applications", {}, 2),
        ("/servicePrincipals", {}, 1),
        ("/servicePrincipals/x/appRoleAssignedTo", {}, 1),
        ("/servicePrincipals/x/appRoleAssignments", {}, 2),
        ("/oauth2PermissionGrants", {}, 2),
        ("/subscribedSkus", {}, 3),
        ("/organization", SELECT, 1),
    ],
)
def test_costs_are_those_published(
    path: str, options: dict[str, str], cost: int
) -> None:
    assert cost_of(path, options) == cost


def test_size_of_a_tenant() -> None:
    assert [size_of(users) for users in (49, 50, 500, 501)] == ["S", "M", "M", "L"]


def test_bucket_is_full_at_first_and_fills_again() -> None:
    now = 0.0
    bucket = UnitBucket(100, lambda: now)
    assert [bucket.take(50), bucket.take(50)] == [0.5, 1.0]

    with pytest.raises(EmptyError) as empty:
        bucket.take(2)
    assert empty.value.wait == pytest.approx(0.2)

    now = 5.0  # half of the period, and what the refused request cost is missing
    assert bucket.take(48) == pytest.approx(1.0)
    now = 1_000.0
    assert bucket.take(1) == pytest.approx(0.01)


def test_refused_requests_never_cost_more_than_a_tenth() -> None:
    now = 0.0
    bucket = UnitBucket(100, lambda: now)
    bucket.take(100)
    for _ in range(100):
        with pytest.raises(EmptyError) as empty:
            bucket.take(5)

    assert empty.value.wait == pytest.approx(1.0)


async def test_throttled_with_scope_and_wait(
    caller: BulkCaller, server: BulkServer
) -> None:
    server.service.refill(20)
    answers = [await caller.http.get("/users?$top=50") for _ in range(12)]

    assert [a.status_code for a in answers[:10]] == [200] * 10
    assert {a.headers["x-ms-resource-unit"] for a in answers} == {"2"}
    assert "x-ms-throttle-limit-percentage" not in answers[6].headers
    assert 0.8 < float(answers[8].headers["x-ms-throttle-limit-percentage"]) <= 1
    refused = answers[-1]
    assert refusal(refused)[:2] == (429, "TooManyRequests")
    assert int(refused.headers["Retry-After"]) >= 1
    assert refused.headers["x-ms-throttle-information"] == "ResourceUnitLimitExceeded"
    scope = refused.headers["x-ms-throttle-scope"].split("/")
    assert scope[:2] == ["Tenant_Application", "ReadWrite"]
    assert scope[2:] == [BOT_CLIENT_ID, server.entra.tenant.id]
    assert server.meter.throttled == sum(a.status_code == 429 for a in answers) > 0


async def test_waiting_as_told_is_enough(
    caller: BulkCaller, server: BulkServer
) -> None:
    server.service.refill(40)  # four units a second
    while (answer := await caller.http.get("/users")).status_code == 200:
        pass

    await asyncio.sleep(int(answer.headers["Retry-After"]))

    assert (await caller.http.get("/users")).status_code == 200


async def test_rest_of_graph_is_throttled_as_well(
    caller: BulkCaller, server: BulkServer
) -> None:
    server.service.refill(3)

    assert (await caller.http.get("/subscribedSkus")).status_code == 200
    assert refusal(await caller.http.get("/organization"))[0] == 429


async def test_batch_answers_each_request_by_itself(
    caller: BulkCaller, server: BulkServer
) -> None:
    server.service.refill(8)
    targets = {
        "count": "/users/$count",
        "users": "/users?$select=id&$top=20",
        "none": "/users/00000000-0000-0000-0000-000000000000",
        "tenant": "/organization?$select=id",
        "dear": "/subscribedSkus",
        "late": "/subscribedSkus",
    }
    requests = [
        {"id": name, "method": "GET", "url": target, "headers": EVENTUAL}
        for name, target in targets.items()
    ]
    requests.append(
        {"id": "after", "method": "GET", "url": "/users", "dependsOn": ["none"]}
    )

    answer = await caller.http.post("/$batch", json={"requests": requests})

    inner = {item["id"]: item for item in json_of(answer)["responses"]}
    assert {name: item["status"] for name, item in inner.items()} == {
        "count": 200,
        "users": 200,
        "none": 404,
        "tenant": 200,
        "dear": 200,
        "late": 429,
        "after": 424,
    }
    assert inner["count"]["body"] == "2000"
    assert len(inner["users"]["body"]["value"]) == 20
    assert "Retry-After" in inner["late"]["headers"]
    assert (server.meter.batches, server.meter.requests) == (1, 6)


async def test_batch_of_too_many_is_refused(caller: BulkCaller) -> None:
    requests = [{"id": str(n), "method": "GET", "url": "/users"} for n in range(21)]

    answer = await caller.http.post("/$batch", json={"requests": requests})

    assert refusal(answer)[0] == 400


async def test_latency_is_waited_side_by_side() -> None:
    shape = Shape.of(600)
    async with BulkServer(shape, latency=0.2, throttled=False) as server:
        caller = BulkCaller(server)
        async with caller.http:
            began = time.monotonic()
            targets = ["/users?$select=id"] * 10
            await asyncio.gather(*(caller.http.get(target) for target in targets))
            took = time.monotonic() - began

    assert 0.2 <= took < 1.5


async def test_page_costs_the_server_little(
    caller: BulkCaller, server: BulkServer
) -> None:
    """CPU time, not the clock, so that a busy machine changes little."""
    target = "/users?$top=999&$expand=manager($select=id)&$select=id,displayName,mail"
    server.directory.warm(target)
    server.meter.clear()
    for _ in range(20):
        await caller.http.get(target)

    assert server.meter.busy / 20 < 0.003


@pytest.mark.parametrize(
    ("permission", "open_paths"),
    [
        ("User.Read.All", {"/users"}),
        ("GroupMember.Read.All", {"/groups"}),
        ("Application.Read.All", {"/applications", "/servicePrincipals"}),
        ("RoleManagement.Read.Directory", set()),
    ],
)
async def test_permissions_open_what_they_open(
    permission: str, open_paths: set[str]
) -> None:
    paths = ("/users", "/groups", "/applications", "/servicePrincipals")
    async with BulkServer(
        Shape.of(600), latency=0, permissions=(permission,)
    ) as server:
        caller = BulkCaller(server)
        async with caller.http:
            statuses = {
                path: (await caller.http.get(path)).status_code
                for path in (*paths, "/oauth2PermissionGrants")
            }

    assert {path for path, status in statuses.items() if status == 200} == open_paths
    assert set(statuses.values()) <= {200, 403}


async def test_ordinary_faults_strike_here_too(
    caller: BulkCaller, server: BulkServer
) -> None:
    faults = server.entra.faults
    faults.throttle(retry_after=7, path="/users")
    faults.unavailable(path="/groups")
    assert refusal(await caller.http.get("/users"))[0] == 429
    assert refusal(await caller.http.get("/groups"))[0] == 503
    faults.reset_before_apply()
    with pytest.raises(httpx.TransportError):
        await caller.http.get("/users")
    assert (await caller.http.get("/users")).status_code == 200
    statuses = [entry.status for entry in server.entra.journal.since()]
    assert statuses[-4:] == [429, 503, None, 200]


async def test_bot_signs_in_by_its_secret(
    caller: BulkCaller, server: BulkServer
) -> None:
    form = {
        "grant_type": "client_credentials",
        "client_id": BOT_CLIENT_ID,
        "client_secret": BOT_SECRET_VALUE,
        "scope": f"{server.url}/.default",
    }
    answer = await caller.http.post(
        f"{server.url}/{server.entra.tenant.id}/oauth2/v2.0/token", data=form
    )
    token = json_of(answer)["access_token"]

    headers = {"Authorization": f"Bearer {token}"}
    assert (await caller.http.get("/users", headers=headers)).status_code == 200
    headers = {"Authorization": "Bearer made-up"}
    assert (await caller.http.get("/users", headers=headers)).status_code == 401
