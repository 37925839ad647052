"""The whole generated directory: what is in it, what changes, what is true."""

import hashlib
import json
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qsl

from sandbox.bulk.activity import logs_of
from sandbox.bulk.apps import applications_of, service_principals_of
from sandbox.bulk.churn import Churn
from sandbox.bulk.collection import Collection
from sandbox.bulk.devices import devices_of, managed_devices_of
from sandbox.bulk.grants import RoleAssignments, grants_of
from sandbox.bulk.inside import FederatedCredentials, ProvisioningJobs
from sandbox.bulk.memberships import Memberships
from sandbox.bulk.owners import Owners
from sandbox.bulk.pages import EncodedRows
from sandbox.bulk.people import users_of
from sandbox.bulk.registrations import registrations_of
from sandbox.bulk.shape import Shape
from sandbox.bulk.teams import groups_of
from sandbox.bulk.truth import count_of, truth_of
from sandbox.graph.entra import Clock, utc_now
from sandbox.graph.projection import MAX_EXPANDED, selected

Json = dict[str, Any]


class BulkDirectory:
    """A generated directory. Two of the same shape and churn are equal.

    `collections` are keyed by their path segment, e.g. `servicePrincipals`; `seq`
    counts the churns.

    Args:
        clock: when logs begin and grow. Logs of directories made at other moments
            differ by their times alone.
    """

    def __init__(self, shape: Shape | None = None, *, clock: Clock = utc_now) -> None:
        self.shape, self._clock = shape or Shape(), clock
        self.users = users_of(self.shape)
        self.groups = groups_of(self.shape)
        self.applications = applications_of(self.shape)
        self.service_principals = service_principals_of(self.shape)
        self.grants = grants_of(self.shape)
        self.memberships = Memberships(self.shape, self.users, self.groups)
        self.roles = RoleAssignments(self.shape, self.service_principals)
        self.devices = devices_of(self.shape)
        self.managed_devices = managed_devices_of(self.shape)
        self.federated = FederatedCredentials(self.applications)
        self.jobs = ProvisioningJobs(self.shape, self.service_principals)
        self.logs = logs_of(self.shape, clock())
        self.owners = {
            "groups": Owners(self.shape, self.groups, apps=False),
            "applications": Owners(self.shape, self.applications, apps=True),
            "servicePrincipals": Owners(self.shape, self.service_principals, apps=True),
        }
        self._relate()
        self.collections: dict[str, Collection] = {
            "users": self.users,
            "groups": self.groups,
            "applications": self.applications,
            "servicePrincipals": self.service_principals,
            "oauth2PermissionGrants": self.grants,
            "devices": self.devices,
            "managedDevices": self.managed_devices,
            "userRegistrationDetails": registrations_of(self.users),
        }
        self.seq = 0
        self._encoded: dict[tuple[str, tuple[str, ...], str | None], EncodedRows] = {}

    def _relate(self) -> None:
        """Say what $expand may add to which collection."""
        owners = {name: who.column() for name, who in self.owners.items()}
        self.groups.relations = {
            "members": self._first_members,
            "owners": owners["groups"],
        }
        self.applications.relations = {
            "owners": owners["applications"],
            "federatedIdentityCredentials": self.federated.column(),
        }
        self.service_principals.relations = {
            "appRoleAssignedTo": self.roles.column(),
            "owners": owners["servicePrincipals"],
        }

    def _first_members(self, group: int, _: int) -> str:
        members = self.memberships.of(group, 0, MAX_EXPANDED)
        return f"[{','.join(member.reference for member in members)}]"

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
        churn.devices(self.devices, self.managed_devices)
        churn.logs(self.logs.values(), self._clock())
        # The report is on the users that there are now.
        self.collections["userRegistrationDetails"] = registrations_of(self.users)
        self.close()  # what was encoded shows the directory as it was
        return churn

    def truth(self, data_set: str) -> Iterator[Json]:
        """Yield every object of a data set as Graph would tell it, with all properties.

        See `sandbox.bulk.truth` for the names.

        Raises:
            KeyError: another name.
        """
        return truth_of(self, data_set)

    def count(self, data_set: str) -> int:
        """Return how many objects a data set has. Raises KeyError as `truth` does."""
        return count_of(self, data_set)

    def checksum(self, data_set: str) -> str:
        """Return a digest of a data set that does not depend on its order."""
        total = 0
        for item in self.truth(data_set):
            text = json.dumps(item, sort_keys=True, separators=(",", ":"))
            digest = hashlib.blake2b(text.encode(), digest_size=16).digest()
            total = (total + int.from_bytes(digest)) % 2**128
        return f"{total:032x}"
