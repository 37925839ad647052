"""The tenant itself and what it has bought."""

from sandbox.graph.errors import not_found
from sandbox.graph.exchange import GraphRequest, Reply
from sandbox.graph.query import everything, one
from sandbox.graph.resources import access
from sandbox.graph.routing import Route
from sandbox.graph.schema import ORGANIZATION, SUBSCRIBED_SKU


def list_organization(request: GraphRequest) -> Reply:
    """GET /organization: a collection of one."""
    return everything(
        request, ORGANIZATION, [request.tenant.organization], "organization"
    )


def get_organization(request: GraphRequest) -> Reply:
    """GET /organization/{tenant id}."""
    if request.keys["tenant_id"] != request.tenant.id:
        raise not_found(request.keys["tenant_id"])
    return one(request, ORGANIZATION, request.tenant.organization, "organization")


def list_skus(request: GraphRequest) -> Reply:
    """GET /subscribedSkus: neither pages nor filters."""
    return everything(request, SUBSCRIBED_SKU, request.tenant.skus, "subscribedSkus")


ROUTES = (
    Route("GET", "/organization", list_organization, access.READ_ORGANIZATION),
    Route(
        "GET", "/organization/{tenant_id}", get_organization, access.READ_ORGANIZATION
    ),
    Route("GET", "/subscribedSkus", list_skus, access.READ_SKUS, cost=3),
)
