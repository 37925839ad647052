"""What a user was given: licences and roles in applications."""

from sandbox.graph.exchange import GraphRequest, Reply
from sandbox.graph.query import everything, many
from sandbox.graph.resources import access
from sandbox.graph.resources.lookup import user_named
from sandbox.graph.routing import Route
from sandbox.graph.schema import APP_ROLE_ASSIGNMENT, LICENSE_DETAILS
from sandbox.graph.tenant import Json


def list_licences(request: GraphRequest) -> Reply:
    """GET /users/{id}/licenseDetails: what, not by whom."""
    user = user_named(request)
    held = {licence["skuId"] for licence in user["assignedLicenses"]}
    details = [_detail(sku) for sku in request.tenant.skus if sku["skuId"] in held]
    context = f"users('{user['id']}')/licenseDetails"
    return everything(request, LICENSE_DETAILS, details, context)


def _detail(sku: Json) -> Json:
    return {key: sku[key] for key in ("id", "skuId", "skuPartNumber", "servicePlans")}


def list_app_roles(request: GraphRequest) -> Reply:
    """GET /users/{id}/appRoleAssignments: also those of groups one is directly in."""
    user_id, tenant = user_named(request)["id"], request.tenant
    holders = [user_id, *(group["id"] for group in tenant.groups_of(user_id))]
    roles = [role for holder in holders for role in tenant.granted_roles(holder)]
    return many(request, APP_ROLE_ASSIGNMENT, roles, "appRoleAssignments")


ROUTES = (
    Route(
        "GET",
        "/users/{user_id}/licenseDetails",
        list_licences,
        access.READ_LICENCES,
        cost=2,
    ),
    Route(
        "GET",
        "/users/{user_id}/appRoleAssignments",
        list_app_roles,
        access.READ_USER_APP_ROLES,
    ),
)
