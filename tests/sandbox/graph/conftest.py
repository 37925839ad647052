"""The Entra simulator on a real TLS socket, and a caller with the bot's token."""

from collections.abc import AsyncIterator

import pytest

from sandbox.graph import Entra, EntraServer
from sandbox.seeds.entra import demo_tenant
from tests.sandbox.graph.calling import Caller, MovableClock


@pytest.fixture
def clock() -> MovableClock:
    return MovableClock()


@pytest.fixture
def entra(clock: MovableClock) -> Entra:
    return Entra(demo_tenant, clock=clock)


@pytest.fixture
async def server(entra: Entra) -> AsyncIterator[EntraServer]:
    async with EntraServer(entra) as running:
        yield running


@pytest.fixture
async def bot(entra: Entra, server: EntraServer) -> AsyncIterator[Caller]:
    caller = Caller(entra, server)
    async with caller.http:
        yield caller
