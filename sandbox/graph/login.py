"""The login endpoint: OpenID discovery and the client credentials grant."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sandbox.graph.aadsts import SignInError
from sandbox.graph.assertions import (
    BadAssertionError,
    UntimelyAssertionError,
    claimed_client,
    verify,
)
from sandbox.graph.entra import Entra
from sandbox.graph.tenant import Json, Tenant, timestamp
from sandbox.graph.tokens import GRAPH_ROOTS, LIFETIME

_GUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
_DOMAIN = re.compile(r"([a-z0-9-]+\.)+[a-z]{2,}", re.IGNORECASE)
_ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
_NO_CLIENT = "00000000-0000-0000-0000-000000000000"


@dataclass(frozen=True)
class SignInReply:
    """HTTP status, JSON body and further headers."""

    status: int
    body: Json
    headers: Mapping[str, str]


def discovery(
    entra: Entra, tenant_name: str, root: str, correlation_id: str
) -> SignInReply:
    """Answer the OpenID configuration of a tenant; `root` is this server's origin."""
    try:
        tenant = _tenant(entra, tenant_name)
    except SignInError as error:
        return _refusal(entra, error, correlation_id, oauth_error="invalid_tenant")
    place = f"{root}/{tenant_name}"
    body = {
        "token_endpoint": f"{place}/oauth2/v2.0/token",
        "token_endpoint_auth_methods_supported": [
            "client_secret_post",
            "private_key_jwt",
            "client_secret_basic",
        ],
        "jwks_uri": f"{place}/discovery/v2.0/keys",
        "issuer": f"{root}/{tenant.id}/v2.0",
        "authorization_endpoint": f"{place}/oauth2/v2.0/authorize",
        "device_authorization_endpoint": f"{place}/oauth2/v2.0/devicecode",
        "end_session_endpoint": f"{place}/oauth2/v2.0/logout",
        "tenant_region_scope": "EU",
        "cloud_instance_name": "microsoftonline.com",
        "msgraph_host": GRAPH_ROOTS[tenant.cloud].removeprefix("https://"),
    }
    return SignInReply(200, body, {})


def token(
    entra: Entra,
    tenant_name: str,
    form: Mapping[str, str],
    root: str,
    correlation_id: str,
) -> SignInReply:
    """Answer the token endpoint for the client credentials grant."""
    try:
        return _grant(entra, tenant_name, form, root)
    except SignInError as error:
        return _refusal(entra, error, correlation_id)


def _refusal(
    entra: Entra,
    error: SignInError,
    correlation_id: str,
    *,
    oauth_error: str | None = None,
) -> SignInReply:
    body = error.body(entra.now(), correlation_id=correlation_id, error=oauth_error)
    waits = {"Retry-After": "1"} if error.status in (429, 503) else {}
    return SignInReply(error.status, body, waits)


def _grant(
    entra: Entra, tenant_name: str, form: Mapping[str, str], root: str
) -> SignInReply:
    assertion = form.get("client_assertion", "")
    client_id = form.get("client_id") or claimed_client(assertion)
    facts = {"client": client_id, "tenant": tenant_name}
    if fault := entra.faults.strike("login_error", "POST", f"/{tenant_name}"):
        raise SignInError(int(fault.params["code"]), **facts)
    tenant = _tenant(entra, tenant_name)
    if form.get("grant_type") != "client_credentials":
        raise SignInError(70003)
    audience = _audience(tenant, form.get("scope", ""), root, facts)
    app, principal = _registered(tenant, client_id, facts)
    _prove(tenant, app, form, entra.now(), _endpoints(root, tenant_name, tenant), facts)
    if not principal["accountEnabled"]:
        raise SignInError(7000112, **facts)
    without = entra.faults.strike("token_without_roles", "POST", "") is not None
    issued = entra.tokens.issue(
        tenant, principal, audience=audience, now=entra.now(), without_roles=without
    )
    seconds = int(LIFETIME.total_seconds())
    return SignInReply(
        200,
        {
            "token_type": "Bearer",
            "expires_in": seconds,
            "ext_expires_in": seconds,
            "access_token": issued.value,
        },
        {},
    )


def _tenant(entra: Entra, name: str) -> Tenant:
    tenant = entra.find_tenant(name)
    if tenant is not None:
        return tenant
    well_formed = _GUID.fullmatch(name) or _DOMAIN.fullmatch(name)
    raise SignInError(90002 if well_formed else 900023, tenant=name)


def _audience(tenant: Tenant, scope: str, root: str, facts: dict[str, str]) -> str:
    """Return the resource of a scope like https://graph.microsoft.com/.default."""
    if not scope.endswith("/.default"):
        raise SignInError(1002012, **facts, detail=scope)
    resource = scope.removesuffix("/.default")
    if resource not in (root, GRAPH_ROOTS[tenant.cloud]):
        raise SignInError(500011, **facts)
    return resource


def _registered(
    tenant: Tenant, client_id: str, facts: dict[str, str]
) -> tuple[Json, Json]:
    """Return the app registration and its service principal in this tenant."""
    if client_id == _NO_CLIENT:
        raise SignInError(700038, **facts)
    app = tenant.find_application(client_id)
    if app is None or app["appId"] != client_id:
        raise SignInError(700016, **facts)
    principal = tenant.find_service_principal(client_id)
    if principal is None:
        raise SignInError(7000229, **facts)
    return app, principal


def _endpoints(root: str, tenant_name: str, tenant: Tenant) -> set[str]:
    """Return what the audience of a client assertion may be."""
    names = {tenant_name, tenant.id}
    return {f"{root}/{name}/oauth2/v2.0/token" for name in names} | {
        f"{root}/{name}/v2.0" for name in names
    }


def _prove(
    tenant: Tenant,
    app: Json,
    form: Mapping[str, str],
    now: datetime,
    audiences: set[str],
    facts: dict[str, str],
) -> None:
    """Check the client secret or the client assertion.

    Raises:
        SignInError: 7000216 neither given, 7000215 wrong secret, 7000222 expired
            secret, 700027 assertion that does not hold, 700024 one that is too old
            or too new.
    """
    if form.get("client_assertion_type") == _ASSERTION_TYPE:
        _prove_certificate(tenant, app, form["client_assertion"], now, audiences, facts)
    elif secret := form.get("client_secret"):
        _prove_secret(tenant, app, secret, now, facts)
    else:
        raise SignInError(7000216, **facts)


def _prove_certificate(
    tenant: Tenant,
    app: Json,
    assertion: str,
    now: datetime,
    audiences: set[str],
    facts: dict[str, str],
) -> None:
    uploaded = (
        tenant.certificates[key["keyId"]]
        for key in app["keyCredentials"]
        if key["keyId"] in tenant.certificates
    )
    try:
        verify(assertion, uploaded, audiences=audiences, now=now)
    except UntimelyAssertionError as error:
        raise SignInError(700024, **facts, detail=str(error)) from error
    except BadAssertionError as error:
        raise SignInError(700027, **facts, detail=str(error)) from error


def _prove_secret(
    tenant: Tenant, app: Json, secret: str, now: datetime, facts: dict[str, str]
) -> None:
    for credential in app["passwordCredentials"]:
        if tenant.secrets.get(credential["keyId"]) == secret:
            if credential["endDateTime"] <= timestamp(now):
                raise SignInError(7000222, **facts)
            return
    raise SignInError(7000215, **facts)
