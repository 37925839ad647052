"""Query options on a generated collection, and one page of the answer."""

import base64
import binascii
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlencode

from sandbox.bulk.collection import Collection
from sandbox.bulk.directory import BulkDirectory
from sandbox.bulk.pages import Page
from sandbox.graph.errors import GraphError, bad_request, malformed, unsupported_query
from sandbox.graph.projection import selected
from sandbox.graph.query import MAX_PAGE, USUAL_SIZES, PageSizes

_EXPAND = re.compile(r"(?P<name>\w+)(\(\$select=(?P<select>[\w,]+)\))?")
_CLAUSE = re.compile(
    r"createdDateTime\s+(?P<operator>eq|ge|gt|le|lt)\s+(?P<value>\S+)", re.IGNORECASE
)
_KNOWN = frozenset(
    f"${name}"
    for name in ("select", "top", "count", "filter", "orderby", "expand", "skiptoken")
)
_CREATED = "createdDateTime"
# What is expanded with all its properties; of the rest only ids are known.
_WHOLE = frozenset({"appRoleAssignedTo", "federatedIdentityCredentials"})


@dataclass(frozen=True)
class Asked:
    """What came: the collection's name and path, its options, where links point."""

    segment: str
    options: Mapping[str, str]
    eventual: bool
    root: str
    path: str = ""
    sizes: PageSizes = USUAL_SIZES

    @property
    def is_advanced(self) -> bool:
        """Tell whether the caller accepts the eventually consistent index."""
        return self.eventual and self.options.get("$count", "").lower() == "true"


def answer_list(directory: BulkDirectory, asked: Asked) -> bytes:
    """Return one page of a collection as JSON.

    Raises:
        GraphError: 400 for options that are refused or that nothing here knows.
    """
    _refuse_unknown(asked.options)
    collection = directory.collections[asked.segment]
    names = selected(asked.options, collection.entity)
    expand = _expansion(asked, collection)
    run = matching(asked, collection)
    page = _page(directory, asked, run, (names, expand))
    facts = f'{{"@odata.context":"{asked.root}/$metadata#{asked.path}"'
    if asked.is_advanced:
        facts += f',"@odata.count":{collection.count(run)}'
    if page.after is not None:
        facts += f',"@odata.nextLink":"{next_link(asked, page.after)}"'
    return b"".join((facts.encode(), b',"value":[', page.value, b"]}"))


def answer_count(directory: BulkDirectory, asked: Asked) -> str:
    """Return /$count: a bare number, from the eventual index alone."""
    if not asked.eventual:
        raise bad_request("$count is not currently supported.")
    collection = directory.collections[asked.segment]
    return str(collection.count(matching(asked, collection)))


def _refuse_unknown(options: Mapping[str, str]) -> None:
    for name in options:
        if name.startswith("$") and name not in _KNOWN:
            raise bad_request(f"The query option '{name}' is not supported here.")


def _expansion(asked: Asked, collection: Collection) -> str | None:
    text = asked.options.get("$expand")
    if text is None:
        return None
    wanted = _EXPAND.fullmatch(text.strip())
    if wanted is None or wanted["name"] not in collection.relations:
        raise bad_request(f"Expanding '{text}' is not supported here.")
    if asked.is_advanced:
        raise unsupported_query("Expand is not allowed with advanced queries.")
    if wanted["name"] not in _WHOLE and wanted["select"] != "id":
        raise bad_request("Of what is expanded, only the id is known here.")
    return wanted["name"]


def matching(asked: Asked, collection: Collection) -> range:
    """Return the run of numbers that $filter leaves.

    Raises:
        GraphError: 400 for a filter that is no range of creation times.
    """
    run = range(collection.size)
    text = asked.options.get("$filter")
    if text is None:
        return run
    if _CREATED not in collection.columns:
        raise unsupported_query(
            "Unsupported or invalid query filter clause specified for property "
            f"'{_CREATED}' of resource '{collection.entity.name}'."
        )
    for clause in re.split(r"\s+and\s+", text.strip(), flags=re.IGNORECASE):
        run = _narrowed(run, clause, collection)
    return run


