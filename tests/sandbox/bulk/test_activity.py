"""Owners, devices, jobs, schedules, activity and reports at scale: always the truth."""

import csv
import ssl
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from sandbox.bulk import BulkDirectory, BulkServer, Shape
from sandbox.graph.licences import Plan, set_plan
from tests.sandbox.bulk.calling import BulkCaller, Json
from tests.sandbox.graph.calling import json_of, refusal

OWNED = {
    "groups": "group_owners",
    "applications": "application_owners",
    "servicePrincipals": "service_principal_owners",
}
REGISTRATIONS = "/reports/authenticationMethods/userRegistrationDetails"
ACTIVITY = "/users?$select=id,signInActivity"
OFFICE = "/reports/getOffice365ActiveUserDetail(period='D30')"


@pytest.fixture
async def reader(server: BulkServer) -> AsyncIterator[httpx.AsyncClient]:
    """Yield a client that sends no token."""
    context = ssl.create_default_context(cafile=str(server.ca_file))
    async with httpx.AsyncClient(verify=context, trust_env=False) as http:
        yield http


def by_id(items: Any) -> dict[str, Json]:
    return {item["id"]: item for item in items}


async def owners_of(caller: BulkCaller, segment: str) -> set[tuple[str, str]]:
    """Read owners as expanded, and all of them where that is too few."""
    pairs = set()
    target = f"/{segment}?$select=id&$expand=owners($select=id)&$top=999"
    for item in await caller.items(target):
        owners = item["owners"]
        assert len(owners) <= 20
        if len(owners) == 20:
            owners = await caller.items(f"/{segment}/{item['id']}/owners?$select=id")
            assert len(owners) == 23
        pairs |= {(item["id"], owner["id"]) for owner in owners}
    return pairs


@pytest.mark.parametrize("segment", OWNED)
async def test_owners_are_true_before_and_after_churn(
    caller: BulkCaller, server: BulkServer, segment: str
) -> None:
    read = []
    for _ in range(2):
        truth = list(server.directory.truth(OWNED[segment]))
        read.append(await owners_of(caller, segment))
        assert read[-1] == {(row["objectId"], row["id"]) for row in truth}
        assert len(read[-1]) == len(truth) == server.directory.count(OWNED[segment])
        server.directory.churn(0.2)
    assert read[0] != read[1]


async def test_owners_stay_in_the_directory(server: BulkServer) -> None:
    directory = server.directory
    for _ in range(4):
        directory.churn(0.3)
    there = {row["id"] for row in directory.truth("users")}
    there |= {row["id"] for row in directory.truth("service_principals")}

    for data_set in OWNED.values():
        assert {row["id"] for row in directory.truth(data_set)} <= there


async def test_federated_credentials_are_the_same_both_ways(
    caller: BulkCaller, server: BulkServer
) -> None:
    target = "/applications?$select=id&$expand=federatedIdentityCredentials"
    inside = {
        app["id"]: app["federatedIdentityCredentials"]
        for app in await caller.items(target)
    }
    told = {
        (app, item["id"]) for app, credentials in inside.items() for item in credentials
    }
    assert told == {
        (row["applicationId"], row["id"])
        for row in server.directory.truth("federated_credentials")
    }
    one = next(app for app, credentials in inside.items() if credentials)
    path = f"/applications/{one}/federatedIdentityCredentials"
    assert await caller.items(path) == inside[one]

    server.entra.faults.set("refuse_expand", -1)
    assert refusal(await caller.http.get(target))[0] == 400
    assert (await caller.http.get(f"/groups/{one}/synchronization/jobs")).is_error


async def test_few_service_principals_have_jobs(
    caller: BulkCaller, server: BulkServer
) -> None:
    truth = list(server.directory.truth("provisioning_jobs"))
    assert {job["status"]["code"] for job in truth} <= {
        "Active",
        "Quarantine",
        "Paused",
    }
    assert 0 < len(truth) < server.directory.count("service_principals") / 20

    for row in truth:
        path = f"/servicePrincipals/{row['servicePrincipalId']}/synchronization/jobs"
        [job] = await caller.items(path)
        assert job == {k: v for k, v in row.items() if k != "servicePrincipalId"}
    principals = server.directory.truth("service_principals")
    others = {row["id"] for row in principals} - {
        r["servicePrincipalId"] for r in truth
    }
    path = f"/servicePrincipals/{min(others)}/synchronization/jobs"
    assert await caller.items(path) == []


@pytest.mark.parametrize(
    ("target", "data_set"),
    [
        ("/devices", "devices"),
        ("/deviceManagement/managedDevices", "managed_devices"),
        (REGISTRATIONS, "registrations"),
    ],
)
async def test_collections_are_true_before_and_after_churn(
    caller: BulkCaller, server: BulkServer, target: str, data_set: str
) -> None:
    seen = []
    for _ in range(3):
        truth = by_id(server.directory.truth(data_set))
        names = ",".join(next(iter(truth.values())))
        seen.append(by_id(await caller.items(f"{target}?$select={names}")))
        assert seen[-1] == truth
        server.directory.churn(0.1)
    assert seen[0] != seen[1] != seen[2]


