"""The Entra simulator over TLS, and the bot's Graph clients that trust its CA."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime

import pytest

from bot.domain.clouds import Cloud
from bot.graph.client import GraphClient
from bot.graph.connections import GraphClients
from sandbox.graph import Entra, EntraServer
from sandbox.graph.tenant import Tenant
from sandbox.seeds.entra import demo_tenant
from tests.graph.house import House, QuickClock


@pytest.fixture
def clock() -> QuickClock:
    return QuickClock()


@pytest.fixture(scope="session")
def seeded() -> Tenant:
    """The demo tenant, made once: its keys take a while."""
    return demo_tenant(datetime.now(UTC))


@pytest.fixture
def entra(clock: QuickClock, seeded: Tenant) -> Entra:
    return Entra(lambda _: seeded.clone(), clock=clock)


@pytest.fixture
async def server(entra: Entra) -> AsyncIterator[EntraServer]:
    async with EntraServer(entra) as running:
        yield running


@pytest.fixture
async def house(
    clock: QuickClock, entra: Entra, server: EntraServer
) -> AsyncIterator[House]:
    here = {"login": server.url, "graph": server.url}
    sent: list[dict[str, object]] = []
    graphs = GraphClients(
        {cloud.value: here for cloud in Cloud},
        server.ca_file,
        clock,
        on_request=sent.append,
    )
    yield House(entra, graphs, clock, sent)
    await graphs.aclose()


@pytest.fixture
def graph(house: House) -> GraphClient:
    return house.client()
