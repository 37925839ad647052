"""Owners of groups, app registrations and service principals, to rows."""

from uuid import UUID

import msgspec

from bot.domain.directory_rows import OwnerRow
from bot.graph.decoding.values import Text, Wire, kind_of


class OwnerWire(msgspec.Struct, gc=False):
    """A directory object that owns another: its ID, and its type where told."""

    id: UUID
    kind: Text | None = msgspec.field(name="@odata.type", default=None)

    def row_in(self, object_id: UUID) -> OwnerRow:
        """The owner as stored; a kind nobody knows yet is kept as it is named."""
        return OwnerRow(object_id, self.id, kind_of(self.kind))


class WithOwnersWire(Wire):
    """What may have owners, with its first ones, at most twenty."""

    id: UUID
    owners: list[OwnerWire] | None = None

    @property
    def owned(self) -> list[OwnerWire] | None:
        """The owners that came with it; None where none were asked for."""
        return self.owners
