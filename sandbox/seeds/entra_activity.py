"""What goes on in the seeded tenant: who used what, and roles for a time."""

from datetime import datetime, timedelta
from typing import Any

from sandbox.graph.directory_roles import ROLE_IDS
from sandbox.graph.tenant import Json, Tenant, timestamp
from sandbox.seeds.entra_ids import seeded_id

NEVER = "0001-01-01T00:00:00Z"

# Days since the last sign-in, of those who are not here daily; None for never.
_AWAY: dict[str, float | None] = {
    "gwen": 214,
    "felix": 97,
    "irma": 400,
    "max": 61,
    "jo": 133,
    "ola": None,
    "svc-backup": None,
    "party": None,
    "rnd": None,
}


def add_activity(tenant: Tenant, now: datetime) -> None:
    """Give everybody in the tenant their last sign-ins, and what they used."""
    away = {seeded_id("user", login): days for login, days in _AWAY.items()}
    for number, user in enumerate(tenant.users.values()):
        days = away.get(user["id"], 0.1 + number % 5)
        user["signInActivity"] = _sign_ins(user["id"], days, now)
        if days is not None and user["userType"] == "Member":
            tenant.usage[user["id"]] = _use(number, days, now)


def _sign_ins(user_id: str, days: float | None, now: datetime) -> Json | None:
    """Return when somebody signed in; nothing for one who never did."""
    if days is None:
        return None
    tried = timestamp(now - timedelta(days=days))
    succeeded = timestamp(now - timedelta(days=days, minutes=2))
    by_apps = timestamp(now - timedelta(days=days + 0.02)) if days < 30 else NEVER
    return {
        "lastSignInDateTime": tried,
        "lastSignInRequestId": seeded_id("sign-in", user_id),
        "lastNonInteractiveSignInDateTime": by_apps,
        "lastNonInteractiveSignInRequestId": "",
        "lastSuccessfulSignInDateTime": succeeded,
        "lastSuccessfulSignInRequestId": seeded_id("sign-in", user_id),
    }


def _use(number: int, days: float, now: datetime) -> dict[str, Any]:
    """Return what somebody used; nothing that is longer ago than the sign-in."""

    def on(more: float) -> str:
        return str((now - timedelta(days=days + more)).date())

    here = days < 30
    return {
        "exchange": on(1),
        "onedrive": on(3) if number % 3 else None,
        "sharepoint": on(5) if number % 4 else None,
        "teams": on(1) if here else None,
        "team_chats": number * 7 % 40 if here else 0,
        "private_chats": number * 11 % 90 if here else 0,
        "calls": number % 9 if here else 0,
        "meetings": number % 13 if here else 0,
        "activated": on(90),
        "apps": on(2),
        "platforms": ("Windows", "Mobile") if number % 2 else ("Mac", "Web"),
    }


def add_role_schedules(tenant: Tenant, now: datetime) -> None:
    """Let a few people activate roles, and one hold one for some hours."""
    for kind, name, role, days in (
        ("user", "nora", "Privileged Role Administrator", 120),
        ("user", "amir", "Security Reader", None),
        ("user", "sofia", "Groups Administrator", 9),
        ("group", "Helpdesk Operators", "User Administrator", None),
    ):
        eligible = _schedule(kind, name, role, now, days)
        eligible["roleEligibilityScheduleId"] = eligible["id"]
        tenant.role_eligibilities[eligible["id"]] = eligible
    active = _schedule("user", "amir", "Security Reader", now, 5 / 24)
    active |= {
        "id": f"{active['id']}-active",
        "assignmentType": "Activated",
        "roleAssignmentOriginId": active["id"],
        "roleAssignmentScheduleId": active["id"],
    }
    tenant.role_activations[active["id"]] = active


def _schedule(
    kind: str, name: str, role: str, now: datetime, days: float | None
) -> Json:
    ends = None if days is None else timestamp(now + timedelta(days=days))
    return {
        "id": seeded_id("schedule", f"{name}/{role}"),
        "principalId": seeded_id(kind, name),
        "roleDefinitionId": ROLE_IDS[role],
        "directoryScopeId": "/",
        "appScopeId": None,
        "startDateTime": timestamp(now - timedelta(days=30 if days != 5 / 24 else 0)),
        "endDateTime": ends,
        "memberType": "Direct",
    }


def add_identity_providers(tenant: Tenant) -> None:
    """Let guests sign in with Google, or with a code by mail."""
    for provider_id, name, kind in (
        ("Google-OAUTH", "Google", "socialIdentityProvider"),
        ("EmailOtpSignup-OAUTH", "Email One Time Passcode", "builtInIdentityProvider"),
    ):
        social = kind == "socialIdentityProvider"
        secret = {"clientId": "contoso-google", "clientSecret": "******"}
        tenant.identity_providers[provider_id] = {
            "@odata.type": f"#microsoft.graph.{kind}",
            "id": provider_id,
            "displayName": name,
            "identityProviderType": "Google" if social else "EmailOTP",
            **(secret if social else {}),
        }
