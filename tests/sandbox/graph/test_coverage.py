"""The coverage list says what the code does, and names tests that are there."""

import re
from collections import Counter
from pathlib import Path

import pytest
from aiohttp import web

from sandbox.graph import Entra, entra_app
from sandbox.graph.coverage import GRAPH, SIGN_IN
from sandbox.graph.covered import Covered, Status
from sandbox.graph.permissions import APP_ROLE_IDS
from sandbox.graph.resources import ROUTES
from tests.sandbox.graph.calling import DANA, Caller

HERE = Path(__file__).parent
EVERYTHING = (*SIGN_IN, *GRAPH)
ABSENT = [covered for covered in GRAPH if covered.status is Status.ABSENT]
PRESENT = [covered for covered in EVERYTHING if covered.status is not Status.ABSENT]


def test_every_graph_route_is_listed_once() -> None:
    listed = Counter(c.name for c in GRAPH if c.status is not Status.ABSENT)

    assert listed == Counter(route.name for route in ROUTES)


def test_every_sign_in_route_is_listed(entra: Entra) -> None:
    served = {
        f"{route.method} {route.resource.canonical}"
        for route in entra_app(entra).router.routes()
        if isinstance(route, web.ResourceRoute)
        and route.resource is not None
        and route.method not in ("*", "HEAD")
    }

    assert served == {covered.name for covered in SIGN_IN}


@pytest.mark.parametrize("covered", ABSENT, ids=lambda covered: covered.name)
async def test_absent_operation_is_refused(bot: Caller, covered: Covered) -> None:
    bot.consent(*APP_ROLE_IDS)
    method, path = covered.name.split(" ", 1)

    answer = await bot.http.request(method, re.sub(r"\{\w+\}", DANA, path), json={})

    # `delta` reads like an object's id to a simulator that does not know the word.
    assert answer.status_code in ({400, 404} if "delta" in path else {400, 405})


@pytest.mark.parametrize("covered", PRESENT, ids=lambda covered: covered.name)
def test_named_test_exists(covered: Covered) -> None:
    file, _, name = covered.test.partition("::")

    source = (HERE / file).read_text(encoding="utf-8")

    assert re.search(rf"^(async )?def {name}\(", source, re.MULTILINE)


def test_partial_operations_say_what_differs() -> None:
    silent = [c.name for c in EVERYTHING if c.status is Status.PARTIAL and not c.note]

    assert silent == []


async def test_signing_keys_are_kept_to_oneself(bot: Caller) -> None:
    answer = await bot.http.get(f"{bot.server.url}/common/discovery/v2.0/keys")

    assert answer.json() == {"keys": []}
