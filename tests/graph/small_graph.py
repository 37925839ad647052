"""A Graph of a few collections in memory, for what no well-behaved service does."""

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from operator import ge, gt, le, lt
from typing import Any
from urllib.parse import parse_qsl, urlencode
from uuid import UUID

import httpx

from bot.domain.clouds import Cloud
from bot.domain.ids import ClientId, TenantId
from bot.graph.client import GraphClient
from bot.graph.clouds import CloudHosts, hosts
from bot.graph.patience import STEADY, Patience
from bot.graph.quota import Quotas
from bot.graph.tokens import Token
from bot.ports import Clock
from tests.graph.virtual_time import START, VirtualClock

Json = dict[str, Any]
Answer = Callable[[httpx.Request], httpx.Response | None]

ROOT = "https://graph.microsoft.com/v1.0"
TENANT, APP = TenantId(UUID(int=1)), ClientId(UUID(int=2))


class SignedIn:
    """A sign-in that never ends and asks nobody."""

    def __init__(self, clock: Clock) -> None:
        self.tenant_id, self.client_id = TENANT, APP
        self._token = Token("token", frozenset(), str(TENANT), clock.now(), START)

    async def token(self, force: bool = False) -> Token:
        return self._token

    async def token_after(self, refused: Token) -> Token:
        return self._token


@dataclass
class SmallGraph:
    """Serves collections page by page.

    Attributes:
        collections: objects by path, e.g. {"/users": […]}.
        first: answers before anything else; None passes a request on.
        asked: path and query of everything that came, decoded.
    """

    collections: dict[str, list[Json]] = field(default_factory=dict)
    first: Answer | None = None
    filters: bool = True
    expands: bool = True
    asked: list[str] = field(default_factory=list)
    clock: VirtualClock = field(default_factory=VirtualClock)

    def client(self, patience: Patience = STEADY) -> GraphClient:
        """A client that is signed in."""
        here: CloudHosts = hosts(Cloud.GLOBAL)
        return GraphClient(
            here,
            SignedIn(self.clock),  # type: ignore[arg-type]  # has what is used of it
            httpx.AsyncClient(transport=httpx.MockTransport(self.answer)),
            self.clock,
            patience=patience,
            quota=Quotas(self.clock).of(TENANT, APP),
        )

    def answer(self, request: httpx.Request) -> httpx.Response:
        """Answer as Graph does, a few of its options."""
        path = request.url.path.removeprefix("/v1.0")
        options = dict(parse_qsl(request.url.query.decode()))
        self.asked.append(path + ("?" + _shown(options) if options else ""))
        if self.first is not None and (early := self.first(request)) is not None:
            return early
        if path == "/$batch":
            return self._batch(request)
        return self._get(path, options)

    def _batch(self, request: httpx.Request) -> httpx.Response:
        responses = []
        for item in json.loads(request.content)["requests"]:
            inner = httpx.Request(item["method"], ROOT + item["url"])
            reply = self.answer(inner)
            body = json.loads(reply.content)
            responses.append(
                {"id": item["id"], "status": reply.status_code, "body": body}
            )
        return httpx.Response(200, json={"responses": responses})

    def _get(self, path: str, options: dict[str, str]) -> httpx.Response:
        name = path.removesuffix("/$count")
        if name not in self.collections:
            message = f"Resource not found for the segment '{name}'."
            return refused(400, "BadRequest", message)
        if "$filter" in options and not self.filters:
            return refused(400, "Request_UnsupportedQuery", "Unsupported filter.")
        if "$expand" in options and not self.expands:
            return refused(400, "Request_UnsupportedQuery", "Unsupported expand.")
        objects = matching(self.collections[name], options.get("$filter", ""))
        if path.endswith("/$count"):
            return httpx.Response(200, text=f"\ufeff{len(objects)}")
        return self._page(path, options, objects)

    def _page(
        self, path: str, options: dict[str, str], objects: list[Json]
    ) -> httpx.Response:
        start, size = int(options.get("$skiptoken", 0)), int(options.get("$top", 100))
        expanded = options.get("$expand", "").split("(")[0]
        page = [_drawn(one, expanded) for one in objects[start : start + size]]
        body: Json = {"value": page}
        if start + size < len(objects):
            following = {**options, "$skiptoken": str(start + size)}
            body["@odata.nextLink"] = f"{ROOT}{path}?{urlencode(following)}"
        return httpx.Response(200, json=body, headers={"x-ms-resource-unit": "1"})


def refused(status: int, code: str, message: str = "No.") -> httpx.Response:
    """An error of Graph."""
    return httpx.Response(status, json={"error": {"code": code, "message": message}})


def _shown(options: dict[str, str]) -> str:
    return "&".join(f"{name}={value}" for name, value in options.items())


_RELATIONS = {
    "members",
    "owners",
    "appRoleAssignedTo",
    "federatedIdentityCredentials",
}


def _drawn(one: Json, expanded: str) -> Json:
    hidden = _RELATIONS - {expanded}
    return {
        name: value[:20] if name == expanded else value
        for name, value in one.items()
        if name not in hidden
    }


_COMPARISONS: dict[str, Callable[[datetime, datetime], bool]] = {
    "le": le,
    "lt": lt,
    "ge": ge,
    "gt": gt,
}


def matching(objects: Iterable[Json], condition: str) -> list[Json]:
    """The objects that meet a $filter of creation times."""
    tests = [part.split() for part in condition.split(" and ") if part]
    return [one for one in objects if all(_meets(one, *test) for test in tests)]


def _meets(one: Json, name: str, operator: str, literal: str) -> bool:
    told = one.get(name)
    if literal == "null" or told is None:
        return (literal == "null") == (told is None) and operator == "eq"
    at, limit = datetime.fromisoformat(told), datetime.fromisoformat(literal)
    return _COMPARISONS[operator](at, limit)
