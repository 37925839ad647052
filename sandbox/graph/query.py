"""Query options on collections and objects: filter, search, order, pages."""

import base64
import binascii
import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import quote, urlencode

from sandbox.graph.entity import EntityType
from sandbox.graph.errors import GraphError, bad_request, malformed, unsupported_query
from sandbox.graph.exchange import GraphRequest, Reply
from sandbox.graph.filters import FilterParser, Test
from sandbox.graph.projection import Relations, drawing, selected, shape
from sandbox.graph.tenant import Json

DEFAULT_PAGE = 100
MAX_PAGE = 999


@dataclass(frozen=True)
class PageSizes:
    """How many objects a page holds: without $top, and at most.

    `clamps` says that a larger $top is answered with less instead of refused.
    """

    usual: int = DEFAULT_PAGE
    most: int = MAX_PAGE
    clamps: bool = False


USUAL_SIZES = PageSizes()

_KNOWN = frozenset(
    f"${name}"
    for name in ("select", "filter", "orderby", "top", "count", "search", "skiptoken")
) | {"$expand"}
_SEARCH = re.compile(r'"(?P<property>[^":]+):(?P<text>[^"]*)"')


def one(
    request: GraphRequest,
    entity: EntityType,
    item: Json,
    context: str,
    relations: Relations | None = None,
) -> Reply:
    """Answer with a single object.

    Raises:
        GraphError: 400 for options that single objects do not take.
    """
    refuse_options(request, allowed={"$select", "$expand"})
    body = {"@odata.context": f"{request.root}/$metadata#{context}/$entity"}
    return Reply(body=body | drawing(request, entity, relations)(item))


def many(
    request: GraphRequest,
    entity: EntityType,
    items: Iterable[Json],
    context: str,
    relations: Relations | None = None,
    sizes: PageSizes = USUAL_SIZES,
) -> Reply:
    """Answer with one page of a collection, filtered, ordered, shaped.

    Raises:
        GraphError: 400 for options, properties or combinations that Graph refuses.
    """
    refuse_options(request, allowed=_KNOWN)
    draw = drawing(request, entity, relations)
    chosen = _ordered(request, entity, _matching(request, entity, items))
    page, link = _page(request, chosen, sizes)
    body: Json = {"@odata.context": f"{request.root}/$metadata#{context}"}
    if request.options.get("$count", "").lower() == "true" and request.is_eventual:
        body["@odata.count"] = len(chosen)
    if link is not None:
        body["@odata.nextLink"] = link
    body["value"] = [draw(item) for item in page]
    return Reply(body=body)


def everything(
    request: GraphRequest,
    entity: EntityType,
    items: Iterable[Json],
    context: str,
    *,
    allowed: frozenset[str] = frozenset({"$select"}),
) -> Reply:
    """Answer with a whole collection that knows neither pages nor queries."""
    refuse_options(request, allowed=allowed)
    names = selected(request.options, entity)
    return Reply(
        body={
            "@odata.context": f"{request.root}/$metadata#{context}",
            "value": [shape(item, names) for item in items],
        }
    )


def refuse_options(request: GraphRequest, *, allowed: Iterable[str]) -> None:
    """Refuse query options that a resource does not take.

    Raises:
        GraphError: 400 naming the first of them.
    """
    for name in request.options:
        if name in allowed or not name.startswith("$"):
            continue
        raise bad_request(f"The query option '{name}' is not supported here.")


def count_of(request: GraphRequest, entity: EntityType, items: Iterable[Json]) -> Reply:
    """Answer /$count: a bare number, from the eventual index only."""
    if request.headers.get("consistencylevel", "").lower() != "eventual":
        raise bad_request("$count is not currently supported.")
    refuse_options(request, allowed={"$filter", "$search"})
    return Reply(text=str(len(_matching(request, entity, items))))


def _matching(
    request: GraphRequest, entity: EntityType, items: Iterable[Json]
) -> list[Json]:
    tests: list[Test] = []
    if text := request.options.get("$filter"):
        parser = FilterParser(text, entity)
        tests.append(parser.parse())
        if parser.advanced:
            require_eventual(request, "This filter")
    if text := request.options.get("$search"):
        tests.append(_search_test(request, entity, text))
    return [item for item in items if all(test(item) for test in tests)]


