"""What a tenant looked like when a delta link was given out, kept behind the link.

Objects are compared, not writes counted: tests and the page change tenants in many
ways, and a delta query must tell of all of them.
"""

import secrets
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from sandbox.graph.tenant import Json

PARTS = 25  # related objects in one row; a larger group comes in several


@dataclass(frozen=True)
class Seen:
    """One object as a caller saw it: properties selected, related objects by id."""

    properties: Json
    related: Mapping[str, Json]


Sight = Mapping[str, Seen]


@dataclass(frozen=True)
class Round:
    """One reading of changes, from its first page to the link at its end.

    `before` is what the reading began from; `sight` what a caller knows after it.
    """

    resource: str
    tenant_id: str
    select: str
    issued: datetime
    before: Sight
    sight: Sight
    rows: tuple[Json, ...]


@dataclass
class ChangeTracker:
    """The rounds that links given out refer to, by an opaque name."""

    _rounds: dict[str, Round] = field(default_factory=dict)

    def keep(self, found: Round) -> str:
        """Keep a round, and return the name for its links."""
        name = secrets.token_urlsafe(24)
        self._rounds[name] = found
        return name

    def find(self, name: str) -> Round | None:
        """Return the round of that name, None for an unknown one."""
        return self._rounds.get(name)

    def clear(self) -> None:
        """Forget every link."""
        self._rounds.clear()


def differences(
    before: Sight, now: Sight, *, binned: Iterable[str], relation: str | None
) -> Iterator[Json]:
    """Yield the rows that lead a caller from one sight to another.

    Args:
        binned: ids of objects that can still be restored.
        relation: the relation whose changes are told too, e.g. `members`.
    """
    for object_id, seen in now.items():
        known = before.get(object_id)
        if known != seen:
            yield from _rows(object_id, known, seen, relation)
    restorable = set(binned)
    for object_id in before:
        if object_id not in now:
            reason = "changed" if object_id in restorable else "deleted"
            yield {"id": object_id, "@removed": {"reason": reason}}


def _rows(
    object_id: str, known: Seen | None, seen: Seen, relation: str | None
) -> Iterator[Json]:
    row = {"id": object_id, **_told(known, seen)}
    related = _related(known.related if known else {}, seen.related)
    if relation is None or not related:
        yield row
        return
    for start in range(0, len(related), PARTS):
        yield {**row, f"{relation}@delta": related[start : start + PARTS]}


def _told(known: Seen | None, seen: Seen) -> Json:
    """Return the properties to tell: a value never set is absent, not null."""
    before = known.properties if known else {}
    return {
        name: value
        for name, value in seen.properties.items()
        if value is not None or before.get(name) is not None
    }


def _related(before: Mapping[str, Json], now: Mapping[str, Json]) -> list[Json]:
    came = [now[object_id] for object_id in now if object_id not in before]
    left = [
        {**before[object_id], "@removed": {"reason": "deleted"}}
        for object_id in before
        if object_id not in now
    ]
    return came + left
