"""The app registrations of the seeded tenant, at every distance from expiry."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sandbox.graph.certificates import AppCertificate, make_app_certificate
from sandbox.graph.permissions import APP_ROLE_IDS, GRAPH_APP_ID, scope_id
from sandbox.graph.registrations import (
    Consent,
    ask_for,
    certificate_object,
    secret_object,
)
from sandbox.graph.tenant import Json, Tenant, timestamp
from sandbox.seeds.entra_ids import (
    BOT_CLIENT_ID,
    BOT_SECRET_ID,
    BOT_SECRET_VALUE,
    DOMAIN,
    TENANT_ID,
    seeded_id,
)
from sandbox.seeds.entra_people import Person

NEVER = datetime(2299, 12, 31, tzinfo=UTC)
_MICROSOFT = "f8cdef31-a31e-4b4a-93e4-5f571e91255a"

CONSENTED = (
    "Application.Read.All",
    "Organization.Read.All",
    "User.Read.All",
    "GroupMember.Read.All",
    "Group.Read.All",
    "User.EnableDisableAccount.All",
    "User.RevokeSessions.All",
    "GroupMember.ReadWrite.All",
    "RoleManagement.Read.Directory",
    "Device.Read.All",
    "Synchronization.Read.All",
)
ONLY_REQUESTED = (
    "UserAuthenticationMethod.ReadWrite.All",
    "AuditLog.Read.All",
    "Reports.Read.All",
)
REQUESTED_AS_DELEGATED = ("LicenseAssignment.Read.All",)


@dataclass(frozen=True)
class AppSeed:
    """A registration. Secrets and certificates end so many days from now."""

    name: str
    owners: tuple[str, ...] = ()
    secret_days: tuple[float, ...] = ()
    certificate_days: tuple[float, ...] = ()
    federated: bool = False
    never_ends: bool = False


@dataclass(frozen=True)
class GrantSeed:
    """Scopes of Graph granted to an app: by one person, or for everybody."""

    app: str
    scope: str
    by: str | None = None


DEMO_GRANTS = (
    GrantSeed("CRM Connector", "openid profile User.Read Contacts.ReadWrite"),
    GrantSeed("HR Onboarding Portal", "User.Read.All Group.Read.All"),
    GrantSeed("Invoice Scanner", "User.Read Mail.Read", by="yusuf"),
    GrantSeed("Invoice Scanner", "User.Read Mail.Read", by="claire"),
    GrantSeed("R&D <Prototype> `tool`", "User.Read Files.ReadWrite.All", by="wei"),
)

DEMO_APPS = (
    AppSeed("Payroll Export", ("omar",), (-3,)),
    AppSeed("Badge Printer", ("omar", "nora"), (0.4,)),
    AppSeed("CRM Connector", ("omar",), (1,)),
    AppSeed("Invoice Scanner", ("yusuf",), (3,)),
    AppSeed("HR Onboarding Portal", ("grace", "omar"), (7,)),
    AppSeed("Status Page", ("oscar",), (14,)),
    AppSeed("Build Pipeline", (), (30,)),
    AppSeed("Data Lake Loader", ("raj",), (90,)),
    AppSeed("Archive Reader", ("raj",), (400,)),
    AppSeed("Legacy Intranet", (), (), never_ends=True),
    AppSeed("Support Desk Sync", ("samir",), (2, 180)),
    AppSeed("Warehouse Gateway", ("ivan",), (), (20,)),
    AppSeed("Deploy Bot (federated)", ("oscar",), federated=True),
    AppSeed("R&D <Prototype> `tool`", ("wei",), (5,)),
)


def add_apps(tenant: Tenant, seeds: tuple[AppSeed, ...], now: datetime) -> None:
    """Put registrations, their service principals and owners into a tenant."""
    for seed in seeds:
        app = _registration(seed, tenant, now)
        add_app(tenant, app, tuple(Person(o, "", "", "").id for o in seed.owners))


def add_app(tenant: Tenant, app: Json, owner_ids: tuple[str, ...]) -> None:
    """Put one registration and its service principal into a tenant."""
    tenant.applications[app["id"]] = app
    tenant.app_owners[app["id"]] = list(owner_ids)
    principal = principal_object(app["displayName"], app["appId"], TENANT_ID)
    # Whoever registers an app owns both; further owners are named on one of them.
    tenant.principal_owners[principal["id"]] = list(owner_ids[:1])
    tenant.service_principals[principal["id"]] = principal


def add_grants(tenant: Tenant, seeds: tuple[GrantSeed, ...]) -> None:
    """Put delegated permission grants into a tenant whose apps are there."""
    graph = tenant.find_service_principal(GRAPH_APP_ID)
    if graph is None:
        raise LookupError("Microsoft Graph has no service principal in this tenant.")
    for seed in seeds:
        client = tenant.find_service_principal(seeded_id("client", seed.app))
        if client is None:
            raise LookupError(f"{seed.app} has no service principal.")
        grant_id = seeded_id("grant", f"{seed.app}/{seed.by}").replace("-", "")
        tenant.grants[grant_id] = {
            "id": grant_id,
            "clientId": client["id"],
            "consentType": "Principal" if seed.by else "AllPrincipals",
            "principalId": Person(seed.by, "", "", "").id if seed.by else None,
            "resourceId": graph["id"],
            "scope": seed.scope,
        }


def _registration(seed: AppSeed, tenant: Tenant, now: datetime) -> Json:
    app = app_object(seed.name, seeded_id("client", seed.name), now)
    for number, days in enumerate(seed.secret_days):
        ends_at = now + timedelta(days=days)
        key_id = seeded_id("secret", f"{seed.name}/{number}")
        app["passwordCredentials"].append(
            secret_object(key_id, f"Secret {number + 1}", f"s{number}~", now, ends_at)
        )
        tenant.secrets[key_id] = f"s{number}~8Q~{seeded_id('value', key_id)[:34]}"
    if seed.never_ends:
        key_id = seeded_id("secret", f"{seed.name}/never")
        app["passwordCredentials"].append(
            secret_object(key_id, "Set by script", "xY0", now, NEVER)
        )
    for days in seed.certificate_days:
        # A display certificate: nobody signs in with it, so no key pair is made.
        key_id = seeded_id("certificate", f"{seed.name}/{days}")
        ends_at = now + timedelta(days=days)
        app["keyCredentials"].append(
            certificate_object(key_id, f"CN={seed.name}", "B7" * 20, now, ends_at)
        )
    if seed.federated:
        tenant.federated[app["id"]] = [_federated(seed.name)]
    return app


def _federated(name: str) -> Json:
    return {
        "id": seeded_id("federated", name),
        "name": "deploy-main",
        "issuer": "https://ci.contoso.example",
        "subject": "repo:contoso/deploy:ref:refs/heads/main",
        "audiences": ["api://AzureADTokenExchange"],
        "description": "Continuous delivery",
    }


def app_object(name: str, client_id: str, now: datetime) -> Json:
    """Return the Graph object of a registration without credentials."""
    return {
        "id": seeded_id("application", name),
        "deletedDateTime": None,
        "appId": client_id,
        "displayName": name,
        "description": None,
        "createdDateTime": timestamp(now - timedelta(days=500)),
        "publisherDomain": DOMAIN,
        "signInAudience": "AzureADMyOrg",
        "identifierUris": [],
        "notes": None,
        "tags": [],
        "passwordCredentials": [],
        "keyCredentials": [],
        "requiredResourceAccess": [],
    }


def principal_object(name: str, client_id: str, owner_tenant: str) -> Json:
    """Return the Graph object of a service principal."""
    return {
        "id": seeded_id("principal", client_id),
        "deletedDateTime": None,
        "accountEnabled": True,
        "appDisplayName": name,
        "appId": client_id,
        "appOwnerOrganizationId": owner_tenant,
        "appRoleAssignmentRequired": False,
        "appRoles": [],
        "displayName": name,
        "keyCredentials": [],
        "passwordCredentials": [],
        "servicePrincipalNames": [client_id],
        "servicePrincipalType": "Application",
        "signInAudience": "AzureADMyOrg",
        "tags": ["WindowsAzureActiveDirectoryIntegratedApp"],
    }


def add_graph_principal(tenant: Tenant) -> None:
    """Put Microsoft Graph's own service principal and its permissions in a tenant."""
    graph = principal_object("Microsoft Graph", GRAPH_APP_ID, _MICROSOFT)
    graph["appRoles"] = [
        {
            "id": role_id,
            "value": name,
            "displayName": name,
            "description": f"Application permission {name}",
            "allowedMemberTypes": ["Application"],
            "isEnabled": True,
            "origin": "Application",
        }
        for name, role_id in APP_ROLE_IDS.items()
    ]
    graph["oauth2PermissionScopes"] = [
        {
            "id": scope_id(name),
            "value": name,
            "adminConsentDisplayName": name,
            "adminConsentDescription": f"Delegated permission {name}",
            "isEnabled": True,
            "type": "Admin",
            "userConsentDisplayName": None,
            "userConsentDescription": None,
        }
        for name in APP_ROLE_IDS
    ]
    tenant.service_principals[graph["id"]] = graph


