"""What a tenant has few of is read as it is, field by field, from the simulator."""

import json
from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest

from bot.domain.directory import DataSet
from bot.domain.readings import READINGS
from bot.graph.reading import DirectoryReader
from sandbox.graph.directory_roles import ROLE_NAMES
from sandbox.graph.resources.role_schedules import activations
from sandbox.graph.tenant import Tenant
from tests.graph.house import House

Facts = set[tuple[Any, ...]]


def organization(tenant: Tenant) -> Facts:
    """Its default domain first, and each enabled plan once."""
    facts = tenant.organization
    domains = sorted(
        facts["verifiedDomains"], key=lambda d: (not d["isDefault"], d["name"])
    )
    plans = sorted(
        {(plan["service"], plan["servicePlanId"]) for plan in facts["assignedPlans"]}
    )
    assert len(plans) > len(dict(plans)), "one service has two plans: P1 and P2"
    return {
        (
            UUID(tenant.id),
            tenant.display_name,
            compact([each["name"] for each in domains]),
            compact([[id, service] for service, id in plans]),
            facts["onPremisesSyncEnabled"],
        )
    }


def skus(tenant: Tenant) -> Facts:
    """With how many are enabled and taken."""
    return {
        (
            each["id"],
            UUID(each["skuId"]),
            each["skuPartNumber"],
            each["capabilityStatus"],
            each["prepaidUnits"]["enabled"],
            each["consumedUnits"],
        )
        for each in tenant.skus
    }


def role_definitions(tenant: Tenant) -> Facts:
    """All built in."""
    return {(UUID(id), name, True, True) for id, name in ROLE_NAMES.items()}


def role_assignments(tenant: Tenant) -> Facts:
    """Who holds what, and over what."""
    return {
        (
            each["id"],
            UUID(each["roleDefinitionId"]),
            UUID(each["principalId"]),
            each["directoryScopeId"],
        )
        for each in tenant.role_assignments.values()
    }


def role_activations(tenant: Tenant) -> Facts:
    """The same with how it came about."""
    return {
        (
            each["id"],
            UUID(each["roleDefinitionId"]),
            UUID(each["principalId"]),
            each["directoryScopeId"],
            each["memberType"],
            each["assignmentType"],
        )
        for each in activations(tenant)
    }


def grants(tenant: Tenant) -> Facts:
    """Its scopes sorted."""
    return {
        (
            each["id"],
            UUID(each["clientId"]),
            each["consentType"],
            UUID(each["principalId"]) if each["principalId"] else None,
            UUID(each["resourceId"]),
            compact(sorted(each["scope"].split())),
        )
        for each in tenant.grants.values()
    }


def providers(tenant: Tenant) -> Facts:
    """By ID and name; their secrets are told to nobody."""
    return {
        (each["id"], each["displayName"]) for each in tenant.identity_providers.values()
    }


TRUTH: dict[DataSet, Callable[[Tenant], Facts]] = {
    DataSet.ORGANIZATION: organization,
    DataSet.SUBSCRIBED_SKUS: skus,
    DataSet.ROLE_DEFINITIONS: role_definitions,
    DataSet.ROLE_ASSIGNMENTS: role_assignments,
    DataSet.ROLE_ACTIVATIONS: role_activations,
    DataSet.OAUTH_GRANTS: grants,
    DataSet.IDENTITY_PROVIDERS: providers,
}


def compact(value: object) -> str:
    """JSON as it is stored."""
    return json.dumps(value, separators=(",", ":"))


@pytest.mark.parametrize("data_set", TRUTH)
async def test_every_field_is_what_the_tenant_has(
    house: House, data_set: DataSet
) -> None:
    house.only(*(any_of[0].value for any_of in READINGS[data_set].needs))
    expected = TRUTH[data_set](house.entra.tenant)
    width = len(next(iter(expected)))

    pages = [page async for page in DirectoryReader(house.client()).full(data_set)]

    rows = [tuple(row[:width]) for page in pages for row in page.rows]
    assert set(rows) == expected
    assert len(rows) == len(expected), "each once"
