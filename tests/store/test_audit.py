"""The audit trail: nothing can be taken from it, or changed, without being noticed."""

import asyncio
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.domain.audit import AuditAction, AuditEntry
from bot.domain.ids import WorkspaceId
from store import audit
from store.audit import ChainCheck
from store.engine import Database
from tests.store.people import ACME, AMIR, NOW

OTHER = WorkspaceId("T0OTHER")
LENGTH = 6


def entry(number: int, **facts: str) -> AuditEntry:
    """One of several entries, in two workspaces."""
    return AuditEntry(
        at=NOW + timedelta(minutes=number),
        workspace_id=ACME if number % 2 else OTHER,
        actor=AMIR,
        action=AuditAction.REQUEST_APPROVED,
        subject=f"request:{number}",
        facts={"reason": f"Grund „{number}“", "digest": "0", **facts},
    )


async def write(database: Database, *written: AuditEntry) -> None:
    """Append entries, each in a transaction of its own."""
    for each in written:
        async with database.sessions.begin() as session:
            await audit.append(session, each)


async def verify(database: Database) -> ChainCheck:
    """Prove the chain as `gatehouse audit verify` does."""
    async with database.snapshots() as session:
        return await audit.verify(session)


async def run(session: AsyncSession, statement: str, **values: Any) -> None:
    """What somebody does who has the database's password."""
    await (await session.connection()).execute(text(statement), values)


async def without_triggers(session: AsyncSession) -> None:
    """Take the guards away, as only the tables' owner can."""
    if session.get_bind().dialect.name == "sqlite":
        for event in ("update", "delete", "insert"):
            await run(session, f"DROP TRIGGER audit_entry_{event}")
        for event in ("update", "delete"):
            await run(session, f"DROP TRIGGER audit_head_{event}")
        return
    for table in ("audit_entry", "audit_head"):
        await run(session, f"ALTER TABLE {table} DISABLE TRIGGER USER")


async def test_an_empty_trail_is_whole(database: Database) -> None:
    """Nothing was written, nothing is missing."""
    assert await verify(database) == ChainCheck(True, 0)


async def test_entries_come_back_in_order(database: Database) -> None:
    """All, or those of one workspace."""
    written = [entry(number) for number in range(5)]
    await write(database, *written)

    async with database.snapshots() as session:
        read = [each async for each in audit.entries(session)]
        ours = [each async for each in audit.entries(session, ACME)]
        chained = [each async for each in audit.chained_entries(session)]

    assert read == written
    assert ours == written[1::2]
    assert [each.number for each in chained] == [1, 2, 3, 4, 5]
    assert await verify(database) == ChainCheck(True, 5)


async def test_more_than_a_page(database: Database) -> None:
    """Reading goes on behind the first page."""
    async with database.sessions.begin() as session:
        for number in range(1_001):
            await audit.append(session, entry(number))

    async with database.snapshots() as session:
        subjects = [each.subject async for each in audit.entries(session)]
    assert subjects == [f"request:{number}" for number in range(1_001)]
    assert await verify(database) == ChainCheck(True, 1_001)


async def test_who_writes_at_once_takes_turns(database: Database) -> None:
    """Twenty writers: twenty rows, one unbroken chain."""
    await asyncio.gather(*(write(database, entry(number)) for number in range(20)))

    assert await verify(database) == ChainCheck(True, 20)


async def test_what_is_rolled_back_leaves_no_gap(database: Database) -> None:
    """The number is used by the next entry."""
    await write(database, entry(0))
    async with database.sessions() as session:
        await audit.append(session, entry(1))
        await session.rollback()
    await write(database, entry(2))

    assert await verify(database) == ChainCheck(True, 2)


async def test_a_time_of_any_zone_is_hashed_as_it_comes_back(
    database: Database,
) -> None:
    """In UTC."""
    local = datetime(2026, 7, 1, 8, 0, tzinfo=timezone(timedelta(hours=2)))
    await write(
        database,
        AuditEntry(local, ACME, "gatehouse", AuditAction.KEYS_ROTATED, "keys:1"),
    )

    assert await verify(database) == ChainCheck(True, 1)
    async with database.snapshots() as session:
        (read,) = [each async for each in audit.entries(session)]
    assert read.at == local
    assert read.at.tzinfo is UTC


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit_entry SET actor = 'nobody' WHERE number = 1",
        "DELETE FROM audit_entry",
        "DELETE FROM audit_head",
        "UPDATE audit_head SET number = 1",
        "UPDATE audit_head SET number = 7",
    ],
)
async def test_the_database_itself_refuses(database: Database, statement: str) -> None:
    """Also to whoever comes past the bot."""
    await write(database, entry(0), entry(1))

    async with database.sessions() as session:
        with pytest.raises(DBAPIError, match=r"append-only|one entry at a time"):
            await run(session, statement)

    assert await verify(database) == ChainCheck(True, 2)


async def test_there_is_no_way_round_the_row_triggers(database: Database) -> None:
    """REPLACE on SQLite and TRUNCATE on PostgreSQL call none of them."""
    await write(database, entry(0))
    statement = (
        "INSERT OR REPLACE INTO audit_entry SELECT number, at, workspace_id, 'nobody', "
        "action, subject, facts, previous_hash, hash FROM audit_entry"
        if database.is_sqlite
        else "TRUNCATE audit_entry"
    )

    async with database.sessions() as session:
        with pytest.raises(DBAPIError, match="append-only"):
            await run(session, statement)


