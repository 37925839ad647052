"""What apps may do: delegated grants, and app roles given to whom."""

from collections.abc import Iterator

from sandbox.bulk.apps import role_id
from sandbox.bulk.collection import Collection, Column, Columns
from sandbox.bulk.identifiers import Kind, object_id
from sandbox.bulk.memberships import is_anchor_principal
from sandbox.bulk.shape import Shape
from sandbox.graph.schema import OAUTH2_PERMISSION_GRANT

_SCOPES = ("User.Read", "User.Read Mail.Read", "openid profile User.Read.All")


def _anchor(number: int, count: int) -> int:
    """Return a number near another one whose service principal is never deleted."""
    return next(n % count for n in range(number, number + 3) if _lasts(n % count))


def _lasts(number: int) -> bool:
    return is_anchor_principal(number)


def grants_of(shape: Shape) -> Collection:
    """Return the delegated permission grants: for everybody, or for one user."""
    principals = shape.service_principals

    def client(number: int, _: int) -> str:
        of = _anchor(number * 5, principals)
        return f'"{object_id(Kind.SERVICE_PRINCIPAL, of)}"'

    def principal(number: int, _: int) -> str:
        if number % 3 == 0:
            return "null"
        return f'"{object_id(Kind.USER, number % shape.anchors)}"'

    columns: Columns = {
        "clientId": client,
        "consentType": lambda n, _: '"Principal"' if n % 3 else '"AllPrincipals"',
        "principalId": principal,
        "resourceId": lambda _, __: f'"{object_id(Kind.SERVICE_PRINCIPAL, 0)}"',
        "scope": lambda n, v: f'"{_SCOPES[(n + v) % 3]}"',
    }
    return Collection(Kind.GRANT, OAUTH2_PERMISSION_GRANT, shape.grants, columns)


class RoleAssignments:
    """App roles that service principals offer, and who was given them."""

    def __init__(self, shape: Shape, principals: Collection) -> None:
        self._shape, self._principals = shape, principals

    def count_of(self, resource: int) -> int:
        """Return how many assignments a resource has; each change adds one."""
        added = self._principals.versions.get(resource, 0)
        if resource % 20 == 1:
            return 21 + resource % 40 + added
        return added if resource % 2 else resource % 9 + added

    def rows(self, resource: int) -> Iterator[str]:
        """Yield the assignments of one resource as JSON text."""
        for which in range(self.count_of(resource)):
            yield self._row(resource, which)

    def _row(self, resource: int, which: int) -> str:
        number = resource * 1_000 + which
        kind, name, principal_id = self._principal(number)
        return (
            f'{{"id":"{object_id(Kind.ASSIGNMENT, number)}","deletedDateTime":null,'
            f'"appRoleId":"{role_id(resource)}",'
            '"createdDateTime":"2024-05-06T07:08:09.1234567Z",'
            f'"principalDisplayName":"{name}","principalId":"{principal_id}",'
            f'"principalType":"{kind}","resourceDisplayName":"App {resource}",'
            f'"resourceId":"{object_id(Kind.SERVICE_PRINCIPAL, resource)}"}}'
        )

    def _principal(self, number: int) -> tuple[str, str, str]:
        if number % 5 == 0:
            return "Group", "Team 0", object_id(Kind.GROUP, 0)
        if number % 5 == 1:
            of = _anchor(number, self._shape.service_principals)
            return (
                "ServicePrincipal",
                f"App {of}",
                object_id(Kind.SERVICE_PRINCIPAL, of),
            )
        of = number % self._shape.anchors
        return "User", f"User {of}", object_id(Kind.USER, of)

    def column(self) -> Column:
        """Return the column that $expand=appRoleAssignedTo adds: at most twenty."""

        def expanded(resource: int, _: int) -> str:
            count = min(20, self.count_of(resource))
            return f"[{','.join(self._row(resource, n) for n in range(count))}]"

        return expanded
