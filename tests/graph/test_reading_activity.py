"""What is read only where a licence and a cloud have it, each by its own rules."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import httpx
import pytest

from bot.domain.activity_rows import SignInActivityRow
from bot.domain.directory import DataSet
from bot.domain.directory_rows import DeviceRow
from bot.graph.errors import (
    GraphError,
    NotInCloudError,
    PermissionMissingError,
    UnlicensedError,
)
from bot.graph.quota_costs import Group
from bot.graph.reading import ChangePage, DirectoryReader, ReadPage
from tests.graph.small_graph import ROOT, SmallGraph, refused

DEVICES = f"{ROOT}/devices/delta?$deltatoken=old"
LATER = f"{ROOT}/devices/delta?$deltatoken=new"
REGISTERED = "/reports/authenticationMethods/userRegistrationDetails"
PREMIUM = "Authentication_RequestFromNonPremiumTenantOrB2CTenant"


async def read(graph: SmallGraph, data_set: DataSet) -> list[ReadPage]:
    reader = DirectoryReader(graph.client())

    async def all_pages() -> list[ReadPage]:
        return [page async for page in reader.full(data_set)]

    told: list[list[ReadPage]] = await graph.clock.run(all_pages())
    return told[0]


def people(count: int) -> list[dict[str, Any]]:
    first = datetime(2020, 1, 1, tzinfo=UTC)
    return [
        {
            "id": str(UUID(int=number)),
            "createdDateTime": (first + timedelta(hours=number)).isoformat(),
            "signInActivity": {"lastSignInDateTime": "2026-03-01T08:30:00Z"},
        }
        for number in range(count)
    ]


async def test_sign_in_activity_is_read_in_ranges_of_pages_that_graph_allows() -> None:
    graph = SmallGraph({"/users": people(12_000)})

    pages = await read(graph, DataSet.SIGN_IN_ACTIVITY)

    rows = {row for page in pages for row in page.rows}
    assert len(rows) == 12_000
    assert all(isinstance(row, SignInActivityRow) and row[1] for row in rows)
    listed = [line for line in graph.asked if line.startswith("/users?")]
    assert all("$select=id,signInActivity&$top=500" in line for line in listed)
    assert sum("$filter" in line for line in listed) > 16


async def test_without_licence_one_refusal_is_enough() -> None:
    graph = SmallGraph({"/users": people(3)})
    graph.first = lambda request: (
        refused(403, PREMIUM) if "signInActivity" in str(request.url) else None
    )

    with pytest.raises(UnlicensedError, match="no licence") as caught:
        await read(graph, DataSet.SIGN_IN_ACTIVITY)

    assert "Entra ID P1" in caught.value.remedy
    assert sum(line.startswith("/users?") for line in graph.asked) == 1


@pytest.mark.parametrize(
    "data_set", [DataSet.ROLE_ELIGIBILITIES, DataSet.ROLE_ACTIVATIONS]
)
@pytest.mark.parametrize("status", [400, 403])
async def test_privileged_roles_need_their_own_licence(
    data_set: DataSet, status: int
) -> None:
    graph = SmallGraph(first=lambda _: refused(status, "AadPremiumLicenseRequired"))

    with pytest.raises(UnlicensedError) as caught:
        await read(graph, data_set)

    assert "Entra ID P2" in caught.value.remedy
    assert len(graph.asked) == 1


async def test_a_tenant_without_intune() -> None:
    message = "Request not applicable to target tenant."
    graph = SmallGraph(first=lambda _: refused(400, "BadRequest", message))

    with pytest.raises(UnlicensedError) as caught:
        await read(graph, DataSet.MANAGED_DEVICES)

    assert "Microsoft Intune" in caught.value.remedy


async def test_another_service_that_a_tenant_lacks_is_not_called_intune() -> None:
    message = "Request not applicable to target tenant."
    graph = SmallGraph(first=lambda _: refused(400, "BadRequest", message))

    with pytest.raises(UnlicensedError) as caught:
        await read(graph, DataSet.IDENTITY_PROVIDERS)

    assert "Intune" not in caught.value.remedy


async def test_intune_names_what_is_not_permitted() -> None:
    """Intune's refusal is a text of JSON inside JSON; what was asked tells more."""
    message = '{"_version":3,"Message":"Application is not authorized - Operation ID"}'
    graph = SmallGraph(first=lambda _: refused(403, "Forbidden", message))

    with pytest.raises(PermissionMissingError) as caught:
        await read(graph, DataSet.MANAGED_DEVICES)

    assert caught.value.role == "DeviceManagementManagedDevices.Read.All"


async def test_intune_decides_how_large_its_pages_are() -> None:
    found = [{"id": str(UUID(int=number)), "userId": ""} for number in range(250)]
    graph = SmallGraph({"/deviceManagement/managedDevices": found})

    pages = await read(graph, DataSet.MANAGED_DEVICES)

    assert [len(page.rows) for page in pages] == [100, 100, 50]
    assert all("$top" not in line for line in graph.asked)


async def test_options_that_are_not_documented_are_not_sent() -> None:
    graph = SmallGraph({"/identity/identityProviders": [{"id": "Google-OAUTH"}]})

    (page,) = await read(graph, DataSet.IDENTITY_PROVIDERS)

    assert len(page.rows) == 1
    assert graph.asked == ["/identity/identityProviders"]