TEXTS = ("workspace_id", "actor", "action", "subject", "facts", "previous_hash", "hash")
NUMBERS = st.integers(1, LENGTH)
# PostgreSQL stores neither; SQLite's driver refuses lone surrogates.
WORDS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"))


@st.composite
def edits(draw: st.DrawFn) -> list[tuple[str, dict[str, Any]]]:
    """One thing that somebody could do to the rows, as SQL with its values."""
    number = draw(NUMBERS)
    where = {"number": number}
    kind = draw(st.sampled_from(["text", "at", "number", "delete", "swap", "insert"]))
    if kind == "text":
        column = draw(st.sampled_from(TEXTS))
        word = draw(WORDS | st.sampled_from(["{}", '{"a":1}', "0" * 64]))
        return [(REWRITE % column, where | {"word": word})]
    if kind == "at":
        # Text comes back on SQLite, a time is wanted on PostgreSQL: SQL makes either.
        source = draw(NUMBERS.filter(lambda other: other != number))
        statement = (
            "UPDATE audit_entry SET at = (SELECT at FROM audit_entry AS other "
            "WHERE other.number = :source) WHERE number = :number"
        )
        return [(statement, where | {"source": source})]
    if kind == "number":
        moved = draw(st.integers(-3, 0) | st.integers(LENGTH + 1, LENGTH + 3))
        return [(MOVE, where | {"moved": moved})]
    if kind == "delete":
        last = draw(st.integers(number, LENGTH))
        statement = "DELETE FROM audit_entry WHERE number BETWEEN :number AND :last"
        return [(statement, where | {"last": last})]
    if kind == "swap":
        other = draw(NUMBERS.filter(lambda each: each != number))
        return [
            (MOVE, {"number": number, "moved": 99}),
            (MOVE, {"number": other, "moved": number}),
            (MOVE, {"number": 99, "moved": other}),
        ]
    place = draw(st.integers(-1, 0) | st.integers(LENGTH + 1, LENGTH + 2))
    return [(COPY, where | {"place": place})]


REWRITE = "UPDATE audit_entry SET %s = :word WHERE number = :number"
MOVE = "UPDATE audit_entry SET number = :moved WHERE number = :number"
COPY = (
    "INSERT INTO audit_entry SELECT :place, at, workspace_id, actor, action, subject, "
    "facts, previous_hash, hash FROM audit_entry WHERE number = :number"
)


async def contents(session: AsyncSession) -> list[tuple[Any, ...]]:
    """The rows as they are."""
    connection = await session.connection()
    found = await connection.execute(
        text("SELECT * FROM audit_entry ORDER BY number, hash")
    )
    return [tuple(row) for row in found]


@settings(
    max_examples=60,
    deadline=None,
    # The database is shared by the examples; each is rolled back.
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(changes=edits())
async def test_any_edit_is_found(
    database: Database, changes: list[tuple[str, dict[str, Any]]]
) -> None:
    """Whatever column of whatever row, rows removed, added or moved."""
    if (await verify(database)).rows == 0:
        await write(database, *(entry(number) for number in range(LENGTH)))
    async with database.sessions() as session:
        await without_triggers(session)
        before = await contents(session)
        for statement, values in changes:
            await run(session, statement, **values)
        changed = await contents(session) != before
        check = await audit.verify(session)
        await session.rollback()

    assert check.ok is not changed
    assert (check.broken_at is None) is check.ok


async def test_it_tells_where_and_what(database: Database) -> None:
    """The first row that is not as it was written."""
    await write(database, *(entry(number) for number in range(LENGTH)))

    async def after(statement: str) -> ChainCheck:
        async with database.sessions() as session:
            await without_triggers(session)
            await run(session, statement)
            check = await audit.verify(session)
            await session.rollback()
            return check

    assert await after("DELETE FROM audit_entry WHERE number = 3") == ChainCheck(
        False, 2, 3, "Row 3 is missing; the next one is 4."
    )
    assert await after("DELETE FROM audit_entry WHERE number > 4") == ChainCheck(
        False, 4, 5, "Rows 5 to 6 at the end are gone."
    )
    assert await after(
        "UPDATE audit_entry SET actor = 'x' WHERE number = 2"
    ) == ChainCheck(False, 1, 2, "Row 2 was changed.")
    assert await after("DELETE FROM audit_head") == ChainCheck(
        False, LENGTH, LENGTH + 1, "The head of the chain is gone."
    )
    assert await after(
        "UPDATE audit_head SET number = 5, hash = (SELECT hash FROM audit_entry "
        "WHERE number = 5)"
    ) == ChainCheck(
        False, LENGTH, LENGTH, "The last row is not the one that was written last."
    )


async def test_a_reader_of_a_snapshot_cannot_append(
    postgres_database: Database,
) -> None:
    """PostgreSQL holds it to that; SQLite has no read-only transaction."""
    async with postgres_database.snapshots() as session:
        with pytest.raises(DBAPIError, match="read-only"):
            await audit.append(session, entry(0))
