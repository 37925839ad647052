"""What goes wrong in a reading process is told as if it had gone wrong here."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import uuid4

import pytest

from bot.domain.ids import ConnectionId
from bot.domain.tenants import Tenant
from bot.graph.quota import Quotas
from bot.ports import SystemClock
from bot.sync_process.messages import Balance
from bot.sync_process.parent import Means, ReadFailedError, SyncProcesses
from bot.workflows.sync_record import TurnLostError
from store import data_sets, tenants
from store.engine import PASSING, Database, open_database
from store.keyring import KeyRing
from tests.store.people import SECRET, a_tenant

BY = "sync:1"


@dataclass
class Place:
    """A connected tenant whose directory may be read, and what that takes."""

    database: Database
    tenant: Tenant
    means: Means

    async def reads(self, by: str = BY, **changes: object) -> dict[str, str]:
        """Read it in a process of its own, with other means where they are given."""
        means = replace(self.means, **changes)  # type: ignore[arg-type]  # by tests
        processes = SyncProcesses(self.database, Quotas(SystemClock()), means)
        return await processes.read(str(self.tenant.id), by, ["User.Read.All"])


@pytest.fixture
async def place(tmp_path: Path) -> AsyncIterator[Place]:
    url = f"sqlite+aiosqlite:///{tmp_path / 'gatehouse.db'}"
    database, tenant, key = open_database(url), a_tenant(), KeyRing.generate_key()
    await database.upgrade()
    async with database.sessions.begin() as session:
        await tenants.add(session, tenant, SECRET, KeyRing([key]))
        now, lasts = datetime.now(UTC), timedelta(minutes=5)
        await data_sets.claim(session, tenant.id, BY, now, lasts)
    means = Means(url, [key], tmp_path, {}, None, True, "INFO")
    yield Place(database, tenant, means)
    await database.close()


async def test_an_error_comes_with_its_code_and_its_remedy(place: Place) -> None:
    with pytest.raises(ReadFailedError) as raised:
        await place.reads(ca_bundle=Path("/does/not/exist.pem"))

    assert raised.value.code == "ca_bundle"
    assert "/does/not/exist.pem" in raised.value.message
    assert "PEM file" in raised.value.remedy


async def test_keys_that_do_not_open_the_credential_are_named(place: Place) -> None:
    other = KeyRing.generate_key()

    with pytest.raises(ReadFailedError) as raised:
        await place.reads(encryption_keys=[other])

    assert raised.value.code == "decryption_failed"
    assert other not in str(raised.value)


async def test_a_turn_that_another_has_is_lost_there_too(place: Place) -> None:
    with pytest.raises(ReadFailedError) as raised:
        await place.reads(by="sync:2")

    assert raised.value.code == TurnLostError.code


async def test_a_database_that_is_away_is_tried_again_as_one_here(place: Place) -> None:
    """The engine tries a step again on these, for ten minutes."""
    with pytest.raises(PASSING) as raised:
        await place.reads(database_url="postgresql+psycopg://u:hush@127.0.0.1:9/x")

    assert "hush" not in str(raised.value)


async def test_a_tenant_that_is_gone_starts_no_process(place: Place) -> None:
    gone = Place(
        place.database, replace(place.tenant, id=ConnectionId(uuid4())), place.means
    )

    with pytest.raises(TurnLostError):
        await gone.reads()


async def test_nothing_is_begun_in_a_bot_that_is_about_to_end(place: Place) -> None:
    processes = SyncProcesses(place.database, Quotas(SystemClock()), place.means)
    await processes.stop()

    with pytest.raises(asyncio.CancelledError):
        await processes.read(str(place.tenant.id), BY, [])


def test_nothing_secret_is_in_what_is_printed(place: Place) -> None:
    means = replace(place.means, database_url="postgresql+psycopg://u:hush@db/x")
    task = means.task(place.tenant, BY, [], Balance())

    for said in (repr(means), repr(task), str(task)):
        assert "hush" not in said
        assert means.encryption_keys[0] not in said
