"""Changes of the generated directory since a link was given out."""

import base64
import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, replace
from typing import NamedTuple

from sandbox.bulk.collection import Collection, Fields
from sandbox.bulk.directory import BulkDirectory
from sandbox.bulk.identifiers import object_id
from sandbox.graph.delta_links import (
    check_options,
    link,
    page_limit,
    unreadable,
)
from sandbox.graph.projection import selected

_MEMBERS_A_PAGE = 5_000  # ours: the service does not tell its own
_USUAL_PAGE = 200
_EVERYTHING = -1  # since before the directory was there


@dataclass(frozen=True)
class Place:
    """How far a caller is: which changes, and where among them.

    `since` and `upto` count churns; `number` and `member` say where the next page
    begins; `issued` is when, in seconds since 1970.
    """

    select: str
    issued: float
    since: int = _EVERYTHING
    upto: int = 0
    number: int = 0
    member: int = 0


def write(place: Place) -> str:
    """Return a place as an opaque token."""
    return base64.urlsafe_b64encode(json.dumps(asdict(place)).encode()).decode()


def read(token: str) -> Place:
    """Return the place that a token was made from.

    Raises:
        GraphError: 400 for what was not made here.
    """
    try:
        return Place(**json.loads(base64.urlsafe_b64decode(token.encode())))
    except (ValueError, TypeError):
        raise unreadable() from None


@dataclass(frozen=True)
class _Look:
    """One look at the changes of a collection, from a place."""

    directory: BulkDirectory
    collection: Collection
    place: Place
    segment: str

    @property
    def fields(self) -> Fields:
        names = _properties(self.place.select)
        options = {"$select": ",".join(names)} if self.place.select else {}
        return self.collection.fields(selected(options, self.collection.entity))

    def wants(self, relation: str) -> bool:
        return relation in self.place.select.split(",")

    def numbers(self) -> Iterator[int]:
        """Yield what changed, from the place on."""
        place, collection = self.place, self.collection
        if place.since == _EVERYTHING:
            return collection.live(range(place.number, collection.size))
        changed = sorted(
            number
            for number, at in collection.changed_at.items()
            if place.since < at and number >= place.number
        )
        return iter(changed)

    def is_new(self, number: int) -> bool:
        made = self.collection.created_at.get(number, 0)
        return self.place.since == _EVERYTHING or made > self.place.since


def _properties(select: str) -> tuple[str, ...]:
    names = tuple(n for n in select.split(",") if n not in ("members", "manager"))
    return ("id", *(name for name in names if name != "id"))


class Begun(NamedTuple):
    """Where a request begins, and whether a link led there."""

    place: Place
    resumed: bool


def begin(directory: BulkDirectory, options: Mapping[str, str], now: float) -> Begun:
    """Return where a request begins: a new read, a stored link, or a next page.

    Raises:
        GraphError: 400 for options that delta does not take.
    """
    check_options(options)
    if token := options.get("$skiptoken"):
        return Begun(read(token), resumed=True)
    token = options.get("$deltatoken", "")
    if token and token != "latest":
        return Begun(replace(read(token), upto=directory.seq), resumed=True)
    select = options.get("$select", "").replace(" ", "")
    place = Place(select, now, upto=directory.seq)
    if token:
        place = replace(place, since=directory.seq)
    return Begun(place, resumed=False)


def answer_delta(
    directory: BulkDirectory,
    segment: str,
    place: Place,
    root: str,
    *,
    now: float,
    preferred: str = "",
    replay: bool = False,
) -> bytes:
    """Return one page of changes as JSON.

    Args:
        now: when links are given out, in seconds since 1970.
        preferred: the header Prefer, whose odata.maxpagesize is heeded.
        replay: send every change twice, and begin with changes sent long ago.
    """
    if replay and place.since > _EVERYTHING:
        place = replace(place, since=place.since - 1)
    look = _Look(directory, directory.collections[segment], place, segment)
    rows, onward = _rows(look, page_limit(preferred, _USUAL_PAGE))
    path = f"{root}/{segment}/delta"
    if onward is None:
        end = replace(place, since=place.upto, number=0, member=0, issued=now)
        facts = {"@odata.deltaLink": link(path, "$deltatoken", write(end))}
    else:
        facts = {"@odata.nextLink": link(path, "$skiptoken", write(onward))}
    context = f"{root}/$metadata#{segment}(delta)"
    head = json.dumps({"@odata.context": context, **facts})[:-1]
    value = ",".join(rows * 2 if replay else rows)
    return f'{head},"value":[{value}]}}'.encode()


def _rows(look: _Look, limit: int) -> tuple[list[str], Place | None]:
    rows: list[str] = []
    budget, skip = _MEMBERS_A_PAGE, look.place.member
    fields = look.fields
    for number in look.numbers():
        if len(rows) == limit or budget <= 0:
            return rows, replace(look.place, number=number, member=0)
        part, count = _members(look, number, skip, skip + budget)
        rows.append(_row(look, fields, number, part))
        budget -= len(part)
        if skip + len(part) < count:
            return rows, replace(look.place, number=number, member=skip + len(part))
        skip = 0
    return rows, None


def _row(look: _Look, fields: Fields, number: int, members: list[str]) -> str:
    collection = look.collection
    if number in collection.gone:
        reason = collection.gone[number]
        identity = object_id(collection.kind, number)
        return f'{{"id":"{identity}","@removed":{{"reason":"{reason}"}}}}'
    text = fields.filled(number, collection.versions.get(number, 0))
    if members:
        text += f',"members@delta":[{",".join(members)}]'
    if look.wants("manager") and look.is_new(number):
        manager = collection.relations["manager"](number, 0)
        text += f',"manager@delta":[{manager}]' if manager != "null" else ""
    return f"{{{text}}}"


def _members(look: _Look, number: int, start: int, stop: int) -> tuple[list[str], int]:
    """Return a part of the members of a group to tell of, and how many there are."""
    known = look.segment == "groups" and look.wants("members")
    if not known or number in look.collection.gone:
        return [], 0
    memberships = look.directory.memberships
    if look.is_new(number):
        part = memberships.of(number, start, stop)
        return [member.reference for member in part], memberships.count_of(number)
    events = memberships.since(number, look.place.since)
    told = [
        member.reference
        if came
        else f'{member.reference[:-1]},"@removed":{{"reason":"deleted"}}}}'
        for member, came in events.items()
    ]
    return told[start:stop], len(told)
