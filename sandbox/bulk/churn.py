"""What happens to a directory between two looks at it, always the same."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime

from sandbox.bulk.collection import Collection
from sandbox.bulk.logs import GeneratedLog
from sandbox.bulk.memberships import (
    Memberships,
    is_anchor_group,
    is_anchor_principal,
)

_PRIME = 7_919


class Churn:
    """One round of changes, of which `done` counts what, e.g. `users deleted`.

    Of ten objects picked, about seven change, two go (a fifth of those for good), and
    one more comes.
    """

    def __init__(self, seq: int, share: float) -> None:
        self.seq, self._share = seq, share
        self.done: Counter[str] = Counter()

    def _picked(self, collection: Collection) -> Iterator[tuple[int, bool]]:
        """Yield the numbers picked that are there, and whether they may go."""
        wanted = max(1, int(len(collection) * self._share * 0.9))
        size = collection.size
        step = max(1, size // wanted)
        start = self.seq * _PRIME % step
        for which in range(wanted):
            number = (start + which * step) % size
            if number not in collection.gone:
                yield number, which % 5 == 3

    def _newcomers(self, collection: Collection) -> int:
        return max(1, int(len(collection) * self._share * 0.1))

    def _apply(
        self, name: str, collection: Collection, *, may_go: Callable[[int], bool]
    ) -> list[int]:
        """Change what was picked, and return what is to be deleted."""
        leaving = []
        for number, goes in self._picked(collection):
            if goes and may_go(number):
                leaving.append(number)
                continue
            collection.change(number, self.seq)
            self.done[f"{name} changed"] += 1
        return leaving

    def _delete(self, name: str, collection: Collection, leaving: list[int]) -> None:
        for place, number in enumerate(leaving):
            reason = "deleted" if place % 5 == 4 else "changed"
            collection.delete(number, self.seq, reason)
            self.done[f"{name} deleted"] += 1

    def _create(self, name: str, collection: Collection) -> list[int]:
        new = [collection.create(self.seq) for _ in range(self._newcomers(collection))]
        self.done[f"{name} created"] += len(new)
        return new

    def users(self, users: Collection, memberships: Memberships, anchors: int) -> None:
        """Change users; those who go leave their groups."""
        leaving = self._apply("users", users, may_go=lambda n: n >= anchors)
        memberships.forget(set(leaving), self.seq)
        self._delete("users", users, leaving)
        self._create("users", users)

    def groups(self, groups: Collection, memberships: Memberships) -> None:
        """Change groups and who is in them."""
        leaving = self._apply(
            "groups", groups, may_go=lambda number: not is_anchor_group(number)
        )
        self._delete("groups", groups, leaving)
        for number, _ in self._picked(groups):
            memberships.rotate(number, self.seq)
        for number in self._create("groups", groups):
            memberships.found(number)

    def apps(self, applications: Collection, principals: Collection) -> None:
        """Change registrations and service principals, which go together."""
        leaving = self._apply(
            "applications",
            applications,
            may_go=lambda number: not is_anchor_principal(number),
        )
        self._delete("applications", applications, leaving)
        self._create("applications", applications)
        self._apply("service principals", principals, may_go=lambda _: False)
        known = [n for n in leaving if n < principals.size and n not in principals.gone]
        self._delete("service principals", principals, known)
        self._create("service principals", principals)

    def devices(self, devices: Collection, managed: Collection) -> None:
        """Change devices, those of Entra and those of Intune each by themselves."""
        for name, collection in (("devices", devices), ("managed devices", managed)):
            leaving = self._apply(name, collection, may_go=lambda _: True)
            self._delete(name, collection, leaving)
            self._create(name, collection)

    def logs(self, logs: Iterable[GeneratedLog], now: datetime) -> None:
        """Let the logs grow by the share, some entries of it late."""
        for log in logs:
            count = max(1, int(len(log) * self._share))
            log.grow(count, now)
            self.done[f"{log.log.segment} entries"] += count

    def grants(self, grants: Collection) -> None:
        """Change delegated grants; one that goes goes for good."""
        for number in self._apply("grants", grants, may_go=lambda _: True):
            grants.delete(number, self.seq, "deleted")
            self.done["grants deleted"] += 1
        self._create("grants", grants)
