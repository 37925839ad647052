"""The whole generated directory: what is in it, what changes, what is true."""

import hashlib
import json
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import parse_qsl

from sandbox.bulk.apps import applications_of, service_principals_of
from sandbox.bulk.churn import Churn
from sandbox.bulk.collection import Collection
from sandbox.bulk.grants import RoleAssignments, grants_of
from sandbox.bulk.memberships import Member, Memberships
from sandbox.bulk.pages import EncodedRows
from sandbox.bulk.people import users_of
from sandbox.bulk.shape import Shape
from sandbox.bulk.teams import groups_of
from sandbox.graph.projection import MAX_EXPANDED, selected

Json = dict[str, Any]


class BulkDirectory:
    """A generated directory. Two of the same shape and churn are equal.

    `collections` are keyed by their path segment, e.g. `servicePrincipals`; `seq`
    counts the churns.
    """

    def __init__(self, shape: Shape | None = None) -> None:
        self.shape = shape or Shape()
        self.users = users_of(self.shape)
        self.groups = groups_of(self.shape)
        self.applications = applications_of(self.shape)
        self.service_principals = service_principals_of(self.shape)
        self.grants = grants_of(self.shape)
        self.memberships = Memberships(self.shape, self.users, self.groups)
        self.roles = RoleAssignments(self.shape, self.service_principals)
        self.groups.relations = {"members": self._first_members}
        self.service_principals.relations = {"appRoleAssignedTo": self.roles.column()}
        self.collections: dict[str, Collection] = {
            "users": self.users,
            "groups": self.groups,
            "applications": self.applications,
            "servicePrincipals": self.service_principals,
            "oauth2PermissionGrants": self.grants,
        }
        self.seq = 0
        self._encoded: dict[tuple[str, tuple[str, ...], str | None], EncodedRows] = {}

    def _first_members(self, group: int, _: int) -> str:
        members = self.memberships.of(group, 0, MAX_EXPANDED)
        return f"[{','.join(map(reference, members))}]"

    def encoded(
        self, segment: str, names: tuple[str, ...], expand: str | None = None
    ) -> EncodedRows:
        """Return a collection drawn with these properties and that relation."""
        key = (segment, names, expand)
        if key not in self._encoded:
            collection = self.collections[segment]
            fields = collection.fields(names, expand)
            self._encoded[key] = EncodedRows(collection, fields)
        return self._encoded[key]

    def warm(self, target: str) -> None:
        """Encode a collection as a request would want it, so that no request waits.

        `target` is a path with a query, e.g. `/users?$select=id,mail`; of its options
        `$select` and `$expand` count.

        Raises:
            KeyError: the path is no collection, or the expansion is unknown.
            GraphError: a property that the type does not have.
        """
        path, _, query = target.partition("?")
        segment, options = path.strip("/"), dict(parse_qsl(query))
        names = selected(options, self.collections[segment].entity)
        expand = options.get("$expand", "").partition("(")[0] or None
        self.encoded(segment, names, expand).warm()

    def close(self) -> None:
        """Forget what was encoded, and give its files back."""
        for rows in self._encoded.values():
            rows.close()
        self._encoded.clear()

    def churn(self, share: float = 0.01) -> Churn:
        """Change, delete and add about this share of every collection.

        Returns what was done. The same churns of the same shape do the same.
        """
        self.seq += 1
        churn = Churn(self.seq, share)
        churn.users(self.users, self.memberships, self.shape.anchors)
        churn.groups(self.groups, self.memberships)
        churn.apps(self.applications, self.service_principals)
        churn.grants(self.grants)
        self.close()  # what was encoded shows the directory as it was
        return churn

    def truth(self, data_set: str) -> Iterator[Json]:
        """Yield every object of a data set as Graph would tell it, with all properties.

        `data_set` is users (with manager), groups, memberships (groupId, id,
        @odata.type), applications, service_principals, app_role_assignments or
        oauth_grants.

        Raises:
            KeyError: another name.
        """
        told: dict[str, Callable[[], Iterator[Json]]] = {
            "users": lambda: self.users.everything(expand="manager"),
            "groups": self.groups.everything,
            "memberships": self._all_memberships,
            "applications": self.applications.everything,
            "service_principals": self.service_principals.everything,
            "app_role_assignments": self._all_role_assignments,
            "oauth_grants": self.grants.everything,
        }
        return told[data_set]()

    def _all_memberships(self) -> Iterator[Json]:
        for group_id, member in self.memberships.everything():
            kind = member.odata_type
            yield {"groupId": group_id, "id": member.id, "@odata.type": kind}

    def _all_role_assignments(self) -> Iterator[Json]:
        principals = self.service_principals
        for resource in principals.live(range(principals.size)):
            yield from map(json.loads, self.roles.rows(resource))

    def count(self, data_set: str) -> int:
        """Return how many objects a data set has."""
        if data_set == "memberships":
            return self.memberships.count()
        if data_set == "app_role_assignments":
            principals = self.service_principals
            live = principals.live(range(principals.size))
            return sum(map(self.roles.count_of, live))
        segments = {
            "service_principals": "servicePrincipals",
            "oauth_grants": "oauth2PermissionGrants",
        }
        return len(self.collections[segments.get(data_set, data_set)])

    def checksum(self, data_set: str) -> str:
        """Return a digest of a data set that does not depend on its order."""
        total = 0
        for item in self.truth(data_set):
            text = json.dumps(item, sort_keys=True, separators=(",", ":"))
            digest = hashlib.blake2b(text.encode(), digest_size=16).digest()
            total = (total + int.from_bytes(digest)) % 2**128
        return f"{total:032x}"


def reference(member: Member) -> str:
    """Return a member as JSON text: its type and id."""
    return f'{{"@odata.type":"{member.odata_type}","id":"{member.id}"}}'
