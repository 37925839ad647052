"""A caller of the generated directory, and a copy that follows its changes."""

import ssl
from collections.abc import Iterable
from typing import Any

import httpx

from sandbox.bulk import BulkServer
from tests.sandbox.graph.calling import json_of

Json = dict[str, Any]
EVENTUAL = {"ConsistencyLevel": "eventual"}


class BulkCaller:
    """Asks with the bot's token."""

    def __init__(self, server: BulkServer) -> None:
        context = ssl.create_default_context(cafile=str(server.ca_file))
        self.server = server
        self.http = httpx.AsyncClient(
            verify=context, base_url=f"{server.url}/v1.0", trust_env=False
        )
        self.sign_in()

    def sign_in(self) -> None:
        """Take a fresh token."""
        self.http.headers["Authorization"] = f"Bearer {self.server.access_token()}"

    async def pages(self, target: str, headers: Any = None) -> list[list[Json]]:
        """Follow next links, page by page."""
        link, pages = target, []
        while link:
            body = json_of(await self.http.get(link, headers=headers))
            pages.append(body["value"])
            link = body.get("@odata.nextLink", "")
        return pages

    async def items(self, target: str, headers: Any = None) -> list[Json]:
        """GET all of a collection."""
        return [item for page in await self.pages(target, headers) for item in page]

    async def changes(self, link: str) -> tuple[list[Json], str]:
        """Follow a delta link to its end: every row, and the link for next time."""
        rows: list[Json] = []
        while True:
            answer = await self.http.get(
                link, headers={"Prefer": "odata.maxpagesize=150"}
            )
            body = json_of(answer)
            rows += body["value"]
            if end := body.get("@odata.deltaLink"):
                return rows, end
            link = body["@odata.nextLink"]


class Copy:
    """Objects by id, and related ids of each, kept current by rows of changes."""

    def __init__(self, relation: str = "") -> None:
        self.objects: dict[str, Json] = {}
        self.related: dict[str, set[str]] = {}
        self._relation = f"{relation}@delta"

    def apply(self, rows: Iterable[Json]) -> None:
        """Take rows in, in any order, as often as they come."""
        for row in rows:
            if "@removed" in row:
                self.objects.pop(row["id"], None)
                self.related.pop(row["id"], None)
                continue
            told = dict(row)
            for other in told.pop(self._relation, ()):
                self._relate(row["id"], other)
            self.objects.setdefault(row["id"], {}).update(told)

    def _relate(self, object_id: str, other: Json) -> None:
        related = self.related.setdefault(object_id, set())
        if "@removed" in other:
            related.discard(other["id"])
        else:
            related.add(other["id"])

    def pairs(self) -> set[tuple[str, str]]:
        """Return every object with each that it is related to."""
        return {(one, other) for one, many in self.related.items() for other in many}


def filled(item: Json, names: Iterable[str]) -> Json:
    """Return these properties of an object, without nulls: as delta tells it."""
    return {name: item[name] for name in names if item[name] is not None}
