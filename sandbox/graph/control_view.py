"""What the page shows of a tenant: facts gathered from all over it."""

from datetime import datetime

from sandbox.graph.directory_roles import ROLE_NAMES
from sandbox.graph.entra import Entra
from sandbox.graph.permissions import APP_ROLE_IDS
from sandbox.graph.registrations import Consent
from sandbox.graph.tenant import Json, Tenant

_DAY_SECONDS = 86_400


def overview(entra: Entra) -> Json:
    """Return the main tenant as GET /control/entra/tenant shows it."""
    tenant = entra.tenant
    return {
        "tenant": {
            "id": tenant.id,
            "displayName": tenant.display_name,
            "cloud": tenant.cloud,
            "verifiedDomains": tenant.organization["verifiedDomains"],
        },
        "users": [_user(tenant, user) for user in tenant.users.values()],
        "groups": [_group(tenant, group) for group in tenant.groups.values()],
        "apps": [_app(entra, app) for app in tenant.applications.values()],
        "bot_app": bot_app(tenant),
    }


def _user(tenant: Tenant, user: Json) -> Json:
    shown = (
        "id displayName userPrincipalName mail jobTitle department userType "
        "accountEnabled onPremisesSyncEnabled signInSessionsValidFromDateTime"
    )
    roles = (ROLE_NAMES.get(role, role) for role in tenant.all_roles_of(user["id"]))
    return {
        **{name: user[name] for name in shown.split()},
        "groups": [group["displayName"] for group in tenant.groups_of(user["id"])],
        "methods": [_method(tenant, user["id"], m) for m in _methods(tenant, user)],
        "roles": sorted(roles),
        "licences": _licences(tenant, user),
    }


def _methods(tenant: Tenant, user: Json) -> list[Json]:
    return tenant.methods.get(user["id"], [])


def _method(tenant: Tenant, user_id: str, method: Json) -> Json:
    kind = method["@odata.type"].rsplit(".", 1)[-1]
    kind = kind.removesuffix("AuthenticationMethod")
    details = ("phoneType", "displayName", "emailAddress")
    detail = next((method[name] for name in details if method.get(name)), None)
    names = {"microsoftAuthenticator": "Authenticator", "fido2": "FIDO2 key"}
    name = names.get(kind, kind[:1].upper() + kind[1:])
    return {
        "id": method["id"],
        "type": kind,
        "label": f"{name}: {detail}" if detail else name,
        "default": tenant.default_methods.get(user_id) == method["id"],
    }


def _licences(tenant: Tenant, user: Json) -> list[str]:
    names = {sku["skuId"]: sku["skuPartNumber"] for sku in tenant.skus}
    return [names[licence["skuId"]] for licence in user["assignedLicenses"]]


def group_kind(group: Json) -> str:
    """Return what decides whether a group's members can be changed."""
    if group["onPremisesSyncEnabled"]:
        return "synced"
    if "DynamicMembership" in group["groupTypes"]:
        return "dynamic"
    if "Unified" in group["groupTypes"]:
        return "Microsoft 365"
    if group["mailEnabled"]:
        return (
            "mail-enabled security" if group["securityEnabled"] else "distribution list"
        )
    return "role-assignable" if group["isAssignableToRole"] else "security"


def _group(tenant: Tenant, group: Json) -> Json:
    return {
        "id": group["id"],
        "displayName": group["displayName"],
        "kind": group_kind(group),
        "licences": len(group["assignedLicenses"]),
        "members": len(tenant.members[group["id"]]),
    }


def _app(entra: Entra, app: Json) -> Json:
    tenant = entra.tenant
    owners = (tenant.users.get(o) for o in tenant.app_owners.get(app["id"], []))
    credentials = [
        *(_credential(entra, "secret", c) for c in app["passwordCredentials"]),
        *(_credential(entra, "certificate", c) for c in app["keyCredentials"]),
    ]
    return {
        "id": app["id"],
        "appId": app["appId"],
        "displayName": app["displayName"],
        "owners": [owner["displayName"] for owner in owners if owner],
        "federated": len(tenant.federated.get(app["id"], [])),
        "credentials": credentials,
    }


def _credential(entra: Entra, kind: str, credential: Json) -> Json:
    ends_at = datetime.fromisoformat(credential["endDateTime"])
    left = ends_at - entra.now()
    return {
        "keyId": credential["keyId"],
        "kind": kind,
        "hint": credential.get("hint"),
        "displayName": credential["displayName"],
        "endDateTime": credential["endDateTime"],
        # One decimal, so that "3 days ago" does not turn into 4 while one looks.
        "days": round(left.total_seconds() / _DAY_SECONDS, 1),
    }


def bot_app(tenant: Tenant) -> Json:
    """Return what a person connecting the bot copies from the portal."""
    client_id = tenant.bot_client_id
    app = tenant.find_application(client_id)
    principal = tenant.find_service_principal(client_id)
    if app is None or principal is None:
        names = ("granted", "delegated", "requested", "addable")
        gone: Json = {name: [] for name in names}
        return {"clientId": client_id, "enabled": False, **gone}
    consent = Consent(tenant, client_id)
    usable = (c["keyId"] for c in app["passwordCredentials"])
    key_id = next((k for k in usable if k in tenant.secrets), None)
    return {
        "clientId": client_id,
        "secret_value": tenant.secrets.get(key_id or ""),
        "secret_id": key_id,
        "certificate_pem": tenant.bot_certificate_pem,
        "granted": sorted(consent.granted),
        "delegated": consent.scopes,
        "requested": consent.roles,
        "addable": sorted(set(APP_ROLE_IDS) - set(consent.roles)),
        "enabled": principal["accountEnabled"],
    }