def _narrowed(run: range, clause: str, collection: Collection) -> range:
    match = _CLAUSE.fullmatch(clause.strip())
    if match is None:
        raise unsupported_query(f"This filter is not supported here: '{clause}'.")
    operator, value = match["operator"].lower(), match["value"]
    calendar, size = collection.calendar, collection.size
    unknown = calendar.unknown()
    if value.lower() == "null":
        allowed = unknown if operator == "eq" else range(0)
        return range(max(run.start, allowed.start), min(run.stop, allowed.stop))
    moment = _moment(value)
    low, high = (calendar.since(moment, size, after=after) for after in (False, True))
    start = {"ge": low, "eq": low, "gt": high}.get(operator, unknown.stop)
    stop = {"lt": low, "le": high, "eq": high}.get(operator, size)
    start, stop = max(run.start, start), min(run.stop, stop)
    return range(start, max(start, stop))


def _moment(text: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise malformed(f"Invalid filter clause: '{text}' is no date.") from None
    if moment.tzinfo is None:
        raise malformed(f"Invalid filter clause: '{text}' has no offset from UTC.")
    return moment


def _descends(asked: Asked, collection: Collection) -> bool:
    text = asked.options.get("$orderby")
    if text is None:
        return False
    name, _, direction = text.strip().partition(" ")
    known = name == _CREATED and _CREATED in collection.columns
    if not known or direction not in ("", "asc", "desc"):
        raise unsupported_query(f"Sorting by '{text}' is not supported here.")
    if "$filter" in asked.options and not asked.is_advanced:
        raise unsupported_query(
            "Sorting together with $filter or $search is supported only with the "
            "header ConsistencyLevel set to eventual and $count set to true."
        )
    return direction == "desc"


def page_size(asked: Asked) -> int:
    """Return $top, or how many objects come without it.

    Raises:
        GraphError: 400 for what is no number from 1 to the most, usually 999.
    """
    sizes = asked.sizes
    text = asked.options.get("$top", str(sizes.usual))
    most = MAX_PAGE if sizes.clamps else sizes.most
    if not text.isdigit() or not 1 <= int(text) <= most:
        raise bad_request(
            f"Invalid page size specified: '{text}'. Must be between 1 and {most} "
            "inclusive."
        )
    return min(int(text), sizes.most)


def _page(
    directory: BulkDirectory,
    asked: Asked,
    run: range,
    drawing: tuple[tuple[str, ...], str | None],
) -> Page:
    names, expand = drawing
    collection = directory.collections[asked.segment]
    size, at = page_size(asked), start_of(asked.options)
    if _descends(asked, collection):
        stop = run.stop if at is None else min(at, run.stop)
        fields = collection.fields(names, expand)
        numbers = [
            n for n in reversed(range(run.start, stop)) if n not in collection.gone
        ]
        rows = (collection.row(n, fields) for n in numbers[:size])
        after = numbers[size - 1] if len(numbers) > size else None
        return Page(",".join(rows).encode(), after)
    start = run.start if at is None else max(at, run.start)
    rows_read = directory.encoded(asked.segment, names, expand)
    return rows_read.read(range(start, max(start, run.stop)), size)


def start_of(options: Mapping[str, str]) -> int | None:
    """Return the number in a skip token, None where there is none.

    Raises:
        GraphError: 400 for a token that was not given out here.
    """
    token = options.get("$skiptoken")
    if token is None:
        return None
    try:
        return int(base64.urlsafe_b64decode(token.encode()).decode().removeprefix("n"))
    except (ValueError, binascii.Error):
        raise GraphError(
            400, "Directory_ExpiredPageToken", "The specified page token is invalid."
        ) from None


def next_link(asked: Asked, after: int | str, path: str | None = None) -> str:
    """Return the address of the page that begins at a number, or at a token."""
    token = after if isinstance(after, str) else _token(after)
    options = urlencode({**asked.options, "$skiptoken": token}, safe="$")
    return f"{asked.root}/{path or asked.path}?{options}"


def _token(after: int) -> str:
    return base64.urlsafe_b64encode(f"n{after:010d}".encode()).decode()
