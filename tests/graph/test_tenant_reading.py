"""Logs and usage reports of the simulated tenant, as Microsoft lets them be read."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bot.domain.clouds import Cloud
from bot.domain.directory import DataSet
from bot.domain.readings import READINGS
from bot.domain.rows import ROWS, DirectoryRow
from bot.graph.errors import (
    ForeignLinkError,
    NotInCloudError,
    PermissionMissingError,
    UnlicensedError,
)
from bot.graph.logs import LOGS, OVERLAP
from bot.graph.reading import ReadPage
from bot.graph.tenant_reading import TenantReader
from bot.graph.usage_reports import USAGE_REPORTS
from tests.graph.house import House

BOTH = [*LOGS, *USAGE_REPORTS]
ROLES = ("AuditLog.Read.All", "ProvisioningLog.Read.All", "Reports.Read.All")
OFFICE, SIGN_INS = DataSet.USAGE_OFFICE, DataSet.SIGN_INS


@pytest.fixture
def house(house: House) -> House:
    """The tenant, with all that logs and reports need granted."""
    house.also(*ROLES)
    return house


async def pages_of(
    house: House, data_set: DataSet, **where: str | None
) -> list[ReadPage]:
    """All pages of a read."""
    reader = TenantReader(house.client())
    return [page async for page in reader.full(data_set, **where)]


def rows_in(pages: list[ReadPage]) -> list[DirectoryRow]:
    """All rows of a read."""
    return [row for page in pages for row in page.rows]


def told_since(house: House, data_set: DataSet, moment: datetime) -> set[str]:
    """The IDs of entries that the simulator has of then and later."""
    tenant = house.entra.tenant
    held: dict[DataSet, list[dict[str, Any]]] = {
        DataSet.DIRECTORY_AUDITS: tenant.audits,
        DataSet.SIGN_INS: tenant.sign_ins,
        DataSet.PROVISIONING_LOGS: tenant.provisioning_log,
    }
    time = LOGS[data_set].time
    return {
        entry["id"]
        for entry in held[data_set]
        if datetime.fromisoformat(entry[time]) >= moment
    }


@pytest.mark.parametrize("data_set", LOGS)
async def test_a_log_is_read_for_its_window_and_then_from_there(
    house: House, data_set: DataSet
) -> None:
    pages = await pages_of(house, data_set)

    rows = rows_in(pages)
    first = datetime.now(UTC) - LOGS[data_set].first
    assert {row[0] for row in rows} == told_since(house, data_set, first) != set()
    assert {type(row) for row in rows} == {ROWS[data_set]}
    end = datetime.fromisoformat(str(pages[-1].delta_link))
    assert abs(end - house.clock.now()) < timedelta(minutes=1)

    since = end - timedelta(hours=9)
    again = await pages_of(house, data_set, since=since.isoformat())
    later = told_since(house, data_set, since - OVERLAP)
    assert {row[0] for row in rows_in(again)} == later


async def test_who_refused_consent_can_be_found(house: House) -> None:
    audits: list[Any] = rows_in(await pages_of(house, DataSet.DIRECTORY_AUDITS))

    failed = [row for row in audits if row.result == "failure"]
    assert "Consent to application" in {row.activity for row in failed}
    assert all(row.initiated_by and row.targets for row in failed)


@pytest.mark.parametrize("data_set", USAGE_REPORTS)
async def test_a_report_has_a_row_for_each_person(
    house: House, data_set: DataSet
) -> None:
    (page,) = await pages_of(house, data_set)

    assert len(page.rows) == len(house.entra.tenant.usage)
    assert {type(row) for row in page.rows} == {ROWS[data_set]}
    names = {row[0] for row in page.rows}
    assert "dana@contoso.example" in names
    filled = [any(value is not None for value in row[1:-1]) for row in page.rows]
    assert any(filled)
    assert (page.is_last, page.caveat) == (True, None)


async def test_concealed_names_are_noticed(house: House) -> None:
    house.entra.faults.set("conceal_names", -1)

    (page,) = await pages_of(house, OFFICE)

    assert len(page.rows) == len(house.entra.tenant.usage)
    assert "conceals people's names" in str(page.caveat)


async def test_an_address_that_ended_is_asked_for_anew(house: House) -> None:
    house.entra.faults.set("report_expired", 1)

    pages = await pages_of(house, OFFICE)

    assert len(rows_in(pages)) == len(house.entra.tenant.usage)
    asked = [line for line in house.asked() if "getOffice365" in line]
    assert len(asked) == 2


@pytest.mark.parametrize("to", ["http", "graph"])
async def test_a_report_that_leads_astray_is_not_fetched(house: House, to: str) -> None:
    house.entra.faults.set("report_redirect", 1, to=to)
    before = len(house.asked())

    with pytest.raises(ForeignLinkError):
        await pages_of(house, OFFICE)

    assert len(house.asked()) == before + 1


@pytest.mark.parametrize("data_set", BOTH)
async def test_without_its_permission_the_least_one_is_named(
    house: House, data_set: DataSet
) -> None:
    house.only("User.Read.All")

    with pytest.raises(PermissionMissingError) as caught:
        await pages_of(house, data_set)

    least = [any_of[0] for any_of in READINGS[data_set].needs]
    assert caught.value.role in [*least, "AuditLog.Read.All"]


async def test_without_a_licence_sign_ins_are_not_licensed(house: House) -> None:
    house.entra.faults.set("without_plans", -1)

    with pytest.raises(UnlicensedError):
        await pages_of(house, SIGN_INS)

    assert rows_in(await pages_of(house, DataSet.DIRECTORY_AUDITS))


@pytest.mark.parametrize("cloud", [Cloud.CHINA, Cloud.GCC_HIGH, Cloud.DOD])
async def test_reports_are_not_in_national_clouds(house: House, cloud: Cloud) -> None:
    """As the table of readings says; a cloud that has more would be told apart."""
    house.entra.tenant.cloud = cloud.value
    reader = TenantReader(house.client(cloud=cloud))

    for data_set in USAGE_REPORTS:
        assert cloud in READINGS[data_set].absent_from
        with pytest.raises(NotInCloudError):
            await anext(reader.full(data_set))
