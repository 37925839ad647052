"""One client for each connection, and what leaves the house with each request."""

import json
import logging
from dataclasses import replace
from datetime import UTC, datetime
from uuid import uuid4

import pytest
import structlog

from bot.domain.clouds import Cloud
from bot.domain.ids import ChannelId, ConnectionId, SlackUserId, WorkspaceId
from bot.domain.tenants import AppCredential, SignInKind, Tenant
from bot.graph.errors import UnavailableError
from bot.graph.groups import direct_groups
from bot.graph.organization import organization
from bot.graph.patience import INTERACTIVE
from bot.graph.users import find_user_by_address, get_user, set_account_enabled
from sandbox.graph import EntraServer
from tests.graph.house import CLIENT, DANA, SECRET, TENANT, House


@pytest.fixture
def contoso() -> Tenant:
    return Tenant(
        id=ConnectionId(uuid4()),
        workspace_id=WorkspaceId("T1"),
        name="Contoso",
        cloud=Cloud.GLOBAL,
        tenant_id=TENANT,
        client_id=CLIENT,
        sign_in_kind=SignInKind.SECRET,
        alerts_channel=ChannelId("C1"),
        approvals_channel=ChannelId("C2"),
        approvers=(SlackUserId("U1"),),
        connected_by=SlackUserId("U1"),
        connected_at=datetime(2026, 5, 1, tzinfo=UTC),
    )


async def test_a_connection_signs_in_once(house: House, contoso: Tenant) -> None:
    for _ in range(3):
        await organization(house.graphs.for_tenant(contoso, SECRET))
    renamed = replace(contoso, name="Contoso AB")
    await organization(house.graphs.for_tenant(renamed, SECRET))

    assert house.sign_ins() == 1


async def test_another_secret_means_another_client(
    house: House, contoso: Tenant
) -> None:
    first = house.graphs.for_tenant(contoso, SECRET)
    other = AppCredential(SignInKind.SECRET, "another")

    assert house.graphs.for_tenant(contoso, other) is not first
    assert house.graphs.for_tenant(contoso, SECRET) is not first  # it was replaced


async def test_a_forgotten_connection_signs_in_again(
    house: House, contoso: Tenant
) -> None:
    await house.graphs.for_tenant(contoso, SECRET).granted()
    house.graphs.forget(contoso.id)
    house.graphs.forget(contoso.id)
    await house.graphs.for_tenant(contoso, SECRET).granted()

    assert house.sign_ins() == 2


async def test_patience_and_priority_share_the_token(house: House) -> None:
    graph = house.client()
    await graph.granted()

    await organization(graph.with_priority("low"))
    await organization(graph)

    assert house.sign_ins() == 1
    priorities = [line["headers"]["x-ms-throttle-priority"] for line in house.sent]
    assert priorities == ["low", "normal"]


async def test_what_was_sent_is_recorded_without_what_signs_in(house: House) -> None:
    graph = house.client()
    token = (await graph._caller.sign_in.token()).value
    await set_account_enabled(graph, DANA, False)
    await direct_groups(graph, DANA)

    lines = [json.dumps(line) for line in house.sent]

    assert json.loads(lines[0])["body"] == {"accountEnabled": False}
    assert json.loads(lines[-1])["body"]["requests"][0]["headers"] == {
        "ConsistencyLevel": "eventual"
    }
    for line in lines:
        assert set(json.loads(line)) <= {"method", "url", "body", "headers"}
        assert token not in line
        assert SECRET.value not in line
        assert "authorization" not in line.lower()


async def test_logs_tell_calls_but_neither_people_nor_tokens(
    house: House, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    logging.getLogger("httpx").setLevel(logging.WARNING)  # caplog raised it
    graph = house.client()
    with structlog.testing.capture_logs() as events:
        await find_user_by_address(graph, "dana@contoso.example")
        house.entra.faults.throttle(times=1)
        await get_user(graph, DANA)

    told = f"{events} {caplog.text}"
    assert [event["event"] for event in events] == [
        "graph_answered",
        "graph_answered",
        "graph_waits",
        "graph_answered",
    ]
    assert events[0]["path"] == "/users"
    assert events[0]["request_id"]
    assert "dana" not in told.lower()
    assert "bearer" not in told.lower()


async def test_a_closed_house_sends_nothing(house: House, server: EntraServer) -> None:
    graph = house.client()
    await graph.granted()
    await server.stop()

    with pytest.raises(UnavailableError):
        await organization(graph.with_patience(replace(INTERACTIVE, attempts=1)))
