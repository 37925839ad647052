"""What goes on in the tenant: owners, devices, roles for a time, jobs, sign-ins."""

import pytest

from sandbox.graph import Entra
from sandbox.graph.licences import Plan, set_plan
from sandbox.seeds.entra_ids import seeded_id
from tests.sandbox.graph.calling import DANA, Caller, group_id, json_of, refusal

ELIGIBILITIES = "/roleManagement/directory/roleEligibilityScheduleInstances"
ACTIVATIONS = "/roleManagement/directory/roleAssignmentScheduleInstances"
REGISTRATIONS = "/reports/authenticationMethods/userRegistrationDetails"
MANAGED = "/deviceManagement/managedDevices"
ACTIVITY = {"select": "id,signInActivity"}


def principal_id(entra: Entra, app: str) -> str:
    principal = entra.tenant.find_service_principal(seeded_id("client", app))
    assert principal is not None
    return str(principal["id"])


async def test_owners_of_service_principals(bot: Caller, entra: Entra) -> None:
    crm = principal_id(entra, "CRM Connector")
    owners = await bot.items(f"/servicePrincipals/{crm}/owners", select="id")

    everybody = await bot.items("/servicePrincipals", expand="owners($select=id)")

    expanded = {item["id"]: item["owners"] for item in everybody}
    assert [owner["id"] for owner in owners] == [seeded_id("user", "omar")]
    assert expanded[crm] == owners
    client = seeded_id("client", "CRM Connector")
    named = f"/servicePrincipals(appId='{client}')/owners"
    assert await bot.items(named, select="id") == owners


async def test_owners_of_groups_and_apps_come_expanded(
    bot: Caller, entra: Entra
) -> None:
    groups = await bot.items("/groups", select="id", expand="owners($select=id)")
    owners = {item["id"]: len(item["owners"]) for item in groups}
    assert owners[group_id("Engineering")] == 2
    assert owners[group_id("VPN Access")] == 0
    app = next(iter(entra.tenant.app_owners))
    entra.tenant.app_owners[app] = list(entra.tenant.users)[:30]

    apps = await bot.items("/applications", select="id", expand="owners($select=id)")

    assert {item["id"]: len(item["owners"]) for item in apps}[app] == 20
    assert len(await bot.items(f"/applications/{app}/owners", select="id")) == 30


async def test_federated_credentials_come_expanded_unless_refused(
    bot: Caller, entra: Entra
) -> None:
    apps = await bot.items("/applications", expand="federatedIdentityCredentials")
    found = [c for app in apps for c in app["federatedIdentityCredentials"]]
    assert [c["subject"] for c in found] == ["repo:contoso/deploy:ref:refs/heads/main"]

    entra.faults.set("refuse_expand", -1)
    refused = await bot.get("/applications", expand="federatedIdentityCredentials")
    assert refusal(refused)[0] == 400
    json_of(await bot.get("/applications", expand="owners($select=id)"))

    entra.faults.off("refuse_expand")
    bot.only("Directory.Read.All")
    denied = await bot.get("/applications", expand="federatedIdentityCredentials")
    assert refusal(denied)[0] == 403


async def test_devices(bot: Caller) -> None:
    devices = await bot.items("/devices", select="id,displayName,trustType,isCompliant")
    assert len(devices) == 12
    stale = await bot.items(
        "/devices",
        filter="approximateLastSignInDateTime le 2099-01-01T00:00:00Z",
        select="id",
    )
    assert len(stale) == 11  # one never signed in

    one = json_of(await bot.get(f"/devices/{devices[0]['id']}"))

    assert one["displayName"] == devices[0]["displayName"]
    assert one["deviceId"] != one["id"]
    assert refusal(await bot.get(f"/devices/{one['deviceId']}"))[0] == 404


async def test_devices_are_counted(bot: Caller) -> None:
    answer = await bot.get("/devices/$count", {"ConsistencyLevel": "eventual"})

    assert answer.text == "12"


