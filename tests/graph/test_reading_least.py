"""Each data set is read whole with its least permission alone, from the simulator."""

from collections.abc import Callable, Mapping
from typing import Any

import pytest

from bot.domain.directory import DataSet
from bot.domain.readings import READINGS
from bot.domain.rows import DirectoryRow
from bot.graph.data_sets import COLLECTIONS, OWNED
from bot.graph.errors import PermissionMissingError, UnlicensedError
from bot.graph.reading import DirectoryReader
from sandbox.graph.licences import Plan, set_plan
from sandbox.graph.tenant import Tenant
from tests.graph.house import House

READ = [*COLLECTIONS, *OWNED]


def _sum(lists: Mapping[str, list[Any]]) -> int:
    return sum(len(one) for one in lists.values())


COUNTED: Mapping[DataSet, Callable[[Tenant], int]] = {
    DataSet.USERS: lambda tenant: len(tenant.users),
    DataSet.GROUPS: lambda tenant: len(tenant.groups),
    DataSet.MEMBERSHIPS: lambda tenant: _sum(tenant.members),
    DataSet.GROUP_OWNERS: lambda tenant: _sum(tenant.group_owners),
    DataSet.APPLICATION_OWNERS: lambda tenant: _sum(tenant.app_owners),
    DataSet.SERVICE_PRINCIPAL_OWNERS: lambda tenant: _sum(tenant.principal_owners),
    DataSet.FEDERATED_CREDENTIALS: lambda tenant: _sum(tenant.federated),
    DataSet.ROLE_ELIGIBILITIES: lambda tenant: len(tenant.role_eligibilities),
    DataSet.DEVICES: lambda tenant: len(tenant.devices),
    DataSet.MANAGED_DEVICES: lambda tenant: len(tenant.managed_devices),
    DataSet.IDENTITY_PROVIDERS: lambda tenant: len(tenant.identity_providers),
    DataSet.PROVISIONING_JOBS: lambda tenant: _sum(tenant.provisioning_jobs),
    DataSet.SIGN_IN_ACTIVITY: lambda tenant: len(tenant.users),
}


def least(data_set: DataSet) -> list[str]:
    return [any_of[0].value for any_of in READINGS[data_set].needs]


async def rows(house: House, data_set: DataSet) -> list[DirectoryRow]:
    reader = DirectoryReader(house.client())
    pages = [page async for page in reader.full(data_set)]
    assert pages[-1].is_last
    return [row for page in pages for row in page.rows]


@pytest.mark.parametrize("data_set", READ)
async def test_the_least_permission_is_enough(house: House, data_set: DataSet) -> None:
    house.only(*least(data_set))

    found = await rows(house, data_set)

    assert found
    if data_set in COUNTED:
        assert len(found) == COUNTED[data_set](house.entra.tenant)


def said_to_be_enough() -> list[tuple[DataSet, list[str]]]:
    """Each permission of a group, beside the least ones of the others."""
    return [
        (
            data_set,
            [role.value, *(each for each in least(data_set) if each != any_of[0])],
        )
        for data_set in READ
        for any_of in READINGS[data_set].needs
        for role in any_of[1:]
    ]


@pytest.mark.parametrize(("data_set", "roles"), said_to_be_enough())
async def test_each_that_is_said_to_be_enough_is(
    house: House, data_set: DataSet, roles: list[str]
) -> None:
    """Also for what has more than twenty members or owners, which is asked for."""
    house.only(*roles)
    tenant = house.entra.tenant
    some = [*tenant.users][:25]
    for members in (*tenant.members.values(), *tenant.group_owners.values()):
        members[:] = some

    assert await rows(house, data_set)


@pytest.mark.parametrize("data_set", READ)
async def test_without_it_the_permission_to_add_is_named(
    house: House, data_set: DataSet
) -> None:
    house.only("UserAuthenticationMethod.Read.All")  # of no use for any of them

    with pytest.raises(PermissionMissingError) as caught:
        await rows(house, data_set)

    enough = {role for any_of in READINGS[data_set].needs for role in any_of}
    assert caught.value.role in enough


@pytest.mark.parametrize(
    ("data_set", "licence"),
    [
        (DataSet.ROLE_ELIGIBILITIES, "Entra ID P2"),
        (DataSet.ROLE_ACTIVATIONS, "Entra ID P2"),
        (DataSet.SIGN_IN_ACTIVITY, "Entra ID P1"),
        (DataSet.REGISTRATIONS, "Entra ID P1"),
        (DataSet.MANAGED_DEVICES, "Microsoft Intune"),
    ],
)
async def test_without_the_licence_it_says_which_one(
    house: House, data_set: DataSet, licence: str
) -> None:
    house.only(*least(data_set))
    for plan in Plan:
        set_plan(house.entra.tenant, plan, on=False)

    with pytest.raises(UnlicensedError) as caught:
        await rows(house, data_set)

    assert licence in caught.value.remedy