def require_eventual(request: GraphRequest, what: str) -> None:
    """Refuse an advanced query without its header and $count.

    Raises:
        GraphError: 400 Request_UnsupportedQuery.
    """
    if not request.is_eventual:
        raise unsupported_query(
            f"{what} is supported only with the header ConsistencyLevel set to "
            "eventual and $count set to true."
        )


def _search_test(request: GraphRequest, entity: EntityType, text: str) -> Test:
    if request.headers.get("consistencylevel", "").lower() != "eventual":
        raise bad_request(
            "Request with $search query parameter only works through MSGraph with a "
            "special request header: 'ConsistencyLevel: eventual'"
        )
    clauses = list(_SEARCH.finditer(text))
    if not clauses or _SEARCH.sub("", text).upper().strip(" ORAND()"):
        raise bad_request(
            'Syntax error in $search: each clause must be "property:text" in quotes.'
        )
    for clause in clauses:
        if clause["property"] not in entity.searchable:
            raise unsupported_query(
                f"Property '{clause['property']}' cannot be searched."
            )
    every = " AND " in text

    def found(item: Json) -> bool:
        hits = (_has_word(item.get(c["property"]), c["text"]) for c in clauses)
        return all(hits) if every else any(hits)

    return found


def _has_word(value: object, text: str) -> bool:
    """Tell whether a word of the value begins with the text, ignoring case."""
    wanted, whole = text.casefold().strip(), str(value or "").casefold()
    words = re.split(r"[\s@._\-]+", whole)
    return whole.startswith(wanted) or any(word.startswith(wanted) for word in words)


def _ordered(
    request: GraphRequest, entity: EntityType, items: list[Json]
) -> list[Json]:
    text = request.options.get("$orderby")
    if text is None:
        return items
    name, _, direction = text.strip().partition(" ")
    if name not in entity.properties:
        raise malformed(
            f"Could not find a property named '{name}' on type '{entity.full_name}'."
        )
    if name not in entity.sortable or direction not in ("", "asc", "desc"):
        raise unsupported_query(f"Sorting by '{text}' is not supported.")
    if "$filter" in request.options or "$search" in request.options:
        require_eventual(request, "Sorting together with $filter or $search")
    return sorted(
        items,
        key=lambda item: str(item.get(name) or "").casefold(),
        reverse=direction == "desc",
    )


def _page_size(request: GraphRequest, sizes: PageSizes) -> int:
    text = request.options.get("$top", str(sizes.usual))
    most = MAX_PAGE if sizes.clamps else sizes.most
    if not text.isdigit() or not 1 <= int(text) <= most:
        raise bad_request(
            f"Invalid page size specified: '{text}'. Must be between 1 "
            f"and {most} inclusive."
        )
    return min(int(text), sizes.most)


def _page(
    request: GraphRequest, items: list[Json], sizes: PageSizes
) -> tuple[list[Json], str | None]:
    """Return the page asked for and the link to the next one, None at the end.

    The skip token names the last object sent, so that objects that come or go between
    two pages neither repeat nor hide others.
    """
    size, start = _page_size(request, sizes), _start(request, items)
    if start < len(items) and request.faults.strike("empty_page", "GET", request.path):
        return [], _next_link(request, items, start)
    page = items[start : start + size]
    end = start + len(page)
    return page, _next_link(request, items, end) if end < len(items) else None


def _next_link(request: GraphRequest, items: list[Json], end: int) -> str:
    last = items[end - 1]["id"] if end else None
    token = base64.urlsafe_b64encode(json.dumps([end, last]).encode()).decode()
    options = {**request.options, "$skiptoken": token}
    root = request.root
    if foreign := request.faults.strike("foreign_next_link", "GET", request.path):
        root = f"https://{foreign.params['host']}/v1.0"
    return f"{root}{quote(request.path)}?{urlencode(options, safe='$')}"


def _start(request: GraphRequest, items: list[Json]) -> int:
    token = request.options.get("$skiptoken")
    if token is None:
        return 0
    try:
        offset, last = json.loads(base64.urlsafe_b64decode(token))
    except (ValueError, TypeError, binascii.Error):
        raise GraphError(
            400, "Directory_ExpiredPageToken", "The specified page token is invalid."
        ) from None
    for index, item in enumerate(items):
        if item["id"] == last:
            return index + 1
    return min(int(offset), len(items)) if last else 0
