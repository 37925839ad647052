"""The seeded tenants: `demo_tenant`, a company of some sixty, and `small_tenant`."""

from datetime import datetime

from sandbox.graph.directory_roles import ROLE_IDS
from sandbox.graph.licences import Plan, assigned_plan
from sandbox.graph.tenant import Json, Tenant
from sandbox.seeds.entra_activity import (
    add_activity,
    add_identity_providers,
    add_role_schedules,
)
from sandbox.seeds.entra_apps import (
    DEMO_APPS,
    DEMO_GRANTS,
    AppSeed,
    add_apps,
    add_bot,
    add_grants,
    add_graph_principal,
)
from sandbox.seeds.entra_devices import DEMO_DEVICES, add_devices
from sandbox.seeds.entra_groups import (
    DEMO_GROUPS,
    SECURITY,
    GroupSeed,
    add_groups,
)
from sandbox.seeds.entra_ids import (
    BOT_CLIENT_ID,
    DOMAIN,
    INITIAL_DOMAIN,
    TENANT_ID,
    seeded_id,
)
from sandbox.seeds.entra_logs import add_logs
from sandbox.seeds.entra_methods import add_methods
from sandbox.seeds.entra_people import EVERYBODY, WORKSPACE, Person, user_object
from sandbox.seeds.entra_provisioning import add_provisioning

E3 = "05e9a617-0261-4cee-bb44-138d3ef5d965"
VISIO = "c5928f49-12ba-48f7-ada3-0d743a3601d5"

_ROLE_HOLDERS = (
    ("user", "priya", "Global Administrator"),
    ("user", "ada", "User Administrator"),
    ("user", "nora", "Reports Reader"),
    ("group", "Helpdesk Operators", "Helpdesk Administrator"),
)


def demo_tenant(now: datetime) -> Tenant:
    """Return Contoso Ltd: about sixty people, every kind of group, fourteen apps."""
    tenant = _company(EVERYBODY, now)
    add_groups(tenant, DEMO_GROUPS, now)
    add_apps(tenant, DEMO_APPS, now)
    add_grants(tenant, DEMO_GRANTS)
    for kind, name, role in _ROLE_HOLDERS:
        _assign(tenant, seeded_id(kind, name), role)
    _set_managers(tenant)
    _licence_group(tenant, "Licence: Microsoft 365 E3")
    _licence_user(tenant, seeded_id("user", "dana"), VISIO)
    add_devices(tenant, DEMO_DEVICES, now)
    add_activity(tenant, now)
    add_role_schedules(tenant, now)
    add_identity_providers(tenant)
    add_provisioning(tenant, now)
    add_logs(tenant, now)
    return tenant


def small_tenant(now: datetime) -> Tenant:
    """Return the same company with the people of the workspace and little else."""
    tenant = _company(tuple(WORKSPACE), now)
    groups = (GroupSeed("VPN Access", "Remote access", ("dana", "omar"), SECURITY),)
    add_groups(tenant, groups, now)
    add_apps(tenant, (AppSeed("CRM Connector", ("omar",), (7,)),), now)
    return tenant


def _company(people: tuple[Person, ...], now: datetime) -> Tenant:
    tenant = Tenant(
        id=TENANT_ID,
        display_name="Contoso Ltd",
        cloud="global",
        domains=(DOMAIN, INITIAL_DOMAIN),
        organization=organization(),
        bot_client_id=BOT_CLIENT_ID,
        users={person.id: user_object(person, now) for person in people},
        skus=[sku_object(E3, "SPE_E3", 100), sku_object(VISIO, "VISIOCLIENT", 5)],
    )
    add_methods(tenant, now)
    add_graph_principal(tenant)
    add_bot(tenant, now)
    return tenant


def organization() -> Json:
    """Return the tenant itself as Graph tells it."""

    def domain(name: str, *, default: bool) -> Json:
        return {
            "capabilities": "Email, OfficeCommunicationsOnline",
            "isDefault": default,
            "isInitial": not default,
            "name": name,
            "type": "Managed",
        }

    def plan(service: str) -> Json:
        return {
            "assignedDateTime": "2024-03-01T09:00:00Z",
            "capabilityStatus": "Enabled",
            "service": service,
            "servicePlanId": seeded_id("plan", service),
        }

    return {
        "id": TENANT_ID,
        "deletedDateTime": None,
        "displayName": "Contoso Ltd",
        "tenantType": "AAD",
        "createdDateTime": "2019-05-14T08:30:00Z",
        "countryLetterCode": "SE",
        "city": "Stockholm",
        "onPremisesSyncEnabled": True,
        "technicalNotificationMails": [f"it@{DOMAIN}"],
        "assignedPlans": [*map(assigned_plan, Plan), plan("exchange")],
        "verifiedDomains": [
            domain(DOMAIN, default=True),
            domain(INITIAL_DOMAIN, default=False),
        ],
    }


def sku_object(sku_id: str, part_number: str, bought: int) -> Json:
    """Return a subscribed SKU of which nothing is used yet."""
    return {
        "id": f"{TENANT_ID}_{sku_id}",
        "skuId": sku_id,
        "skuPartNumber": part_number,
        "appliesTo": "User",
        "capabilityStatus": "Enabled",
        "consumedUnits": 0,
        "prepaidUnits": {"enabled": bought, "suspended": 0, "warning": 0},
        "servicePlans": [],
    }


def _assign(tenant: Tenant, principal_id: str, role: str) -> None:
    assignment_id = seeded_id("role", f"{principal_id}/{role}").replace("-", "")
    tenant.role_assignments[assignment_id] = {
        "id": assignment_id,
        "principalId": principal_id,
        "roleDefinitionId": ROLE_IDS[role],
        "directoryScopeId": "/",
    }


def _set_managers(tenant: Tenant) -> None:
    heads = {
        "Sales": "sofia",
        "Engineering": "chloe",
        "Finance": "claire",
        "IT": "priya",
    }
    for user in tenant.users.values():
        head = seeded_id("user", heads.get(user["department"] or "", "priya"))
        if user["id"] != head:
            tenant.managers[user["id"]] = head


def _licence_group(tenant: Tenant, name: str) -> None:
    group = tenant.groups[seeded_id("group", name)]
    group["assignedLicenses"] = [{"skuId": E3, "disabledPlans": []}]
    for member_id in tenant.members[group["id"]]:
        _licence_user(tenant, member_id, E3, by_group=group["id"])


def _licence_user(
    tenant: Tenant, user_id: str, sku_id: str, *, by_group: str | None = None
) -> None:
    user = tenant.users[user_id]
    user["assignedLicenses"].append({"skuId": sku_id, "disabledPlans": []})
    user["licenseAssignmentStates"].append(
        {
            "assignedByGroup": by_group,
            "disabledPlans": [],
            "error": "None",
            "lastUpdatedDateTime": str(tenant.organization["createdDateTime"]),
            "skuId": sku_id,
            "state": "Active",
        }
    )
    for sku in tenant.skus:
        sku["consumedUnits"] += sku["skuId"] == sku_id
