"""A control API with fixed answers, so that the page's drawing is tested alone.

It keeps what the page posts (`posts`) and lets a test change any answer and announce
it, as the real simulators do through their feed.
"""

import copy
import json
from typing import Any

from aiohttp import web

from sandbox.feed import ChangeFeed, feed_routes
from sandbox.page import page_routes
from tests.page import fixtures

Json = dict[str, Any]


class FakeControl:
    """Fixed answers, which a test may change, and a record of what was posted."""

    def __init__(self) -> None:
        self.feed = ChangeFeed()
        self.posts: list[tuple[str, Json]] = []
        self.workspace = fixtures.workspace()
        self.tenant = fixtures.tenant()
        self.messages: dict[str, list[Json]] = {}
        self.stacks: dict[str, list[Json]] = {}
        self.homes: dict[str, Json] = {}
        self.notices: dict[str, Json] = {}
        self.faults: dict[str, list[Json]] = fixtures.faults()
        self.log: Json = {"calls": [], "deliveries": []}
        self.requests: list[Json] = []
        self.answers: dict[str, Json] = {}

    def announce(self, *what: str) -> None:
        """Tell the page to look again."""
        self.feed.publish(*what)

    def posted(self, path: str) -> list[Json]:
        """Return the bodies posted to a path, oldest first."""
        return [body for where, body in self.posts if where == path]

    def app(self) -> web.Application:
        """Build the web application: page, feed and the fixed answers."""
        app = web.Application()
        app.add_routes([*page_routes(), *feed_routes(self.feed)])
        app.router.add_get("/control/{service}/{name}", self._sight)
        app.router.add_post("/control/{service}/{name}", self._act)
        return app

    async def _sight(self, request: web.Request) -> web.Response:
        path = "/".join(request.match_info[key] for key in ("service", "name"))
        query = request.query
        sights: dict[str, Json] = {
            "slack/workspace": self.workspace,
            "slack/messages": {"messages": self.messages.get(query.get("channel", ""))},
            "slack/views": self._views(query.get("as", "")),
            "slack/log": self.log,
            "slack/faults": {"faults": self.faults["slack"]},
            "entra/tenant": self.tenant,
            "entra/faults": {"faults": self.faults["entra"]},
            "entra/requests": {"requests": self.requests},
        }
        answer = {name: value or [] for name, value in sights[path].items()}
        return _answer({"ok": True, **answer, **self._views_raw(path, query)})

    def _views_raw(self, path: str, query: Any) -> Json:
        return self._views(query.get("as", "")) if path == "slack/views" else {}

    def _views(self, who: str) -> Json:
        return {
            "stack": self.stacks.get(who, []),
            "home": self.homes.get(who),
            "notice": self.notices.get(who),
        }

    async def _act(self, request: web.Request) -> web.Response:
        path = "/".join(request.match_info[key] for key in ("service", "name"))
        body = await request.json()
        self.posts.append((path, body))
        if path == "slack/close":
            self._close(body)
        return _answer({"ok": True, "error": None, **self.answers.get(path, {})})

    def _close(self, body: Json) -> None:
        stack = self.stacks.get(body["user"], [])
        del stack[0 if body["all"] else -1 :]

    def open(self, who: str, view: Json) -> None:
        """Put a modal on somebody's stack."""
        self.stacks.setdefault(who, []).append(copy.deepcopy(view))
        self.announce("views")


def _answer(body: Json) -> web.Response:
    return web.json_response(text=json.dumps(body))
