"""A collection of generated objects: which are there, and what each looks like."""

import copy
import json
from bisect import bisect_left, insort
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from sandbox.bulk.calendar import Calendar
from sandbox.bulk.identifiers import Kind, find_number, object_id
from sandbox.graph.entity import EntityType

# Number and version of an object -> JSON text of one property.
Column = Callable[[int, int], str]
Columns = Mapping[str, Column]


def quoted(text: str) -> str:
    """Return a JSON string."""
    return json.dumps(text, ensure_ascii=False)


def nullable(text: str | None) -> str:
    """Return a JSON string, or null."""
    return "null" if text is None else quoted(text)


class Collection:
    """Objects numbered from 0 in order of their creation.

    `columns` give properties, `relations` what $expand may add. A version counts the
    changes of an object; `changed_at` and `created_at` say which churn last touched it
    and which made it; `gone` says why one is not there any more: `changed` for the bin
    of 30 days, `deleted` for good.
    """

    def __init__(
        self,
        kind: Kind,
        entity: EntityType,
        size: int,
        columns: Columns,
        *,
        calendar: Calendar | None = None,
        relations: Columns | None = None,
    ) -> None:
        self.kind, self.entity, self.size = kind, entity, size
        self.calendar = calendar or Calendar(size)
        self.columns: Columns = {
            "id": lambda number, _: f'"{object_id(kind, number)}"',
            **columns,
        }
        self.relations: Columns = relations or {}
        self.versions: dict[int, int] = {}
        self.changed_at: dict[int, int] = {}
        self.created_at: dict[int, int] = {}
        self.gone: dict[int, str] = {}
        self._gone_sorted: list[int] = []

    def find(self, text: str) -> int | None:
        """Return the number of the object of that id, None where there is none."""
        number = find_number(self.kind, text)
        if number is None or number >= self.size or number in self.gone:
            return None
        return number

    def is_mine(self, text: str) -> bool:
        """Tell whether an id is, or was, one of this collection."""
        return find_number(self.kind, text) is not None

    def live(self, numbers: range) -> Iterator[int]:
        """Yield those numbers whose objects are there."""
        if not self.gone:
            return iter(numbers)
        return (number for number in numbers if number not in self.gone)

    def count(self, numbers: range) -> int:
        """Return how many of a run of numbers have objects."""
        lost = self._gone_sorted
        low, high = bisect_left(lost, numbers.start), bisect_left(lost, numbers.stop)
        return max(0, len(numbers) - (high - low))

    def __len__(self) -> int:
        return self.size - len(self.gone)

    def change(self, number: int, seq: int) -> None:
        """Give an object its next version."""
        self.versions[number] = self.versions.get(number, 0) + 1
        self.changed_at[number] = seq

    def touch(self, number: int, seq: int) -> None:
        """Note that something about an object changed that is no property of its."""
        self.changed_at[number] = seq

    def delete(self, number: int, seq: int, reason: str) -> None:
        """Take an object away."""
        if number not in self.gone:
            insort(self._gone_sorted, number)
        self.gone[number] = reason
        self.changed_at[number] = seq

    def create(self, seq: int) -> int:
        """Add an object, and return its number."""
        number = self.size
        self.size += 1
        self.changed_at[number] = self.created_at[number] = seq
        return number

    def row(self, number: int, fields: "Fields") -> str:
        """Return one object as JSON text."""
        return fields.row(number, self.versions.get(number, 0))

    def fields(self, names: tuple[str, ...], expand: str | None = None) -> "Fields":
        """Return how to draw these properties, and a relation, of an object.

        A property that nothing here fills is null.
        """
        chosen = [(name, self.columns.get(name, _null)) for name in names]
        if expand is not None:
            chosen.append((expand, self.relations[expand]))
        return Fields(chosen)

    def seen_as(self, entity: EntityType, columns: Columns) -> "Collection":
        """Return the same objects under another type, as many as there are now."""
        guise = copy.copy(self)
        guise.entity, guise.relations = entity, {}
        guise.columns = {"id": self.columns["id"], **columns}
        return guise

    def everything(self, expand: str | None = None) -> Iterator[dict[str, Any]]:
        """Yield every object there is with all properties that are filled."""
        fields = self.fields(tuple(self.columns), expand)
        for number in self.live(range(self.size)):
            yield json.loads(self.row(number, fields))


class Fields:
    """Draws the same properties of many objects."""

    def __init__(self, columns: list[tuple[str, Column]]) -> None:
        self._columns = [column for _, column in columns]
        self._names = [name for name, _ in columns]
        self._template = "{" + ",".join(f'"{n}":%s' for n in self._names) + "}"

    def filled(self, number: int, version: int) -> str:
        """Return one object as JSON text without braces and nulls."""
        texts = [column(number, version) for column in self._columns]
        pairs = zip(self._names, texts, strict=True)
        return ",".join(f'"{name}":{text}' for name, text in pairs if text != "null")

    def values(self, number: int, version: int) -> list[Any]:
        """Return the values of one object."""
        return [json.loads(column(number, version)) for column in self._columns]

    def row(self, number: int, version: int) -> str:
        """Return one object as JSON text."""
        texts = [column(number, version) for column in self._columns]
        return self._template % tuple(texts)


def _null(_: int, __: int) -> str:
    return "null"