async def test_registrations_come_in_large_pages_where_graph_gives_them() -> None:
    graph = SmallGraph({REGISTERED: [{"id": str(UUID(int=n))} for n in range(1_500)]})

    pages = await read(graph, DataSet.REGISTRATIONS)

    assert [len(page.rows) for page in pages] == [999, 501]
    assert "$select=id," in graph.asked[0]


@pytest.mark.parametrize("status", [400, 501])
async def test_registrations_come_plainly_where_it_does_not(status: int) -> None:
    graph = SmallGraph({REGISTERED: [{"id": str(UUID(int=n))} for n in range(150)]})
    graph.first = lambda request: (
        refused(status, "BadRequest", "Unsupported query option.")
        if "$select" in str(request.url)
        else None
    )

    pages = await read(graph, DataSet.REGISTRATIONS)

    assert [len(page.rows) for page in pages] == [100, 50]
    assert graph.asked[1:] == [REGISTERED, f"{REGISTERED}?$skiptoken=100"]


async def test_registrations_without_licence_are_asked_for_once() -> None:
    graph = SmallGraph(first=lambda _: refused(403, PREMIUM))

    with pytest.raises(UnlicensedError):
        await read(graph, DataSet.REGISTRATIONS)

    assert len(graph.asked) == 1


@pytest.mark.parametrize(
    "answer",
    [
        refused(400, "BadRequest", "Resource not found for the segment 'x'."),
        refused(404, "ResourceNotFound"),
    ],
)
async def test_a_cloud_without_identity_providers(answer: httpx.Response) -> None:
    graph = SmallGraph(first=lambda _: answer)

    with pytest.raises(NotInCloudError):
        await read(graph, DataSet.IDENTITY_PROVIDERS)


async def test_registrations_are_paced_with_the_logs() -> None:
    many = [{"id": str(UUID(int=number))} for number in range(9_500)]
    graph = SmallGraph({REGISTERED: many})
    client = graph.client()
    began = graph.clock.now()

    async def all_pages() -> int:
        reader = DirectoryReader(client)
        return sum([1 async for _ in reader.full(DataSet.REGISTRATIONS)])

    assert await graph.clock.run(all_pages()) == [10]
    assert client.quota is not None
    assert client.quota.spent[Group.REPORTING] == 10
    assert graph.clock.now() - began >= timedelta(seconds=18)


async def test_devices_come_with_where_their_changes_are_told() -> None:
    graph = SmallGraph({"/devices": [{"id": str(UUID(int=n))} for n in range(1_500)]})
    graph.first = lambda request: (
        httpx.Response(200, json={"value": [], "@odata.deltaLink": LATER})
        if request.url.path.endswith("/devices/delta")
        else None
    )

    pages = await read(graph, DataSet.DEVICES)

    assert [len(page.rows) for page in pages] == [999, 501]
    assert pages[-1].delta_link == LATER


async def test_whoever_may_list_devices_but_not_their_changes_lists_them() -> None:
    """By Microsoft's data Directory.Read.All is enough for the one, not the other."""
    graph = SmallGraph({"/devices": [{"id": str(UUID(int=1))}]})
    graph.first = lambda request: (
        refused(403, "Authorization_RequestDenied")
        if request.url.path.endswith("/devices/delta")
        else None
    )

    (page,) = await read(graph, DataSet.DEVICES)

    assert (len(page.rows), page.is_last, page.delta_link) == (1, True, None)


async def test_whoever_may_do_neither_is_told_what_to_add() -> None:
    graph = SmallGraph(first=lambda _: refused(403, "Authorization_RequestDenied"))

    with pytest.raises(PermissionMissingError) as caught:
        await read(graph, DataSet.DEVICES)

    assert caught.value.role == "Device.Read.All"


async def changed_devices(*items: dict[str, Any]) -> list[ChangePage]:
    body = {"value": list(items), "@odata.deltaLink": LATER}
    graph = SmallGraph(first=lambda _: httpx.Response(200, json=body))
    reader = DirectoryReader(graph.client())

    async def all_pages() -> list[ChangePage]:
        return [page async for page in reader.changes(DataSet.DEVICES, DEVICES)]

    told: list[list[ChangePage]] = await graph.clock.run(all_pages())
    return told[0]


async def test_a_device_that_changed_tells_only_what_changed() -> None:
    one, gone = str(UUID(int=1)), str(UUID(int=2))

    pages = await changed_devices(
        {"id": one, "approximateLastSignInDateTime": "2026-03-01T08:30:00Z"},
        {"id": gone, "@removed": {"reason": "deleted"}},
    )

    (changed,) = (page for page in pages if page.upserts)
    (row,) = changed.upserts
    assert isinstance(row, DeviceRow)
    assert row.last_sign_in_at == datetime(2026, 3, 1, 8, 30, tzinfo=UTC)
    assert changed.untold == set(DeviceRow._fields) - {"id", "last_sign_in_at"}
    assert pages[-1].removed == [UUID(gone)]


async def test_a_refusal_with_every_permission_is_no_missing_licence() -> None:
    graph = SmallGraph(first=lambda _: refused(400, "BadRequest", "Invalid filter."))

    with pytest.raises(GraphError) as caught:
        await read(graph, DataSet.ROLE_ELIGIBILITIES)

    assert not isinstance(caught.value, UnlicensedError)
