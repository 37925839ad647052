"""The Entra simulator over TLS, and the bot's Graph clients that trust its CA."""

from collections.abc import AsyncIterator

import pytest

from bot.domain.clouds import Cloud
from bot.graph.client import GraphClient
from bot.graph.connections import GraphClients
from sandbox.graph import Entra, EntraServer
from sandbox.seeds.entra import demo_tenant
from tests.graph.house import House, QuickClock


@pytest.fixture
def clock() -> QuickClock:
    return QuickClock()


@pytest.fixture
async def server(clock: QuickClock) -> AsyncIterator[EntraServer]:
    async with EntraServer(Entra(demo_tenant, clock=clock)) as running:
        yield running


@pytest.fixture
async def house(clock: QuickClock, server: EntraServer) -> AsyncIterator[House]:
    here = {"login": server.url, "graph": server.url}
    sent: list[dict[str, object]] = []
    graphs = GraphClients(
        {cloud.value: here for cloud in Cloud},
        server.ca_file,
        clock,
        on_request=sent.append,
    )
    yield House(server._entra, graphs, clock, sent)
    await graphs.aclose()


@pytest.fixture
def graph(house: House) -> GraphClient:
    return house.client()
