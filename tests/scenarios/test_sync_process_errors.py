"""What goes wrong in a reading process is told as if it had gone wrong here."""

import asyncio
import time
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
from bot.sync_process.messages import Balance, Task
from bot.sync_process.parent import Means, ReadFailedError, SyncProcesses
from bot.sync_process.process import ReadingProcess
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


async def test_one_that_was_just_beginning_ends_too(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The bot is asked to end between the process's birth and its being known."""
    processes = SyncProcesses(place.database, Quotas(SystemClock()), place.means)
    begin = ReadingProcess.begin
    born: list[ReadingProcess] = []

    async def slow(task: Task) -> ReadingProcess:
        born.append(await begin(task))
        await processes.stop()
        return born[0]

    monkeypatch.setattr(ReadingProcess, "begin", slow)
    began = time.monotonic()
    with pytest.raises(asyncio.CancelledError):
        await processes.read(str(place.tenant.id), BY, ["User.Read.All"])

    assert born[0].status is not None
    assert time.monotonic() - began < 5


async def test_it_runs_our_program_wherever_the_bot_was_started(
    place: Place, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Files of these names in the working directory are none of ours."""
    trap = "import os; os._exit(77)\n"
    for name in ("json.py", "msgspec.py", "bot/__init__.py", "bot/sync_process.py"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(trap, encoding="utf-8")
    monkeypatch.chdir(tmp_path)

    with pytest.raises(ReadFailedError) as raised:
        await place.reads(ca_bundle=Path("/does/not/exist.pem"))

    assert raised.value.code == "ca_bundle"


def test_nothing_secret_is_in_what_is_printed(place: Place) -> None:
    means = replace(place.means, database_url="postgresql+psycopg://u:hush@db/x")
    task = means.task(place.tenant, BY, [], Balance())

    for said in (repr(means), repr(task), str(task)):
        assert "hush" not in said
        assert means.encryption_keys[0] not in said
