"""Directory roles of users and apps, as assigned directly and active now."""

from dataclasses import dataclass
from uuid import UUID

from bot.domain.ids import ObjectId
from bot.domain.permissions import AppRole
from bot.graph.client import GraphClient
from bot.graph.model import GraphModel

WHOLE_DIRECTORY = "/"


@dataclass(frozen=True)
class DirectoryRole:
    """A role that a principal holds.

    Attributes:
        name: e.g. "User Administrator"; the definition's ID where it has none.
        template_id: the same in every tenant for built-in roles.
        scope: "/" for the whole directory, else an administrative unit's path.
    """

    name: str
    template_id: UUID
    scope: str = WHOLE_DIRECTORY


class _Assignment(GraphModel):
    role_definition_id: UUID
    directory_scope_id: str | None = None


class _Definition(GraphModel):
    id: UUID
    display_name: str | None = None
    template_id: UUID | None = None


async def roles_of(graph: GraphClient, principal_id: ObjectId) -> list[DirectoryRole]:
    """Read the roles assigned to a user or service principal, by name.

    Roles that come through a role-assignable group or that are merely eligible are not
    among them.

    Raises:
        PermissionMissingError: the app may not read role assignments.
        GraphError, SignInError: as every call.
    """
    assignments = [
        _Assignment.model_validate(item)
        async for item in graph.items(
            "/roleManagement/directory/roleAssignments",
            params={"$filter": f"principalId eq '{principal_id}'"},
            needs=AppRole.ROLE_MANAGEMENT_READ_DIRECTORY,
        )
    ]
    if not assignments:
        return []
    definitions = await _definitions(graph)
    roles = [_role(assignment, definitions) for assignment in assignments]
    return sorted(roles, key=lambda role: role.name)


async def _definitions(graph: GraphClient) -> dict[UUID, _Definition]:
    listed = [
        _Definition.model_validate(item)
        async for item in graph.items(
            "/roleManagement/directory/roleDefinitions",
            params={"$select": "id,displayName,templateId"},
            needs=AppRole.ROLE_MANAGEMENT_READ_DIRECTORY,
        )
    ]
    return {definition.id: definition for definition in listed}


def _role(
    assignment: _Assignment, definitions: dict[UUID, _Definition]
) -> DirectoryRole:
    role_id = assignment.role_definition_id
    definition = definitions.get(role_id) or _Definition(id=role_id)
    return DirectoryRole(
        name=definition.display_name or str(role_id),
        template_id=definition.template_id or role_id,
        scope=assignment.directory_scope_id or WHOLE_DIRECTORY,
    )
