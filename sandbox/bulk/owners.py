"""Who owns groups, app registrations and service principals: users who stay."""

from sandbox.bulk.collection import Collection, Column
from sandbox.bulk.identifiers import Kind
from sandbox.bulk.memberships import Member
from sandbox.bulk.shape import Shape
from sandbox.graph.projection import MAX_EXPANDED

_CROWD = 23  # more than an expansion tells
_LASTING_PRINCIPALS = 10  # the first service principals are never deleted


class Owners:
    """The owners of a collection's objects. Each change of an object shifts them."""

    def __init__(self, shape: Shape, owned: Collection, *, apps: bool) -> None:
        self._users, self._owned = shape.anchors, owned
        self._apps = min(_LASTING_PRINCIPALS, shape.service_principals) if apps else 0

    def _count(self, number: int) -> int:
        if number % 50 == 7:
            return min(_CROWD, self._users)
        return min(number % 4, self._users)

    def of(self, number: int, start: int = 0, stop: int | None = None) -> list[Member]:
        """Return the owners of an object, or a part of them."""
        first = number * 13 + self._owned.versions.get(number, 0)
        owners = [
            Member(Kind.USER, (first + which) % self._users)
            for which in range(self._count(number))
        ]
        if self._apps and number % 20 == 11:
            owners[0] = Member(Kind.SERVICE_PRINCIPAL, number % self._apps)
        return owners[start:stop]

    def count_of(self, number: int) -> int:
        """Return how many owners an object has."""
        return self._count(number)

    def column(self) -> Column:
        """Return the column that $expand=owners adds: at most twenty."""

        def expanded(number: int, _: int) -> str:
            owners = self.of(number, 0, MAX_EXPANDED)
            return f"[{','.join(owner.reference for owner in owners)}]"

        return expanded
