"""Directory roles: definitions, assignments, and the older directoryRoles."""

from sandbox.graph.directory_roles import (
    ROLE_IDS,
    directory_role,
    role_definition,
)
from sandbox.graph.errors import not_found
from sandbox.graph.exchange import GraphRequest, Reply, no_content
from sandbox.graph.projection import Relation, Relations
from sandbox.graph.query import everything, many, one
from sandbox.graph.resources import access
from sandbox.graph.resources.lookup import directory_object
from sandbox.graph.resources.members import answer_objects, objects_of
from sandbox.graph.routing import Route
from sandbox.graph.schema import (
    DIRECTORY_OBJECT,
    DIRECTORY_ROLE,
    ROLE_ASSIGNMENT,
    ROLE_DEFINITION,
)
from sandbox.graph.tenant import Json


def _relations(request: GraphRequest) -> Relations:
    def definition(assignment: Json) -> Json:
        return role_definition(assignment["roleDefinitionId"])

    def principal(assignment: Json) -> Json | None:
        return directory_object(request, assignment["principalId"])

    return {
        "roleDefinition": Relation(ROLE_DEFINITION, definition),
        "principal": Relation(DIRECTORY_OBJECT, principal),
    }


def list_assignments(request: GraphRequest) -> Reply:
    """GET /roleManagement/directory/roleAssignments."""
    assignments = request.tenant.role_assignments.values()
    context = "roleManagement/directory/roleAssignments"
    return many(request, ROLE_ASSIGNMENT, assignments, context, _relations(request))


def _assignment(request: GraphRequest) -> Json:
    assignment = request.tenant.role_assignments.get(request.keys["assignment_id"])
    if assignment is None:
        raise not_found(request.keys["assignment_id"])
    return assignment


def get_assignment(request: GraphRequest) -> Reply:
    """GET /roleManagement/directory/roleAssignments/{id}."""
    context = "roleManagement/directory/roleAssignments"
    found = _assignment(request)
    return one(request, ROLE_ASSIGNMENT, found, context, _relations(request))


def delete_assignment(request: GraphRequest) -> Reply:
    """DELETE /roleManagement/directory/roleAssignments/{id}."""
    del request.tenant.role_assignments[_assignment(request)["id"]]
    return no_content()


def list_definitions(request: GraphRequest) -> Reply:
    """GET /roleManagement/directory/roleDefinitions."""
    definitions = [role_definition(role) for role in ROLE_IDS.values()]
    context = "roleManagement/directory/roleDefinitions"
    return many(request, ROLE_DEFINITION, definitions, context)


def get_definition(request: GraphRequest) -> Reply:
    """GET /roleManagement/directory/roleDefinitions/{id}."""
    role_id = request.keys["role_id"]
    if role_id not in ROLE_IDS.values():
        raise not_found(role_id)
    context = "roleManagement/directory/roleDefinitions"
    return one(request, ROLE_DEFINITION, role_definition(role_id), context)


def _activated(request: GraphRequest) -> list[Json]:
    held = {a["roleDefinitionId"] for a in request.tenant.role_assignments.values()}
    return [directory_role(role) for role in sorted(held)]


def list_directory_roles(request: GraphRequest) -> Reply:
    """GET /directoryRoles: only those that somebody holds; no pages."""
    options = frozenset({"$select"})
    roles = _activated(request)
    return everything(request, DIRECTORY_ROLE, roles, "directoryRoles", allowed=options)


def list_role_members(request: GraphRequest) -> Reply:
    """GET /directoryRoles/{id}/members."""
    role_object_id = request.keys["role_object_id"]
    for role in _activated(request):
        if role["id"] == role_object_id:
            holders = [
                assignment["principalId"]
                for assignment in request.tenant.role_assignments.values()
                if assignment["roleDefinitionId"] == role["roleTemplateId"]
            ]
            return answer_objects(request, objects_of(request, holders))
    raise not_found(role_object_id)


_ASSIGNMENTS = "/roleManagement/directory/roleAssignments"
_DEFINITIONS = "/roleManagement/directory/roleDefinitions"

ROUTES = (
    Route("GET", _ASSIGNMENTS, list_assignments, access.READ_ROLES),
    Route(
        "GET", f"{_ASSIGNMENTS}/{{assignment_id}}", get_assignment, access.READ_ROLES
    ),
    Route(
        "DELETE",
        f"{_ASSIGNMENTS}/{{assignment_id}}",
        delete_assignment,
        access.WRITE_ROLES,
    ),
    Route("GET", _DEFINITIONS, list_definitions, access.READ_ROLES),
    Route("GET", f"{_DEFINITIONS}/{{role_id}}", get_definition, access.READ_ROLES),
    Route("GET", "/directoryRoles", list_directory_roles, access.READ_ROLES),
    Route(
        "GET",
        "/directoryRoles/{role_object_id}/members",
        list_role_members,
        access.READ_ROLES,
    ),
)
