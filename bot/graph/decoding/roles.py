"""Directory roles and who holds them, from Graph's objects to rows."""

from datetime import datetime
from uuid import UUID

from bot.domain.activity_rows import RoleScheduleRow
from bot.domain.directory_rows import RoleAssignmentRow, RoleDefinitionRow
from bot.graph.decoding.values import Key, Text, Wire, happened


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

    id: Key
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


class RoleScheduleWire(Wire):
    """A `unifiedRoleEligibilityScheduleInstance`, or one of an active assignment."""

    id: Key
    role_definition_id: UUID
    principal_id: UUID
    directory_scope_id: Text | None = None
    member_type: Text | None = None
    assignment_type: Text | None = None
    start_date_time: datetime | None = None
    end_date_time: datetime | None = None

    def row(self) -> RoleScheduleRow:
        """The schedule as stored."""
        return RoleScheduleRow(
            self.id,
            self.role_definition_id,
            self.principal_id,
            self.directory_scope_id,
            self.member_type,
            self.assignment_type,
            happened(self.start_date_time),
            happened(self.end_date_time),
        )
