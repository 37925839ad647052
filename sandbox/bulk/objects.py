"""Single generated objects, and what belongs to one: members, given app roles."""

import json
from collections.abc import Callable, Iterable
from typing import Any, Protocol

from sandbox.bulk.collection import Collection, Fields
from sandbox.bulk.directory import BulkDirectory
from sandbox.bulk.identifiers import Kind
from sandbox.bulk.memberships import Member
from sandbox.bulk.query import Asked, next_link, page_size, start_of
from sandbox.graph.errors import bad_request, not_found
from sandbox.graph.projection import selected

_MEMBER_OPTIONS = frozenset({"$select", "$top", "$skiptoken", "$count"})
# What a member of any type may be asked for.
_MEMBER_PROPERTIES = {
    Kind.USER: ("displayName", "mail", "userPrincipalName", "accountEnabled"),
    Kind.GROUP: ("displayName", "mail"),
    Kind.SERVICE_PRINCIPAL: ("displayName", "appId", "accountEnabled"),
}


def _found(directory: BulkDirectory, asked: Asked, key: str) -> int:
    number = directory.collections[asked.segment].find(key)
    if number is None:
        raise not_found(key)
    return number


def answer_object(directory: BulkDirectory, asked: Asked, key: str) -> bytes:
    """Return one object as JSON.

    Raises:
        GraphError: 404 where it is not there, 400 for unknown properties.
    """
    collection = directory.collections[asked.segment]
    number = _found(directory, asked, key)
    fields = collection.fields(selected(asked.options, collection.entity))
    context = f"{asked.root}/$metadata#{asked.segment}/$entity"
    row = collection.row(number, fields)
    return f'{{"@odata.context":{json.dumps(context)},{row[1:]}'.encode()


def _listed(
    asked: Asked,
    context: str,
    key: str,
    count: int,
    rows_of: Callable[[int, int], Iterable[str]],
) -> bytes:
    """Return a page of `count` rows, which are made for this page alone."""
    for name in asked.options:
        if name.startswith("$") and name not in _MEMBER_OPTIONS:
            raise bad_request(f"The query option '{name}' is not supported here.")
    start, size = start_of(asked.options) or 0, page_size(asked)
    head = {"@odata.context": f"{asked.root}/$metadata#{context}"}
    if count > start + size:
        path = f"{asked.segment}/{key}"
        head["@odata.nextLink"] = next_link(asked, start + size, path)
    value = ",".join(rows_of(start, start + size))
    return f'{json.dumps(head)[:-1]},"value":[{value}]}}'.encode()


def answer_members(directory: BulkDirectory, asked: Asked, key: str) -> bytes:
    """Return a page of the direct members of a group."""
    return _related(directory, asked, key, "members", directory.memberships)


def answer_owners(directory: BulkDirectory, asked: Asked, key: str) -> bytes:
    """Return a page of the owners of a group, an app or a service principal.

    Raises:
        GraphError: 400 where objects of that kind have no owners.
    """
    owners = directory.owners.get(asked.segment)
    if owners is None:
        raise bad_request("Resource not found for the segment 'owners'.")
    return _related(directory, asked, key, "owners", owners)


class _Listing(Protocol):
    """Members of groups, or owners of anything."""

    def of(self, number: int, start: int, stop: int) -> list[Member]: ...

    def count_of(self, number: int) -> int: ...


def _related(
    directory: BulkDirectory, asked: Asked, key: str, relation: str, listing: _Listing
) -> bytes:
    number = _found(directory, asked, key)
    select = asked.options.get("$select", "id,displayName")
    names = tuple(name for name in select.split(",") if name != "id")
    draw = _Drawing(directory, names)

    def rows(start: int, stop: int) -> Iterable[str]:
        return map(draw, listing.of(number, start, stop))

    count = listing.count_of(number)
    return _listed(asked, "directoryObjects", f"{key}/{relation}", count, rows)


class _Drawing:
    """Draws members: type and id, and of the properties wanted those they have."""

    def __init__(self, directory: BulkDirectory, names: tuple[str, ...]) -> None:
        collections = (
            directory.users,
            directory.groups,
            directory.service_principals,
        )
        self._by_kind: dict[Kind, tuple[Collection, Fields]] = {}
        for collection in collections:
            has = _MEMBER_PROPERTIES[collection.kind]
            fields = collection.fields(tuple(name for name in names if name in has))
            self._by_kind[collection.kind] = (collection, fields)
        self._bare = not names

    def __call__(self, member: Member) -> str:
        if self._bare:
            return member.reference
        collection, fields = self._by_kind[member.kind]
        row = collection.row(member.number, fields)
        comma = "," if row != "{}" else ""
        return f"{member.reference[:-1]}{comma}{row[1:]}"


def answer_roles(directory: BulkDirectory, asked: Asked, key: str) -> bytes:
    """Return a page of who was given the app roles of a service principal.

    Every property comes, selected or not.
    """
    rows = list(directory.roles.rows(_found(directory, asked, key)))
    path = f"{key}/appRoleAssignedTo"
    return _listed(
        asked,
        "appRoleAssignments",
        path,
        len(rows),
        lambda start, stop: rows[start:stop],
    )


def answer_inside(
    directory: BulkDirectory, asked: Asked, key: str, relation: str
) -> bytes:
    """Return the federated credentials of an app, or the jobs of a service principal.

    Every property comes, and no pages.

    Raises:
        GraphError: 400 where objects of that kind hold no such things.
    """
    held: dict[tuple[str, str], Callable[[int], list[dict[str, Any]]]] = {
        ("applications", "federatedidentitycredentials"): directory.federated.of,
        ("servicePrincipals", "synchronization/jobs"): directory.jobs.of,
    }
    inside = held.get((asked.segment, relation))
    if inside is None:
        raise bad_request(f"Resource not found for the segment '{relation}'.")
    context = f"{asked.root}/$metadata#{asked.segment}('{key}')/{relation}"
    value = inside(_found(directory, asked, key))
    return json.dumps({"@odata.context": context, "value": value}).encode()
