"""Groups and who is in them, from Graph's objects to rows."""

from datetime import datetime
from uuid import UUID

import msgspec

from bot.domain.directory_rows import GroupRow, MembershipRow
from bot.graph.decoding.values import Text, Wire, json_text, kind_of, utc


class _Licence(Wire):
    sku_id: UUID | None = None


class GroupWire(Wire):
    """A `group`."""

    id: UUID
    display_name: Text | None = None
    mail: Text | None = None
    mail_enabled: bool | None = None
    security_enabled: bool | None = None
    group_types: list[Text] | None = None
    membership_rule: Text | None = None
    is_assignable_to_role: bool | None = None
    on_premises_sync_enabled: bool | None = None
    assigned_licenses: list[_Licence] | None = None
    visibility: Text | None = None
    created_date_time: datetime | None = None

    def row(self) -> GroupRow:
        """The group as stored."""
        return GroupRow(
            self.id,
            self.display_name,
            self.mail,
            self.mail_enabled,
            self.security_enabled,
            None if self.group_types is None else json_text(sorted(self.group_types)),
            self.membership_rule,
            self.is_assignable_to_role,
            self.on_premises_sync_enabled,
            _sku_ids(self.assigned_licenses),
            self.visibility,
            utc(self.created_date_time),
        )


def _sku_ids(licences: list[_Licence] | None) -> str | None:
    if licences is None:
        return None
    return json_text(sorted({str(x.sku_id) for x in licences if x.sku_id is not None}))


class MemberWire(msgspec.Struct, gc=False):
    """A directory object in a group: its ID, and its type where told."""

    id: UUID
    kind: Text | None = msgspec.field(name="@odata.type", default=None)

    def row_in(self, group_id: UUID) -> MembershipRow:
        """The membership as stored; a kind nobody knows yet is kept as it is named."""
        return MembershipRow(group_id, self.id, kind_of(self.kind))


class GroupWithMembersWire(Wire):
    """A group with its first members, at most twenty of them."""

    id: UUID
    members: list[MemberWire] | None = None

    @property
    def owned(self) -> list[MemberWire] | None:
        """The members that came with the group; None where none were asked for."""
        return self.members
