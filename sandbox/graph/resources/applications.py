"""App registrations: their credentials, owners and federated credentials."""

from sandbox.graph.errors import not_found
from sandbox.graph.exchange import GraphRequest, Reply
from sandbox.graph.projection import Relation, Relations
from sandbox.graph.query import many, one
from sandbox.graph.resources import access
from sandbox.graph.resources.lookup import in_collection
from sandbox.graph.resources.members import answer_objects, clipped, objects_of
from sandbox.graph.routing import Route
from sandbox.graph.schema import APPLICATION, DIRECTORY_OBJECT, FEDERATED_CREDENTIAL
from sandbox.graph.tenant import Json


def _named(request: GraphRequest) -> Json:
    """Return the registration whose object id or appId the path gives."""
    if "object_id" in request.keys:
        return in_collection(request, request.tenant.applications, "object_id")
    client_id = request.keys["client_id"]
    for app in request.tenant.applications.values():
        if app["appId"] == client_id.lower():
            return app
    raise not_found(client_id)


def is_own(request: GraphRequest) -> bool:
    """Tell whether the caller asks for its own registration: that needs nothing."""
    own = request.tenant.find_application(request.token.client_id)
    asked = request.keys.get("object_id") or request.keys.get("client_id", "")
    return own is not None and asked.lower() in (own["id"], own["appId"])


def _relations(request: GraphRequest) -> Relations:
    def owners(app: Json) -> list[Json]:
        found = objects_of(request, request.tenant.app_owners.get(app["id"], []))
        return [clipped(request, owner) for owner in found]

    def federated(app: Json) -> list[Json]:
        request.require(*access.READ_FEDERATED)
        return request.tenant.federated.get(app["id"], [])

    return {
        "owners": Relation(DIRECTORY_OBJECT, owners),
        "federatedIdentityCredentials": Relation(FEDERATED_CREDENTIAL, federated),
    }


def list_applications(request: GraphRequest) -> Reply:
    """GET /applications."""
    registrations = request.tenant.applications.values()
    return many(
        request, APPLICATION, registrations, "applications", _relations(request)
    )


def get_application(request: GraphRequest) -> Reply:
    """GET /applications/{id} and /applications(appId='...')."""
    app = _named(request)
    return one(request, APPLICATION, app, "applications", _relations(request))


def list_owners(request: GraphRequest) -> Reply:
    """GET /applications/{id}/owners."""
    owners = request.tenant.app_owners.get(_named(request)["id"], [])
    return answer_objects(request, objects_of(request, owners))


def list_federated(request: GraphRequest) -> Reply:
    """GET /applications/{id}/federatedIdentityCredentials."""
    app_id = _named(request)["id"]
    credentials = request.tenant.federated.get(app_id, [])
    context = f"applications('{app_id}')/federatedIdentityCredentials"
    return many(request, FEDERATED_CREDENTIAL, credentials, context)


_BY_ID = "/applications/{object_id}"
_BY_CLIENT_ID = "/applications(appId='{client_id}')"

ROUTES = (
    Route("GET", "/applications", list_applications, access.LIST_APPLICATIONS, cost=2),
    *(
        route
        for path in (_BY_CLIENT_ID, _BY_ID)
        for route in (
            Route("GET", path, get_application, access.READ_APPLICATIONS, is_own),
            Route("GET", f"{path}/owners", list_owners, access.READ_APPLICATIONS),
            Route(
                "GET",
                f"{path}/federatedIdentityCredentials",
                list_federated,
                access.READ_FEDERATED,
            ),
        )
    ),
)