async def test_sign_in_activity_comes_in_pages_of_500(
    caller: BulkCaller, server: BulkServer
) -> None:
    pages = await caller.pages(f"{ACTIVITY}&$top=999")
    assert [len(page) for page in pages] == [500] * 4
    known = {u["id"]: u["signInActivity"] for page in pages for u in page}
    truth = {
        row["id"]: row["signInActivity"]
        for row in server.directory.truth("sign_in_activity")
    }
    assert {key: value for key, value in known.items() if value} == truth
    assert 0 < len(truth) < len(known)
    assert "0001-01-01T00:00:00Z" in str(truth)


async def test_what_was_not_bought_is_refused(
    caller: BulkCaller, server: BulkServer
) -> None:
    tenant = server.entra.tenant
    for plan in Plan:
        set_plan(tenant, plan, on=False)

    answers = {
        path: refusal(await caller.http.get(path))[:2]
        for path in (
            ACTIVITY,
            REGISTRATIONS,
            "/auditLogs/signIns",
            "/deviceManagement/managedDevices",
            "/roleManagement/directory/roleEligibilityScheduleInstances",
        )
    }

    premium = (403, "Authentication_RequestFromNonPremiumTenantOrB2CTenant")
    assert list(answers.values()) == [
        *[premium] * 3,
        (400, "BadRequest"),
        (400, "AadPremiumLicenseRequired"),
    ]
    assert (await caller.http.get("/auditLogs/directoryAudits")).status_code == 200


@pytest.mark.parametrize(
    ("held", "path", "status"),
    [
        ("User.Read.All", ACTIVITY, 403),
        ("Directory.Read.All", "/devices", 200),
        ("Directory.Read.All", "/auditLogs/directoryAudits", 200),
        ("Directory.Read.All", "/auditLogs/signIns", 403),
        ("Directory.Read.All", "/deviceManagement/managedDevices", 403),
        (
            "Directory.Read.All",
            "/applications?$expand=federatedIdentityCredentials",
            403,
        ),
        ("Directory.Read.All", REGISTRATIONS, 403),
        ("AuditLog.Read.All", OFFICE, 403),
    ],
)
async def test_permissions_of_what_goes_on(held: str, path: str, status: int) -> None:
    shape = Shape.of(100)
    async with BulkServer(shape, latency=0, permissions=(held,)) as server:
        caller = BulkCaller(server)
        async with caller.http:
            assert (await caller.http.get(path)).status_code == status


async def test_role_schedules_name_people_who_stay(
    caller: BulkCaller, server: BulkServer
) -> None:
    place = "/roleManagement/directory/role"
    eligible = await caller.items(f"{place}EligibilityScheduleInstances")
    active = await caller.items(f"{place}AssignmentScheduleInstances")

    assert len(eligible) == 40
    activated = [one for one in active if one["assignmentType"] == "Activated"]
    assert len(activated) == 11
    server.directory.churn(0.5)
    there = {row["id"] for row in server.directory.truth("users")}
    assert {one["principalId"] for one in (*eligible, *activated)} <= there


async def test_usage_report_has_a_line_for_everybody_with_a_licence(
    caller: BulkCaller, server: BulkServer, reader: httpx.AsyncClient
) -> None:
    server.directory.churn(0.1)
    moved = await caller.http.get(OFFICE)
    assert moved.status_code == 302
    assert "x-ms-resource-unit" not in moved.headers

    answer = await reader.get(moved.headers["Location"])

    rows = list(csv.DictReader(answer.content.decode("utf-8-sig").splitlines()))
    truth = list(server.directory.truth("usage_office"))
    assert len(truth) > 1_000
    assert [(r["User Principal Name"], r["Display Name"]) for r in rows] == [
        (use["principal_name"], use["name"]) for use in truth
    ]
    assert [r["Teams Last Activity Date"] or None for r in rows] == [
        use["teams"] for use in truth
    ]


async def test_logs_and_reports_cost_no_units_but_requests(
    caller: BulkCaller, server: BulkServer
) -> None:
    server.entra.limits.enforced = True
    server.service.refill(1)
    statuses = [
        (await caller.http.get(path)).status_code
        for path in (*["/auditLogs/signIns"] * 3, *[REGISTRATIONS] * 3, OFFICE)
    ]

    assert statuses == [200] * 5 + [429, 302]
    assert server.meter.units == 0


async def test_batch_counts_each_request_against_the_reporting_limit(
    caller: BulkCaller, server: BulkServer
) -> None:
    server.entra.limits.enforced = True
    requests = [
        {"id": str(n), "method": "GET", "url": "/auditLogs/signIns?$top=1"}
        for n in range(6)
    ]

    answer = await caller.http.post("/$batch", json={"requests": requests})

    statuses = [part["status"] for part in json_of(answer)["responses"]]
    assert statuses == [200] * 5 + [429]


def test_every_data_set_of_what_goes_on_has_something() -> None:
    directory = BulkDirectory(Shape.of(5_000))
    for data_set in (
        *OWNED.values(),
        *("federated_credentials", "provisioning_jobs", "devices", "managed_devices"),
        *("sign_in_activity", "registrations", "usage_office", "usage_teams"),
        *("usage_apps", "directory_audits", "sign_ins", "provisioning_logs"),
    ):
        rows = list(directory.truth(data_set))
        assert len(rows) == directory.count(data_set) > 0