async def test_devices_tell_their_changes(bot: Caller, entra: Entra) -> None:
    first = json_of(await bot.get("/devices/delta", select="id,displayName"))
    assert len(first["value"]) == 12
    gone = entra.tenant.devices.pop(seeded_id("device", "LT-GWEN-05"))
    entra.tenant.devices[seeded_id("device", "MB-OMAR")]["displayName"] = "MB-OMAR-2"

    rows = json_of(await bot.http.get(first["@odata.deltaLink"]))["value"]

    assert [row.get("displayName") for row in rows] == ["MB-OMAR-2", None]
    assert rows[1] == {"id": gone["id"], "@removed": {"reason": "deleted"}}


async def test_managed_devices_want_intune(bot: Caller, entra: Entra) -> None:
    bot.consent("DeviceManagementManagedDevices.Read.All")
    managed = await bot.items(MANAGED, select="id,userId,complianceState,serialNumber")
    assert {d["complianceState"] for d in managed} == {"compliant", "noncompliant"}
    assert sum(d["userId"] == DANA for d in managed) == 2
    assert "x-ms-resource-unit" not in (await bot.get(MANAGED)).headers

    set_plan(entra.tenant, Plan.INTUNE, on=False)

    assert refusal(await bot.get(MANAGED)) == (
        400,
        "BadRequest",
        "Request not applicable to target tenant.",
    )


async def test_role_schedules(bot: Caller, entra: Entra) -> None:
    eligible = await bot.items(ELIGIBILITIES)
    assert len(eligible) == 4
    assert {item["endDateTime"] is None for item in eligible} == {True, False}
    active = await bot.items(ACTIVATIONS)
    kinds = [item["assignmentType"] for item in active]
    assert kinds.count("Activated") == 1
    assert kinds.count("Assigned") == len(entra.tenant.role_assignments)
    amir = seeded_id("user", "amir")
    of_amir = await bot.items(ACTIVATIONS, filter=f"principalId eq '{amir}'")
    assert [item["memberType"] for item in of_amir] == ["Direct"]

    set_plan(entra.tenant, Plan.P2, on=False)

    for path in (ELIGIBILITIES, ACTIVATIONS):
        assert refusal(await bot.get(path))[:2] == (400, "AadPremiumLicenseRequired")


async def test_who_is_deleted_has_no_schedules(bot: Caller, entra: Entra) -> None:
    bot.consent("User.ReadWrite.All")
    entra.faults.forbid_privileged(False)

    await bot.http.delete("/users/amir@contoso.example")

    held = {item["principalId"] for item in await bot.items(ELIGIBILITIES)}
    held |= {item["principalId"] for item in await bot.items(ACTIVATIONS)}
    assert seeded_id("user", "amir") not in held


async def test_identity_providers(bot: Caller, entra: Entra) -> None:
    path = "/identity/identityProviders"
    bot.consent("IdentityProvider.Read.All")
    kinds = {item["identityProviderType"] for item in await bot.items(path)}
    assert kinds == {"Google", "EmailOTP"}
    few = await bot.items(path, select="id,displayName")
    assert {key for item in few for key in item} == {"@odata.type", "id", "displayName"}
    # It belongs to the derived types, not to what the collection is made of.
    assert refusal(await bot.get(path, select="identityProviderType"))[0] == 400

    for cloud, status in (("china", 200), ("gcchigh", 400), ("dod", 400)):
        entra.tenant.cloud = cloud
        bot.sign_in()
        assert (await bot.get(path)).status_code == status


async def test_provisioning_jobs(bot: Caller, entra: Entra) -> None:
    async def job_of(app: str) -> list[dict[str, object]]:
        place = f"/servicePrincipals/{principal_id(entra, app)}/synchronization/jobs"
        found: list[dict[str, object]] = await bot.items(place)
        return found

    [crm] = await job_of("CRM Connector")
    status = crm["status"]
    assert isinstance(status, dict)
    assert status["code"] == "Quarantine"
    assert status["quarantine"]["reason"] == "EncounteredQuarantineException"
    assert status["lastExecution"]["error"]["message"]
    [portal] = await job_of("HR Onboarding Portal")
    assert "0001-01-01T00:00:00Z" in str(portal)
    assert await job_of("Status Page") == []


