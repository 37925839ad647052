"""Who is in which group: mostly a few people, sometimes most of the company."""

from array import array
from collections.abc import Iterator
from math import gcd
from typing import NamedTuple

from sandbox.bulk.collection import Collection
from sandbox.bulk.identifiers import Kind, object_id
from sandbox.bulk.shape import Shape

_TYPES = {
    Kind.USER: "#microsoft.graph.user",
    Kind.GROUP: "#microsoft.graph.group",
    Kind.SERVICE_PRINCIPAL: "#microsoft.graph.servicePrincipal",
}
_GIANT = 19  # the number of the group that holds a great part of the company
_NEW_GROUP_SIZE = 6
_LARGE = 1_000  # members; they are remembered


class Member(NamedTuple):
    """A member of a group."""

    kind: Kind
    number: int

    @property
    def id(self) -> str:
        """Return the object id."""
        return object_id(self.kind, self.number)

    @property
    def odata_type(self) -> str:
        """Return the @odata.type."""
        return _TYPES[self.kind]

    @property
    def reference(self) -> str:
        """Return the member as JSON text: its type and id."""
        return f'{{"@odata.type":"{self.odata_type}","id":"{self.id}"}}'


def is_anchor_group(number: int) -> bool:
    """Tell whether a group is never deleted, since other objects refer to it."""
    return number % 40 == 0 or number == _GIANT


def is_anchor_principal(number: int) -> bool:
    """Tell whether a service principal is never deleted."""
    return number % 10 != 3 or number < 10


class Memberships:
    """The members of every group. Groups inside groups go round in a circle.

    The people of a group are a run of steps through all users. A change drops the
    first of the run and takes in the next after the last.
    """

    def __init__(self, shape: Shape, users: Collection, groups: Collection) -> None:
        self._shape, self._users, self._groups = shape, users, groups
        self._sizes = _sizes(shape)
        self._shifts: dict[int, int] = {}
        self._large: dict[int, array[int]] = {}
        self._stride = next(s for s in range(7_919, 9_999) if gcd(s, shape.users) == 1)
        # What happened to members: number of the churn, who, whether they came.
        self.events: dict[int, list[tuple[int, Member, bool]]] = {}

    def _others(self, group: int) -> list[Member]:
        """Return the members that are no people."""
        others = []
        if group % 40 == 0:
            onward = (group + 40) % (len(self._sizes) // 40 * 40 or 1)
            others.append(Member(Kind.GROUP, onward if onward != group else 0))
        if group % 50 == 7:
            principal = group * 11 % self._shape.service_principals
            if is_anchor_principal(principal):
                others.append(Member(Kind.SERVICE_PRINCIPAL, principal))
        return others

    def _person(self, group: int, step: int) -> int:
        return (group * 97 + step * self._stride) % self._shape.users

    def _people(self, group: int, others: int) -> "array[int]":
        """Return the users in a group; of large groups they are remembered."""
        if (known := self._large.get(group)) is not None:
            return known
        shift = self._shifts.get(group, 0)
        steps = range(shift, shift + self._sizes[group] - others)
        gone = self._users.gone
        everybody = (self._person(group, step) for step in steps)
        people = array("I", (p for p in everybody if p not in gone))
        if len(people) >= _LARGE:
            self._large[group] = people
        return people

    def of(self, group: int, start: int = 0, stop: int | None = None) -> list[Member]:
        """Return the members of a group that is there, or a part of them."""
        others = self._others(group)
        people = self._people(group, len(others))
        stop = len(others) + len(people) if stop is None else stop
        first = max(0, start - len(others))
        part = people[first : max(first, stop - len(others))]
        return others[start:stop] + [Member(Kind.USER, number) for number in part]

    def count_of(self, group: int) -> int:
        """Return how many members a group has."""
        if not self._users.gone:
            return self._sizes[group]
        others = len(self._others(group))
        return others + len(self._people(group, others))

    def everything(self) -> Iterator[tuple[str, Member]]:
        """Yield group id and member of every membership."""
        for group in self._groups.live(range(self._groups.size)):
            group_id = object_id(Kind.GROUP, group)
            for member in self.of(group):
                yield group_id, member

    def count(self) -> int:
        """Return how many memberships there are."""
        groups = self._groups.live(range(self._groups.size))
        return sum(self.count_of(group) for group in groups)

    def rotate(self, group: int, seq: int) -> None:
        """Let one person leave a group and another join it."""
        shift = self._shifts.get(group, 0)
        people = self._sizes[group] - len(self._others(group))
        leaves, joins = (
            Member(Kind.USER, self._person(group, step))
            for step in (shift, shift + people)
        )
        self._shifts[group] = shift + 1
        self._large.pop(group, None)
        for member, came in ((leaves, False), (joins, True)):
            if member.number not in self._users.gone:
                self._note(group, seq, member, came=came)

    def forget(self, leavers: set[int], seq: int) -> None:
        """Note in every group which of these users, about to go, are in it."""
        for group in self._groups.live(range(len(self._sizes))):
            for member in self.of(group):
                if member.kind is Kind.USER and member.number in leavers:
                    self._note(group, seq, member, came=False)
        self._large.clear()  # they go right after this

    def found(self, group: int) -> None:
        """Give a group that was just created its members."""
        if group != len(self._sizes):
            raise ValueError("Groups are founded in the order of their numbers.")
        self._sizes.append(min(_NEW_GROUP_SIZE, self._shape.users))

    def _note(self, group: int, seq: int, member: Member, *, came: bool) -> None:
        self.events.setdefault(group, []).append((seq, member, came))
        self._groups.touch(group, seq)

    def since(self, group: int, seq: int) -> dict[Member, bool]:
        """Return who came (true) or left (false) in the churns after `seq`."""
        events = self.events.get(group, ())
        return {who: came for at, who, came in events if at > seq}


def _sizes(shape: Shape) -> list[int]:
    """Return the size of each group; three in five have at most 19 members."""
    most = max(2, shape.users // 2)
    sizes = [min(most, _usual_size(number)) for number in range(shape.groups)]
    large = [number for number in range(shape.groups) if number % 20 == _GIANT]
    left = shape.memberships - sum(sizes)
    if not large or left <= 0:
        return sizes
    share = min(most, left * 3 // 4 // len(large))
    for number in large:
        sizes[number] = share
    sizes[_GIANT] += min(most - share, left - share * len(large))
    return sizes


def _usual_size(number: int) -> int:
    place = number % 20
    if place < 12:
        return 2 + number * 7 % 18
    return 0 if place == _GIANT else 21 + number * 13 % 40
