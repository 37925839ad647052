"""Routes of Graph: a method, a path with variable parts, and what a caller needs."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from urllib.parse import unquote

from sandbox.graph.errors import GraphError, malformed
from sandbox.graph.exchange import GraphRequest, Reply
from sandbox.graph.licences import Plan
from sandbox.graph.limits import Limit

Handler = Callable[[GraphRequest], Reply]
Check = Callable[[GraphRequest], bool]

_VARIABLE = re.compile(r"\\\{(\w+)\\\}")


def never(_: GraphRequest) -> bool:
    """Say that no request is exempt from the permissions of a route."""
    return False


@dataclass(frozen=True)
class Route:
    """One operation.

    `needs` are application permissions of which the token must carry one (none listed:
    any token will do); `free_when` exempts some requests; `cost` are resource units.
    `plan` is what the tenant must have bought; `limit` counts requests in place of
    resource units; `absent_from` are clouds whose metadata has no such path.
    """

    method: str
    template: str
    handler: Handler
    needs: tuple[str, ...]
    free_when: Check = never
    cost: int = 1
    plan: Plan | None = None
    limit: Limit | None = None
    absent_from: frozenset[str] = frozenset()
    pattern: re.Pattern[str] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        parts = _VARIABLE.sub(r"(?P<\1>[^/]+)", re.escape(self.template))
        object.__setattr__(self, "pattern", re.compile(parts, re.IGNORECASE))

    @property
    def name(self) -> str:
        """Return how the coverage list calls the route."""
        return f"{self.method} {self.template}"


def decoded(raw_path: str) -> str:
    """Decode a path, keeping encoded slashes encoded so that they split nothing."""
    return unquote(re.sub("%2f", "%252F", raw_path, flags=re.IGNORECASE))


def find(
    routes: Iterable[Route], method: str, path: str
) -> tuple[Route, dict[str, str]]:
    """Return the route of a request and the variable parts of its path.

    Raises:
        GraphError: 400 for an unknown path, 405 for a known one with another method.
    """
    path_is_known = False
    for route in routes:
        match = route.pattern.fullmatch(path)
        if match is None:
            continue
        if route.method == method:
            keys = match.groupdict()
            return route, {key: unquote(part) for key, part in keys.items()}
        path_is_known = True
    if path_is_known:
        raise GraphError(
            405,
            "Request_BadRequest",
            "Specified HTTP method is not allowed for the request target.",
        )
    raise unknown_path(path)


def unknown_path(path: str) -> GraphError:
    """Refuse a path that the metadata does not have: 400, not 404."""
    segment = path.strip("/").split("/")[-1].partition("(period")[0] or path
    return malformed(f"Resource not found for the segment '{segment}'.")
