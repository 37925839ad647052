"""The logs of the seeded tenant: a week of changes and sign-ins, some failed."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sandbox.graph.tenant import Json, Tenant, timestamp
from sandbox.seeds.entra_ids import BOT_CLIENT_ID, seeded_id

_WHAT_FAILED = {
    0: "Other.",
    50126: "Error validating credentials due to invalid username or password.",
    50074: "Strong Authentication is required.",
    65001: "The user or administrator has not consented to use the application.",
    90094: "Admin consent is required for the permissions requested by this app.",
}


@dataclass(frozen=True)
class AuditSeed:
    """A change in the directory, so many hours ago. By no login: by the bot's app."""

    hours: float
    activity: str
    category: str
    target: str
    kind: str = "User"
    by: str | None = "ada"
    result: str = "success"
    reason: str = ""


@dataclass(frozen=True)
class SignInSeed:
    """A sign-in, so many hours ago; code 0 is success."""

    hours: float
    login: str
    app: str
    code: int = 0


DEMO_AUDITS = (
    AuditSeed(
        1,
        "Consent to application",
        "ApplicationManagement",
        "Invoice Scanner",
        "ServicePrincipal",
        "wei",
        "failure",
        "Risky application detected",
    ),
    AuditSeed(3, "Add member to group", "GroupManagement", "VPN Access", "Group"),
    AuditSeed(7, "Update user", "UserManagement", "dana"),
    AuditSeed(
        9,
        "Add owner to application",
        "ApplicationManagement",
        "CRM Connector",
        "Application",
        "omar",
    ),
    AuditSeed(
        20,
        "Consent to application",
        "ApplicationManagement",
        "R&D <Prototype> `tool`",
        "ServicePrincipal",
        "wei",
        "failure",
        "Microsoft.Online.Security.UserConsentBlockedForRiskyAppsException",
    ),
    AuditSeed(
        26,
        "Update application \u2013 Certificates and secrets management",
        "ApplicationManagement",
        "Support Desk Sync",
        "Application",
        "samir",
    ),
    AuditSeed(30, "Disable account", "UserManagement", "irma", by=None),
    AuditSeed(
        31,
        "Update StsRefreshTokenValidFrom Timestamp",
        "UserManagement",
        "irma",
        by=None,
    ),
    AuditSeed(50, "Add member to role", "RoleManagement", "amir", by="priya"),
    AuditSeed(
        75,
        "Reset user password",
        "UserManagement",
        "felix",
        by="jonas",
        result="failure",
        reason="The password does not meet the policy.",
    ),
    AuditSeed(
        120,
        "Add app role assignment to service principal",
        "ApplicationManagement",
        "Gatehouse",
        "ServicePrincipal",
        "priya",
    ),
    AuditSeed(
        160,
        "Delete user",
        "UserManagement",
        "gwen",
        by="mei",
        result="failure",
        reason="Insufficient privileges.",
    ),
)

DEMO_SIGN_INS = (
    SignInSeed(0.2, "ada", "Azure Portal"),
    SignInSeed(0.6, "dana", "CRM Connector"),
    SignInSeed(1.0, "wei", "Invoice Scanner", 65001),
    SignInSeed(1.1, "wei", "Invoice Scanner", 90094),
    SignInSeed(2.5, "omar", "Microsoft Teams"),
    SignInSeed(4, "lee", "Office 365 Exchange Online", 50126),
    SignInSeed(4.1, "lee", "Office 365 Exchange Online"),
    SignInSeed(8, "ruth", "HR Onboarding Portal"),
    SignInSeed(12, "kim", "Microsoft Teams", 50074),
    SignInSeed(19, "nora", "Azure Portal"),
    SignInSeed(23, "amir", "Azure Portal"),
    SignInSeed(30, "tick", "Office 365 SharePoint Online", 50126),
    SignInSeed(49, "sofia", "CRM Connector"),
)


def add_logs(tenant: Tenant, now: datetime) -> None:
    """Put the week's entries into a tenant whose people and apps are there."""
    tenant.audits += [_audit(seed, tenant, now) for seed in DEMO_AUDITS]
    tenant.sign_ins += [_sign_in(seed, tenant, now) for seed in DEMO_SIGN_INS]


