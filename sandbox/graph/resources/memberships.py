"""What a user is a member of, directly and through groups."""

from sandbox.graph.directory_roles import directory_role
from sandbox.graph.exchange import GraphRequest, Reply
from sandbox.graph.query import many, require_eventual
from sandbox.graph.resources import access
from sandbox.graph.resources.lookup import user_named
from sandbox.graph.resources.members import answer_objects, clipped
from sandbox.graph.routing import Route
from sandbox.graph.schema import GROUP
from sandbox.graph.tenant import Json


def _typed(groups: list[Json]) -> list[Json]:
    return [{"@odata.type": "#microsoft.graph.group", **group} for group in groups]


def list_member_of(request: GraphRequest) -> Reply:
    """GET /users/{id}/memberOf: groups and directory roles held directly."""
    user_id = user_named(request)["id"]
    roles = [directory_role(role) for role in request.tenant.roles_of(user_id)]
    return answer_objects(request, _typed(request.tenant.groups_of(user_id)) + roles)


def list_transitive(request: GraphRequest) -> Reply:
    """GET /users/{id}/transitiveMemberOf: also through groups in groups."""
    user_id, tenant = user_named(request)["id"], request.tenant
    roles = [directory_role(role) for role in sorted(tenant.all_roles_of(user_id))]
    return answer_objects(request, _typed(tenant.transitive_groups_of(user_id)) + roles)


def list_groups_of(request: GraphRequest) -> Reply:
    """GET /users/{id}/memberOf/microsoft.graph.group: an advanced query."""
    require_eventual(request, "A cast")
    groups = request.tenant.groups_of(user_named(request)["id"])
    return many(request, GROUP, groups, "groups")


def list_transitive_groups(request: GraphRequest) -> Reply:
    """GET /users/{id}/transitiveMemberOf/microsoft.graph.group."""
    require_eventual(request, "A cast")
    groups = _typed(request.tenant.transitive_groups_of(user_named(request)["id"]))
    visible = [clipped(request, group) for group in groups]
    return many(request, GROUP, visible, "groups")


_USER = "/users/{user_id}"
_DIRECT, _INDIRECT = access.READ_MEMBER_OF, access.READ_TRANSITIVE_MEMBER_OF

ROUTES = (
    Route("GET", f"{_USER}/memberOf", list_member_of, _DIRECT, cost=2),
    Route("GET", f"{_USER}/memberOf/microsoft.graph.group", list_groups_of, _DIRECT),
    Route("GET", f"{_USER}/transitiveMemberOf", list_transitive, _INDIRECT, cost=2),
    Route(
        "GET",
        f"{_USER}/transitiveMemberOf/microsoft.graph.group",
        list_transitive_groups,
        _INDIRECT,
    ),
)
