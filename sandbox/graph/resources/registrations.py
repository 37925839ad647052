"""Which authentication methods people registered, as a report on all of them."""

from collections.abc import Iterator

from sandbox.graph.directory_roles import ROLE_NAMES
from sandbox.graph.exchange import GraphRequest, Reply
from sandbox.graph.licences import Plan
from sandbox.graph.limits import REPORTING
from sandbox.graph.query import PageSizes, many
from sandbox.graph.resources import access
from sandbox.graph.routing import Route
from sandbox.graph.schema_activity import REGISTRATION
from sandbox.graph.tenant import Json, Tenant, timestamp

# Not documented; logs beside it hold as many.
REGISTRATION_PAGES = PageSizes(usual=1000, most=1000)

# The report's own words for types of methods; passwords do not count.
_NAMES = {
    "phone": "mobilePhone",
    "microsoftAuthenticator": "microsoftAuthenticatorPush",
    "softwareOath": "softwareOneTimePasscode",
    "fido2": "fido2",
    "windowsHelloForBusiness": "windowsHelloForBusiness",
    "temporaryAccessPass": "temporaryAccessPass",
    "email": "email",
}
_PASSWORDLESS = {"fido2", "windowsHelloForBusiness"}
_STRONG = set(_NAMES.values()) - {"email", "temporaryAccessPass"}


def _registered(tenant: Tenant, user_id: str) -> list[str]:
    kinds = (
        method["@odata.type"].rsplit(".", 1)[-1].removesuffix("AuthenticationMethod")
        for method in tenant.methods.get(user_id, [])
    )
    return list(dict.fromkeys(_NAMES[kind] for kind in kinds if kind in _NAMES))


def registrations(tenant: Tenant, updated: str) -> Iterator[Json]:
    """Yield one entry for each user whose account is enabled."""
    for user in tenant.users.values():
        if user["accountEnabled"]:
            yield _entry(tenant, user, updated)


def _entry(tenant: Tenant, user: Json, updated: str) -> Json:
    methods = _registered(tenant, user["id"])
    strong = not _STRONG.isdisjoint(methods)
    admin = not tenant.all_roles_of(user["id"]).isdisjoint(ROLE_NAMES)
    return {
        "id": user["id"],
        "userPrincipalName": user["userPrincipalName"],
        "userDisplayName": user["displayName"],
        "userType": str(user["userType"]).lower(),
        "isAdmin": admin,
        "isSsprRegistered": bool(methods),
        "isSsprEnabled": True,
        "isSsprCapable": bool(methods),
        "isMfaRegistered": strong,
        "isMfaCapable": strong,
        "isPasswordlessCapable": not _PASSWORDLESS.isdisjoint(methods),
        "methodsRegistered": methods,
        "isSystemPreferredAuthenticationMethodEnabled": True,
        "systemPreferredAuthenticationMethods": ["push"] if strong else [],
        "userPreferredMethodForSecondaryAuthentication": "push" if strong else "none",
        "lastUpdatedDateTime": updated,
    }


def list_registrations(request: GraphRequest) -> Reply:
    """GET /reports/authenticationMethods/userRegistrationDetails."""
    found = registrations(request.tenant, timestamp(request.now))
    context = "reports/authenticationMethods/userRegistrationDetails"
    return many(request, REGISTRATION, found, context, sizes=REGISTRATION_PAGES)


ROUTES = (
    Route(
        "GET",
        "/reports/authenticationMethods/userRegistrationDetails",
        list_registrations,
        access.READ_SIGN_INS,
        plan=Plan.P1,
        limit=REPORTING,
    ),
)