async def test_registrations_follow_methods(bot: Caller, entra: Entra) -> None:
    bot.consent("AuditLog.Read.All")
    entra.limits.enforced = False
    found = {item["id"]: item for item in await bot.items(REGISTRATIONS, top="50")}
    enabled = [u for u in entra.tenant.users.values() if u["accountEnabled"]]
    assert len(found) == len(enabled)
    dana = found[DANA]
    assert dana["methodsRegistered"] == [
        "mobilePhone",
        "microsoftAuthenticatorPush",
        "fido2",
        "email",
    ]
    assert (dana["isMfaRegistered"], dana["isPasswordlessCapable"]) == (True, True)
    assert found[seeded_id("user", "priya")]["isAdmin"] is True

    entra.tenant.methods[DANA] = []
    again = await bot.items(REGISTRATIONS, filter=f"id eq '{DANA}'")

    assert (again[0]["methodsRegistered"], again[0]["isMfaCapable"]) == ([], False)


async def test_sign_in_activity_wants_premium_and_small_pages(
    bot: Caller, entra: Entra
) -> None:
    assert refusal(await bot.get("/users", **ACTIVITY))[0] == 403
    bot.consent("AuditLog.Read.All")
    users = await bot.items("/users", **ACTIVITY)
    known = {item["id"]: item["signInActivity"] for item in users}
    assert known[seeded_id("user", "svc-backup")] is None
    gwen = known[seeded_id("user", "gwen")]
    assert gwen["lastNonInteractiveSignInDateTime"] == "0001-01-01T00:00:00Z"
    since = "signInActivity/lastSignInDateTime ge 2020-01-01T00:00:00Z"
    assert len(await bot.items("/users", filter=since)) == sum(
        activity is not None for activity in known.values()
    )
    dana = entra.tenant.users[DANA]
    for number in range(600):
        user_id = f"00000000-0000-4000-8000-{number:012}"
        entra.tenant.users[user_id] = {**dana, "id": user_id}
    page = json_of(await bot.get("/users", top="999", **ACTIVITY))
    assert len(page["value"]) == 500
    assert "@odata.nextLink" in page

    for plan in (Plan.P1, Plan.P2):
        set_plan(entra.tenant, plan, on=False)

    assert refusal(await bot.get("/users", **ACTIVITY))[:2] == (
        403,
        "Authentication_RequestFromNonPremiumTenantOrB2CTenant",
    )


@pytest.mark.parametrize(
    ("plans", "path", "status"),
    [
        ("AAD_PREMIUM", REGISTRATIONS, 200),  # P2 holds P1
        ("AAD_PREMIUM AAD_PREMIUM_P2", REGISTRATIONS, 403),
        ("AAD_PREMIUM AAD_PREMIUM_P2", "/auditLogs/signIns", 403),
        ("AAD_PREMIUM AAD_PREMIUM_P2", "/auditLogs/provisioning", 403),
        ("AAD_PREMIUM AAD_PREMIUM_P2", "/auditLogs/directoryAudits", 200),
        ("AAD_PREMIUM_P2", ELIGIBILITIES, 400),
        ("INTUNE_A", MANAGED, 400),
        ("INTUNE_A", ELIGIBILITIES, 200),
    ],
)
async def test_plans_can_be_hidden_by_a_fault(
    bot: Caller, entra: Entra, plans: str, path: str, status: int
) -> None:
    bot.consent("AuditLog.Read.All", "DeviceManagementManagedDevices.Read.All")
    entra.faults.set("without_plans", -1, plans=plans)

    assert (await bot.get(path)).status_code == status


async def test_organization_tells_what_was_bought(bot: Caller, entra: Entra) -> None:
    set_plan(entra.tenant, Plan.P2, on=False)

    [told] = await bot.items("/organization", select="assignedPlans")

    plans = [plan["servicePlanId"] for plan in told["assignedPlans"]]
    assert "41781fb2-bc02-4b7c-bd55-b576c07bb09d" in plans
    assert "eec0eb4f-6444-4f95-aba0-50c24d67f998" not in plans
