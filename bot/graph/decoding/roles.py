"""Directory roles and who holds them, from Graph's objects to rows."""

from uuid import UUID

from bot.domain.directory_rows import RoleAssignmentRow, RoleDefinitionRow
from bot.graph.decoding.values import Text, Wire


class RoleDefinitionWire(Wire):
    """A `unifiedRoleDefinition`."""

    id: UUID
    display_name: Text | None = None
    is_built_in: bool | None = None
    is_enabled: bool | None = None

    def row(self) -> RoleDefinitionRow:
        """The role as stored."""
        return RoleDefinitionRow(
            self.id, self.display_name, self.is_built_in, self.is_enabled
        )


class RoleAssignmentWire(Wire):
    """A `unifiedRoleAssignment`."""

    id: Text
    role_definition_id: UUID
    principal_id: UUID
    directory_scope_id: Text | None = None

    def row(self) -> RoleAssignmentRow:
        """The assignment as stored."""
        return RoleAssignmentRow(
            self.id,
            self.role_definition_id,
            self.principal_id,
            self.directory_scope_id,
        )
