"""What Graph or a proxy says in an error is stored as the reason, whatever it holds.

A reason that could not be stored would end the reading of everything else as well.
"""

import json

import httpx
import pytest

from bot.domain.directory import Standing
from tests.graph.small_graph import ROOT
from tests.scenarios.test_sync_refused import CRM, WIKI, Provisioning, provisioning
from tests.store.databases import database_url, postgres

__all__ = ["database_url", "postgres", "provisioning"]

ODD = "No\0t \ud800this \udfff\x07one."


def answer(status: int, body: object) -> httpx.Response:
    """An answer in ASCII, so that JSON's escapes may hold anything."""
    return httpx.Response(status, content=json.dumps(body).encode())


HOSTILE = {
    "message": answer(400, {"error": {"code": ODD, "message": ODD}}),
    "next link": answer(
        200, {"value": [], "@odata.nextLink": f"https://other.example/{ODD}"}
    ),
    "own next link": answer(200, {"value": [], "@odata.nextLink": f"{ROOT}/{ODD}"}),
    "no end of brackets": httpx.Response(400, content=b"[" * 200_000),
}


@pytest.fixture
async def desk(provisioning: Provisioning) -> Provisioning:
    await provisioning.syncs({CRM: ["crm"], WIKI: ["wiki"]})
    assert (await provisioning.state()).standing is Standing.CURRENT
    return provisioning


@pytest.mark.parametrize("what", HOSTILE)
async def test_a_reason_can_be_stored_whatever_was_said(
    desk: Provisioning, what: str
) -> None:
    await desk.meets("/v1.0/servicePrincipals", HOSTILE[what])

    state = await desk.state()
    assert state.standing is Standing.FAILED
    assert state.reason
    assert "\0" not in state.reason
    assert await desk.known() == {(CRM, "crm"), (WIKI, "wiki")}
