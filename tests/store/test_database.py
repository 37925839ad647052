"""Opening a database, and what its sessions promise."""

import asyncio
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import StatementError

from store import inbound, replicas, tenants
from store.engine import BadDatabaseUrlError, Database, open_database
from store.keyring import KeyRing
from tests.store.people import NOW, SECRET, a_tenant


@pytest.mark.parametrize(
    "url",
    [
        "",
        "gatehouse.db",
        "mysql://root:hunter2@localhost/gatehouse",
        "sqlite+aiosqlite://",
        "postgresql://gatehouse:hunter2@localhost/gatehouse",
    ],
)
def test_other_addresses_are_refused_without_repeating_them(url: str) -> None:
    """A password in an address must not come back in the error."""
    with pytest.raises(BadDatabaseUrlError) as refusal:
        open_database(url)

    assert "hunter2" not in str(refusal.value)
    assert "postgresql+psycopg://" in refusal.value.remedy


async def test_a_missing_folder_is_made(tmp_path: Path) -> None:
    """The default's data folder need not exist."""
    database = open_database(f"sqlite+aiosqlite:///{tmp_path}/new/100%/gatehouse.db")

    await database.upgrade()
    await database.close()

    assert (tmp_path / "new" / "100%" / "gatehouse.db").exists()


async def test_sqlite_keeps_a_write_ahead_log(tmp_path: Path) -> None:
    """Readers and the writer would otherwise wait for each other."""
    database = open_database(f"sqlite+aiosqlite:///{tmp_path}/gatehouse.db")
    async with database.engine.connect() as connection:
        mode = await connection.scalar(text("PRAGMA journal_mode"))
        foreign_keys = await connection.scalar(text("PRAGMA foreign_keys"))
    await database.close()

    assert (mode, foreign_keys) == ("wal", 1)


async def test_many_who_read_and_then_write_all_succeed(database: Database) -> None:
    """Twenty at once: none is told that the database is locked."""

    async def count_up(number: int) -> bool:
        async with database.sessions.begin() as session:
            await replicas.dead(session, NOW)
            return await inbound.claim(session, f"delivery:{number}", NOW)

    assert all(await asyncio.gather(*(count_up(number) for number in range(20))))


async def test_a_snapshot_sees_one_moment_and_holds_nobody_up(
    database: Database,
) -> None:
    """What is written meanwhile is not seen, and is written nevertheless."""
    async with database.snapshots() as reader:
        before = await replicas.living(reader, NOW)
        async with database.sessions.begin() as writer:
            await replicas.heartbeat(writer, "late", NOW)
        during = await replicas.living(reader, NOW)
    async with database.snapshots() as reader:
        after = await replicas.living(reader, NOW)

    assert (before, during, after) == ([], [], ["late"])


async def test_times_come_back_as_the_same_instant_in_utc(database: Database) -> None:
    """Written in Tokyo, read in UTC, to the microsecond."""
    tokyo = timezone(timedelta(hours=9))
    async with database.sessions.begin() as session:
        tenant = a_tenant(connected_at=NOW.astimezone(tokyo))
        keys = KeyRing([KeyRing.generate_key()])
        await tenants.add(session, tenant, SECRET, keys)
        stored = await tenants.get(session, tenant.id)

    assert stored.connected_at == NOW
    assert stored.connected_at.tzinfo is UTC


async def test_a_time_without_a_zone_is_refused(database: Database) -> None:
    """Nobody could tell which instant it is."""
    naive = datetime(2026, 3, 2)  # noqa: DTZ001 - the very thing that is refused
    async with database.sessions() as session:
        with pytest.raises(StatementError, match="no time zone"):
            await inbound.claim(session, "delivery", naive)


async def test_people_can_read_it_with_sql(database: Database) -> None:
    """Words as words, GUIDs with dashes, names in their own letters."""
    tenant = a_tenant(name="Zürich")
    async with database.sessions.begin() as session:
        keys = KeyRing([KeyRing.generate_key()])
        await tenants.add(session, tenant, SECRET, keys)
        connection = await session.connection()
        found = await connection.execute(
            text(
                "SELECT name, status, cloud, sign_in_kind, CAST(approvers AS TEXT) "
                "FROM tenant WHERE tenant_id = :id"
            ),
            {"id": str(tenant.tenant_id)},
        )

    assert tuple(found.one()) == (
        "Zürich",
        "active",
        "global",
        "client_secret",
        '["U0AMIR", "U0RUTH"]',
    )
