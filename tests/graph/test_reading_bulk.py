"""A company of thousands, read whole and then by its changes: always the truth."""

from collections.abc import AsyncIterator, Hashable
from contextlib import asynccontextmanager
from typing import Any

import pytest

from bot.domain.clouds import Cloud
from bot.domain.directory import DataSet
from bot.domain.rows import DirectoryRow, key_width
from bot.graph.connections import GraphClients
from bot.graph.data_sets import COLLECTIONS, OWNED
from bot.graph.reading import ChangePage, DirectoryReader
from sandbox.bulk import BulkServer, Shape
from tests.graph.house import CLIENT, SECRET, TENANT

Stored = dict[Any, DirectoryRow]

CHANGING = [
    DataSet.USERS,
    DataSet.GROUPS,
    DataSet.MEMBERSHIPS,
    DataSet.APPLICATIONS,
    DataSet.SERVICE_PRINCIPALS,
    DataSet.OAUTH_GRANTS,
    DataSet.DEVICES,
]
COUNTED = {
    *CHANGING,
    DataSet.APP_ROLE_ASSIGNMENTS,
    DataSet.GROUP_OWNERS,
    DataSet.APPLICATION_OWNERS,
    DataSet.SERVICE_PRINCIPAL_OWNERS,
    DataSet.FEDERATED_CREDENTIALS,
    DataSet.PROVISIONING_JOBS,
    DataSet.MANAGED_DEVICES,
}


@asynccontextmanager
async def company(users: int) -> AsyncIterator[tuple[BulkServer, DirectoryReader]]:
    """A company of so many users, throttled as Graph does, and a reader of it."""
    async with BulkServer(Shape.of(users), latency=0) as server:
        here = {"login": server.url, "graph": server.url}
        graphs = GraphClients({cloud.value: here for cloud in Cloud}, server.ca_file)
        client = graphs.fresh(Cloud.GLOBAL, TENANT, CLIENT, SECRET)
        yield server, DirectoryReader(client)
        await graphs.aclose()


def key_of(data_set: DataSet, row: DirectoryRow) -> Hashable:
    """What tells a row from others, as `ChangePage.removed` names it."""
    width = key_width(data_set)
    return row[0] if width == 1 else row[:width]


async def whole(
    reader: DirectoryReader, data_set: DataSet, width: int = 16
) -> tuple[Stored, str | None]:
    """A full read as it would be stored, and where changes are told."""
    stored: Stored = {}
    link = None
    async for page in reader.full(data_set, width=width):
        stored |= {key_of(data_set, row): row for row in page.rows}
        link = page.delta_link
    return stored, link


def apply(data_set: DataSet, stored: Stored, page: ChangePage) -> None:
    """Apply a page of changes as a store does."""
    for row in page.upserts:
        key = key_of(data_set, row)
        kept = stored.get(key)
        if kept is not None:
            old = {name: getattr(kept, name) for name in page.untold}
            row = row._replace(**old)
        stored[key] = row
    for key in page.removed:
        stored.pop(key, None)
    for group_id in page.emptied:
        for key in [key for key in stored if key[0] == group_id]:
            del stored[key]


async def test_every_data_set_is_whole_and_nothing_is_refused() -> None:
    async with company(20_000) as (server, reader):
        for data_set in (*COLLECTIONS, *OWNED):
            if data_set is DataSet.REGISTRATIONS:
                continue  # paced so that it takes its time; see below
            stored, _ = await whole(reader, data_set)
            assert len(stored) > 0
            if data_set in COUNTED:
                assert len(stored) == server.directory.count(data_set.value)
        assert server.meter.throttled == 0


async def test_those_who_never_signed_in_are_told_from_those_who_did() -> None:
    async with company(2_000) as (server, reader):
        stored, _ = await whole(reader, DataSet.SIGN_IN_ACTIVITY)

        assert len(stored) == server.directory.count("users")
        signed_in = [row for row in stored.values() if any(row[1:])]
        assert len(signed_in) == server.directory.count("sign_in_activity")


async def test_registrations_are_read_in_the_few_requests_that_are_allowed() -> None:
    async with company(2_000) as (server, reader):
        stored, _ = await whole(reader, DataSet.REGISTRATIONS)

        assert len(stored) == server.directory.count("registrations")
        assert server.meter.requests <= 4
        assert server.meter.throttled == 0


@pytest.mark.parametrize("data_set", CHANGING)
async def test_changes_lead_to_what_a_full_read_tells(data_set: DataSet) -> None:
    async with company(2_000) as (server, reader):
        stored, link = await whole(reader, data_set)
        for _ in range(3):
            server.directory.churn(0.05)
            assert link is not None
            async for page in reader.changes(data_set, link):
                apply(data_set, stored, page)
                link = page.delta_link

        fresh, _ = await whole(reader, data_set, width=1)
        assert stored == fresh


async def test_changes_of_one_in_a_hundred_take_few_requests() -> None:
    async with company(20_000) as (server, reader):
        links = {
            data_set: await reader.start_delta(data_set)
            for data_set in (DataSet.USERS, DataSet.GROUPS, DataSet.APPLICATIONS)
        }
        server.directory.churn(0.01)
        server.meter.clear()

        for data_set, link in links.items():
            assert link is not None
            assert [page async for page in reader.changes(data_set, link)]

        assert server.meter.requests <= 5