def _fraction(moment: datetime, number: int) -> str:
    """Write a time with seven fractions of a second, as the audit log does."""
    return timestamp(moment).replace("Z", f".{number * 1_234_567 % 10_000_000:07}Z")


def _user(tenant: Tenant, login: str) -> Json:
    return tenant.users[seeded_id("user", login)]


def _audit(seed: AuditSeed, tenant: Tenant, now: datetime) -> Json:
    moment = now - timedelta(hours=seed.hours)
    entry_id = seeded_id("audit", f"{seed.hours}/{seed.activity}")
    return {
        "id": f"Directory_{entry_id[:8]}_{int(seed.hours * 100):08}",
        "category": seed.category,
        "correlationId": entry_id,
        "result": seed.result,
        "resultReason": seed.reason,
        "activityDisplayName": seed.activity,
        "activityDateTime": _fraction(moment, int(seed.hours * 10)),
        "loggedByService": "Core Directory",
        "operationType": "Add" if seed.activity.startswith("Add") else "Update",
        "initiatedBy": _initiator(seed, tenant),
        "targetResources": [_target(seed, tenant)],
        "additionalDetails": [],
    }


def _initiator(seed: AuditSeed, tenant: Tenant) -> Json:
    if seed.by is None:
        principal = tenant.find_service_principal(BOT_CLIENT_ID)
        if principal is None:
            raise LookupError("The bot's app has no service principal.")
        app = {
            "appId": None,
            "displayName": principal["displayName"],
            "servicePrincipalId": principal["id"],
            "servicePrincipalName": None,
        }
        return {"app": app, "user": None}
    user = _user(tenant, seed.by)
    person = {
        "id": user["id"],
        "displayName": None,
        "userPrincipalName": user["userPrincipalName"],
        "ipAddress": "203.0.113.10",
    }
    return {"app": None, "user": person}


def _target(seed: AuditSeed, tenant: Tenant) -> Json:
    principal = seed.kind == "ServicePrincipal"
    target_id = seeded_id(seed.kind.lower(), seed.target)
    if principal:
        found = tenant.find_service_principal(seeded_id("client", seed.target))
        target_id = found["id"] if found else target_id
    name = seed.target
    upn = None
    if seed.kind == "User":
        user = _user(tenant, seed.target)
        name, upn = user["displayName"], user["userPrincipalName"]
    return {
        "id": target_id,
        "displayName": name,
        "type": seed.kind,
        "userPrincipalName": upn,
        "groupType": None,
        "modifiedProperties": [],
    }


def _sign_in(seed: SignInSeed, tenant: Tenant, now: datetime) -> Json:
    user, moment = _user(tenant, seed.login), now - timedelta(hours=seed.hours)
    entry_id = seeded_id("sign-in", f"{seed.hours}/{seed.login}")
    return {
        "id": entry_id,
        "createdDateTime": timestamp(moment),
        "userDisplayName": user["displayName"],
        "userPrincipalName": user["userPrincipalName"].lower(),
        "userId": user["id"],
        "appId": seeded_id("client", seed.app),
        "appDisplayName": seed.app,
        "ipAddress": "203.0.113.24" if seed.code else "198.51.100.7",
        "clientAppUsed": "Browser",
        "correlationId": seeded_id("correlation", entry_id),
        "conditionalAccessStatus": "failure" if seed.code == 50074 else "notApplied",
        "isInteractive": True,
        "riskDetail": "none",
        "riskLevelAggregated": "none",
        "riskState": "none",
        "resourceDisplayName": "Microsoft Graph",
        "resourceId": "00000003-0000-0000-c000-000000000000",
        "status": {
            "errorCode": seed.code,
            "failureReason": _WHAT_FAILED[seed.code],
            "additionalDetails": None,
        },
        "deviceDetail": {"operatingSystem": "Windows", "browser": "Edge 126.0.0"},
        "location": {"city": "Stockholm", "countryOrRegion": "SE"},
        "appliedConditionalAccessPolicies": [],
    }