def add_bot(tenant: Tenant, now: datetime) -> None:
    """Put the bot's own registration in: secret, certificate, requests, consents."""
    app = app_object("Gatehouse", BOT_CLIENT_ID, now)
    ends_at = now + timedelta(days=45)
    app["passwordCredentials"] = [
        secret_object(BOT_SECRET_ID, "gatehouse", "gh7", now, ends_at)
    ]
    tenant.secrets[BOT_SECRET_ID] = BOT_SECRET_VALUE
    _add_bot_certificate(tenant, app, make_app_certificate("gatehouse", now, 365), now)
    ask_for(
        app,
        roles=[*CONSENTED, *ONLY_REQUESTED],
        scopes=list(REQUESTED_AS_DELEGATED),
    )
    add_app(tenant, app, (Person("ada", "", "", "").id,))
    Consent(tenant, BOT_CLIENT_ID).grant(list(CONSENTED), now)


def _add_bot_certificate(
    tenant: Tenant, app: Json, certificate: AppCertificate, now: datetime
) -> None:
    key_id = seeded_id("certificate", "gatehouse")
    app["keyCredentials"] = [
        certificate_object(
            key_id,
            "CN=gatehouse",
            certificate.thumbprint_sha1,
            now,
            certificate.ends_at,
        )
    ]
    tenant.certificates[key_id] = certificate.certificate_pem
    tenant.bot_certificate_pem = certificate.pem
