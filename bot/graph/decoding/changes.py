"""What changed since the last read, from delta's pages to rows and keys.

Delta leaves properties out: those that never had a value, and relations that stayed.
Left out is not null, so what a change did not tell is named beside its rows.
"""

from collections import defaultdict
from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import msgspec

from bot.domain.directory import DataSet
from bot.domain.rows import ROWS, DirectoryRow
from bot.graph.decoding.cleaning import mended
from bot.graph.decoding.groups import MemberWire
from bot.graph.decoding.pages import unreadable_field
from bot.graph.decoding.rows import made
from bot.graph.errors import UnreadableFieldError

Item = dict[str, Any]

_REMOVED = "@removed"
_MEMBERS = "members@delta"
_MANAGER = "manager@delta"

# Properties that tell a column, where it is not the column's name in camel case.
_TOLD_BY: Mapping[str, tuple[str, ...]] = {
    "manager_id": (_MANAGER,),
    "licences": ("licenseAssignmentStates",),
    "assigned_licences": ("assignedLicenses",),
    "created_at": ("createdDateTime",),
    "credentials": ("passwordCredentials", "keyCredentials"),
    "required_access": ("requiredResourceAccess",),
    "kind": ("servicePrincipalType",),
    "owner_tenant_id": ("appOwnerOrganizationId",),
    "preferred_signing_key": ("preferredTokenSigningKeyThumbprint",),
    "scopes": ("scope",),
    "last_sign_in_at": ("approximateLastSignInDateTime",),
    "registered_at": ("registrationDateTime",),
}


@dataclass
class Changes:
    """Changes of one page.

    Attributes:
        upserts: rows by the columns that they do not tell.
        removed: keys of rows that are gone.
        emptied: groups that are gone with all their memberships.
    """

    upserts: dict[frozenset[str], list[DirectoryRow]] = field(default_factory=dict)
    removed: list[Hashable] = field(default_factory=list)
    emptied: list[UUID] = field(default_factory=list)


def object_changes(
    data_set: DataSet, item_type: type[Any], items: Iterable[Item]
) -> Changes:
    """Read changed objects. One that comes twice is read as one, the later winning.

    Raises:
        UnreadableFieldError: a field has another type than Graph documents.
    """
    changes, upserts = Changes(), defaultdict(list)
    for key, item in _merged(data_set, items).items():
        if _REMOVED in item:
            changes.removed.append(_typed_key(data_set, key))
        else:
            row = _row(data_set, item_type, item)
            upserts[_untold(data_set, item)].append(row)
    changes.upserts = dict(upserts)
    return changes


def membership_changes(items: Iterable[Item]) -> Changes:
    """Read changed groups as memberships that came and went, in their order.

    Raises:
        UnreadableFieldError: as `object_changes`.
    """
    data_set, changes = DataSet.MEMBERSHIPS, Changes()
    latest: dict[tuple[UUID, UUID], DirectoryRow | None] = {}
    for item in items:
        group_id = _uuid(data_set, item.get("id"))
        if _REMOVED in item:
            changes.emptied.append(group_id)
            latest = {key: row for key, row in latest.items() if key[0] != group_id}
            continue
        for member in _list(data_set, item, _MEMBERS):
            wire = _converted(data_set, MemberWire, member)
            is_gone = isinstance(member, dict) and _REMOVED in member
            latest[group_id, wire.id] = None if is_gone else wire.row_in(group_id)
    rows = [row for row in latest.values() if row is not None]
    changes.upserts = {frozenset(): rows} if rows else {}
    changes.removed = [key for key, row in latest.items() if row is None]
    return changes


def _merged(data_set: DataSet, items: Iterable[Item]) -> dict[str, Item]:
    merged: dict[str, Item] = {}
    for item in items:
        key = item.get("id")
        if not isinstance(key, str):
            raise UnreadableFieldError(data_set, "id", "it is missing")
        earlier = merged.get(key, {})
        # Gone and then there again, or the reverse: only the later counts.
        is_turned = (_REMOVED in earlier) != (_REMOVED in item)
        merged[key] = dict(item) if is_turned else {**earlier, **item}
    return merged


def _row(data_set: DataSet, item_type: type[Any], item: Item) -> DirectoryRow:
    told = item
    if _MANAGER in item:
        told = {**item, "manager": _manager(data_set, item)}
    wire = _converted(data_set, item_type, told)
    row: DirectoryRow = made(data_set, wire.row)
    return row


def _manager(data_set: DataSet, item: Item) -> Any:
    there = [
        one
        for one in _list(data_set, item, _MANAGER)
        if not (isinstance(one, dict) and _REMOVED in one)
    ]
    return there[-1] if there else None


def _converted(data_set: DataSet, wanted: type[Any], told: Any) -> Any:
    try:
        return msgspec.convert(told, wanted)
    except msgspec.ValidationError:
        pass  # mended below, or told what is wrong
    try:
        return msgspec.convert(mended(told), wanted)
    except msgspec.ValidationError as error:
        raise unreadable_field(data_set, error) from error


def _untold(data_set: DataSet, item: Item) -> frozenset[str]:
    columns = ROWS[data_set]._fields
    return frozenset(c for c in columns if not any(n in item for n in names_of(c)))


def names_of(column: str) -> tuple[str, ...]:
    """The properties of Graph, any of which tells a column."""
    return _TOLD_BY.get(column) or _names_by_default(column)


def _names_by_default(column: str) -> tuple[str, ...]:
    first, *others = column.split("_")
    camel = first + "".join(word.capitalize() for word in others)
    return (camel, "appId") if column == "client_id" else (camel,)


def _typed_key(data_set: DataSet, key: str) -> Hashable:
    return key if data_set is DataSet.OAUTH_GRANTS else _uuid(data_set, key)


def _uuid(data_set: DataSet, told: Any) -> UUID:
    if isinstance(told, str):
        try:
            return UUID(told)
        except ValueError:
            pass  # worded below, as what is no text at all
    raise UnreadableFieldError(data_set, "id", "it is no GUID")


def _list(data_set: DataSet, item: Item, name: str) -> list[Any]:
    told = item.get(name)
    if told is None:
        return []
    if not isinstance(told, list):
        raise UnreadableFieldError(data_set, name, "it is no list")
    return told
