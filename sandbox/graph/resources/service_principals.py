"""Service principals: apps inside this tenant, and what they were granted."""

from sandbox.graph.errors import not_found
from sandbox.graph.exchange import GraphRequest, Reply
from sandbox.graph.projection import Relation, Relations
from sandbox.graph.query import many, one
from sandbox.graph.resources import access
from sandbox.graph.resources.lookup import in_collection
from sandbox.graph.resources.members import answer_objects, clipped, objects_of
from sandbox.graph.routing import Route
from sandbox.graph.schema import (
    APP_ROLE_ASSIGNMENT,
    DIRECTORY_OBJECT,
    SERVICE_PRINCIPAL,
)
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


def _grants_to(request: GraphRequest, resource: Json) -> list[Json]:
    every = request.tenant.app_role_assignments.values()
    return [grant for grant in every if grant["resourceId"] == resource["id"]]


def _relations(request: GraphRequest) -> Relations:
    def assigned_to(principal: Json) -> list[Json]:
        return _grants_to(request, principal)

    def owners(principal: Json) -> list[Json]:
        ids = request.tenant.principal_owners.get(principal["id"], [])
        return [clipped(request, owner) for owner in objects_of(request, ids)]

    return {
        "appRoleAssignedTo": Relation(APP_ROLE_ASSIGNMENT, assigned_to),
        "owners": Relation(DIRECTORY_OBJECT, owners),
    }


def list_service_principals(request: GraphRequest) -> Reply:
    """GET /servicePrincipals."""
    principals = request.tenant.service_principals.values()
    context = "servicePrincipals"
    return many(request, SERVICE_PRINCIPAL, principals, context, _relations(request))


def get_service_principal(request: GraphRequest) -> Reply:
    """GET /servicePrincipals/{id} and /servicePrincipals(appId='...')."""
    context = "servicePrincipals"
    found = _named(request)
    return one(request, SERVICE_PRINCIPAL, found, context, _relations(request))


def list_granted(request: GraphRequest) -> Reply:
    """GET /servicePrincipals/{id}/appRoleAssignments: what the app was granted."""
    granted = request.tenant.granted_roles(_named(request)["id"])
    return many(request, APP_ROLE_ASSIGNMENT, granted, "appRoleAssignments")


def list_grants_to_it(request: GraphRequest) -> Reply:
    """GET /servicePrincipals/{id}/appRoleAssignedTo: who was granted its roles."""
    grants = _grants_to(request, _named(request))
    return many(request, APP_ROLE_ASSIGNMENT, grants, "appRoleAssignments")


def list_owners(request: GraphRequest) -> Reply:
    """GET /servicePrincipals/{id}/owners."""
    owners = request.tenant.principal_owners.get(_named(request)["id"], [])
    return answer_objects(request, objects_of(request, owners))


_PATHS = (
    "/servicePrincipals(appId='{client_id}')",
    "/servicePrincipals/{object_id}",
)
_READ, _LIST = access.READ_APPLICATIONS, access.LIST_APPLICATIONS

ROUTES = (
    Route("GET", "/servicePrincipals", list_service_principals, _LIST),
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
