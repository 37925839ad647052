"""Delegated permission grants of the whole tenant."""

from sandbox.graph.exchange import GraphRequest, Reply
from sandbox.graph.query import many
from sandbox.graph.resources import access
from sandbox.graph.routing import Route
from sandbox.graph.schema import OAUTH2_PERMISSION_GRANT


def list_grants(request: GraphRequest) -> Reply:
    """GET /oauth2PermissionGrants."""
    grants = request.tenant.grants.values()
    return many(request, OAUTH2_PERMISSION_GRANT, grants, "oauth2PermissionGrants")


ROUTES = (
    Route("GET", "/oauth2PermissionGrants", list_grants, access.READ_GRANTS, cost=2),
)
