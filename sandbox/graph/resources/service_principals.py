"""Service principals: apps inside this tenant, and what they were granted."""

from sandbox.graph.errors import not_found
from sandbox.graph.exchange import GraphRequest, Reply
from sandbox.graph.query import many, one
from sandbox.graph.resources import access
from sandbox.graph.resources.lookup import in_collection
from sandbox.graph.resources.members import answer_objects
from sandbox.graph.routing import Route
from sandbox.graph.schema import APP_ROLE_ASSIGNMENT, SERVICE_PRINCIPAL
from sandbox.graph.tenant import Json


def _named(request: GraphRequest) -> Json:
    """Return the service principal whose object id or appId the path gives."""
    if "object_id" in request.keys:
        return in_collection(request, request.tenant.service_principals, "object_id")
    found = request.tenant.find_service_principal(request.keys["client_id"].lower())
    if found is None:
        raise not_found(request.keys["client_id"])
    return found


def _is_own(request: GraphRequest) -> bool:
    """Tell whether the caller asks for itself: that needs no permission."""
    asked = request.keys.get("object_id") or request.keys.get("client_id", "")
    return asked.lower() in (request.token.principal_id, request.token.client_id)


def list_service_principals(request: GraphRequest) -> Reply:
    """GET /servicePrincipals."""
    principals = request.tenant.service_principals.values()
    return many(request, SERVICE_PRINCIPAL, principals, "servicePrincipals")


def get_service_principal(request: GraphRequest) -> Reply:
    """GET /servicePrincipals/{id} and /servicePrincipals(appId='...')."""
    return one(request, SERVICE_PRINCIPAL, _named(request), "servicePrincipals")


def list_granted(request: GraphRequest) -> Reply:
    """GET /servicePrincipals/{id}/appRoleAssignments: what the app was granted."""
    granted = request.tenant.granted_roles(_named(request)["id"])
    return many(request, APP_ROLE_ASSIGNMENT, granted, "appRoleAssignments")


def list_grants_to_it(request: GraphRequest) -> Reply:
    """GET /servicePrincipals/{id}/appRoleAssignedTo: who was granted its roles."""
    resource_id = _named(request)["id"]
    every = request.tenant.app_role_assignments.values()
    grants = [grant for grant in every if grant["resourceId"] == resource_id]
    return many(request, APP_ROLE_ASSIGNMENT, grants, "appRoleAssignments")


def list_owners(request: GraphRequest) -> Reply:
    """GET /servicePrincipals/{id}/owners: nobody owns one here."""
    _named(request)
    return answer_objects(request, [])


_PATHS = (
    "/servicePrincipals(appId='{client_id}')",
    "/servicePrincipals/{object_id}",
)
_READ = access.READ_APPLICATIONS

ROUTES = (
    Route("GET", "/servicePrincipals", list_service_principals, _READ, cost=2),
    *(
        route
        for path in _PATHS
        for route in (
            Route("GET", path, get_service_principal, _READ, _is_own),
            Route("GET", f"{path}/appRoleAssignments", list_granted, _READ, cost=2),
            Route("GET", f"{path}/appRoleAssignedTo", list_grants_to_it, _READ),
            Route("GET", f"{path}/owners", list_owners, _READ),
        )
    ),
)
