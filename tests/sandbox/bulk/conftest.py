"""A small generated directory on a real TLS socket, and a caller with its token."""

from collections.abc import AsyncIterator

import pytest

from sandbox.bulk import BulkServer, Shape
from tests.sandbox.bulk.calling import BulkCaller
from tests.sandbox.graph.calling import MovableClock

SHAPE = Shape.of(2_000)


@pytest.fixture
def clock() -> MovableClock:
    return MovableClock()


@pytest.fixture
async def server(clock: MovableClock) -> AsyncIterator[BulkServer]:
    async with BulkServer(SHAPE, latency=0, throttled=False, clock=clock) as running:
        yield running


@pytest.fixture
async def caller(server: BulkServer) -> AsyncIterator[BulkCaller]:
    caller = BulkCaller(server)
    async with caller.http:
        yield caller
