"""Reads that end before their end, page by page: what stays, and where they go on."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass

import pytest

from bot.domain.directory import DataSet, Standing
from bot.domain.rows import DirectoryRow
from bot.domain.syncs import is_done, sight
from bot.domain.tenants import Tenant
from bot.graph.errors import DeltaExpiredError, GraphError, UnlicensedError
from bot.graph.reading import ChangePage, ReadPage
from bot.workflows.sync_reading import RESUMED_WITHIN, DataSetSync
from bot.workflows.sync_record import SyncRecord
from store import data_sets
from store.bulk import bulk
from store.engine import Database
from tests.scenarios.lookout import MovedClock
from tests.scenarios.read_bench import ScriptedReader, turn_taken
from tests.store.directory import a_user, guid, stored

USERS = DataSet.USERS
CUT = GraphError("A page came cut off.", remedy="Look for a proxy.")


@dataclass
class Bench:
    """A data set, a reader that does as told, and a clock."""

    database: Database
    tenant: Tenant
    clock: MovedClock
    reader: ScriptedReader

    async def reads(self, *script: ReadPage | ChangePage | BaseException) -> str:
        """One read with these answers; returns what was asked for."""
        self.reader.script = list(script)
        self.reader.asked = []
        async with bulk(self.database) as writer:
            record = SyncRecord(
                self.database, self.clock, self.tenant.id, "sync", writer
            )
            await DataSetSync(record, self.reader).run(USERS, ["User.Read.All"])
        return ", ".join(str(each) for each in self.reader.asked)

    async def state(self) -> data_sets.Progress:
        """How it stands now."""
        async with self.database.snapshots() as session:
            return await data_sets.progress(session, self.tenant.id, USERS)

    async def rows(self) -> set[DirectoryRow]:
        """What is stored."""
        return await stored(self.database, self.tenant.id, USERS)


@pytest.fixture
async def bench(database_url: str) -> AsyncIterator[Bench]:
    """Contoso with the turn taken; on both kinds of databases."""
    async with turn_taken(database_url) as turn:
        yield Bench(*turn, ScriptedReader())


def page(*numbers: int, last: bool = False) -> ReadPage:
    """Users of a complete read, with a mark that names the last of them."""
    rows: list[DirectoryRow] = [a_user(number) for number in numbers]
    link = "https://delta/1" if last else None
    return ReadPage(rows, f"after {numbers[-1]}", link, 10, is_last=last)


def people(*numbers: int) -> set[DirectoryRow]:
    """Those users."""
    return {a_user(number) for number in numbers}


async def test_a_failed_read_goes_on_from_its_last_page(bench: Bench) -> None:
    """Of two failures at the same place the second gives the place up."""
    assert await bench.reads(page(1), page(2), CUT) == "full"
    failed = await bench.state()
    assert failed.state.standing is Standing.FAILED
    assert failed.state.reason == "A page came cut off. Look for a proxy."
    assert (failed.state.rows, failed.state.read_at) == (2, None)

    assert await bench.reads(page(3), CUT) == "resume after 2"
    assert await bench.reads(CUT) == "resume after 3"
    assert await bench.rows() == people(1, 2, 3)
    assert (await bench.state()).mark is None

    assert await bench.reads(page(1), page(2), page(4, last=True)) == "full"
    ended = await bench.state()
    assert ended.state.standing is Standing.CURRENT
    assert await bench.rows() == people(1, 2, 4), "3 is gone, by a complete read"
    assert ended.resource_units == 30


async def test_a_killed_read_goes_on_and_sweeps_only_at_its_end(bench: Bench) -> None:
    await bench.reads(page(1), page(2), page(3, last=True))
    with pytest.raises(asyncio.CancelledError):
        await bench.reads(DeltaExpiredError(CUT), page(2), asyncio.CancelledError())
    killed = await bench.state()
    assert killed.state.standing is Standing.READING
    assert killed.state.rows == 3
    assert await bench.rows() == people(1, 2, 3)

    assert await bench.reads(page(4, last=True)) == "resume after 2"

    assert await bench.rows() == people(2, 4)
    state = (await bench.state()).state
    assert (state.standing, state.rows) == (Standing.CURRENT, 2)
    assert state.delta_link == "https://delta/1"


async def test_what_was_killed_long_ago_begins_anew(bench: Bench) -> None:
    with pytest.raises(asyncio.CancelledError):
        await bench.reads(page(1), asyncio.CancelledError())
    bench.clock.at += RESUMED_WITHIN

    assert await bench.reads(page(2, last=True)) == "full"

    assert await bench.rows() == people(2)


async def test_a_read_that_never_says_it_is_complete_removes_nothing(
    bench: Bench,
) -> None:
    await bench.reads(page(1), page(2), page(3, last=True))
    await bench.reads(DeltaExpiredError(CUT), page(1))

    assert (await bench.state()).state.standing is Standing.FAILED
    assert await bench.rows() == people(1, 2, 3)


async def test_changes_go_on_from_the_page_that_was_committed(bench: Bench) -> None:
    """A page of several parts is committed whole or not at all."""
    await bench.reads(page(1), page(2), page(3, last=True))
    told = a_user(1, department="Sales", manager_id=None)
    untold = frozenset({"manager_id"})
    first = [
        ChangePage([told], [], None, None, untold=untold),
        ChangePage([], [guid(2)], "https://delta/1/page2", None),
    ]
    part = ChangePage([a_user(5)], [], None, None)

    asked = await bench.reads(*first, part, CUT)

    assert asked == "changes https://delta/1"
    moved = a_user(1, department="Sales")
    assert await bench.rows() == {moved, *people(3)}
    failed = (await bench.state()).state
    assert (failed.standing, failed.rows) == (Standing.FAILED, 2)

    end = ChangePage([], [], None, "https://delta/2")
    assert await bench.reads(part, end) == "changes https://delta/1/page2"
    assert await bench.rows() == {moved, *people(3, 5)}
    state = (await bench.state()).state
    assert (state.standing, state.delta_link) == (Standing.CURRENT, "https://delta/2")


async def test_changes_cut_short_are_not_called_current(bench: Bench) -> None:
    await bench.reads(page(1), page(2), page(3, last=True))
    first = ChangePage([], [guid(2)], "https://delta/1/page2", None)
    with pytest.raises(asyncio.CancelledError):
        await bench.reads(first, asyncio.CancelledError())

    killed = (await bench.state()).state

    assert killed.standing is Standing.READING
    assert not is_done(killed, killed.started_at), "it is gone on with"
    assert sight([killed]).kinds == frozenset(), "no alert closes on half a read"


async def test_an_error_nobody_foresaw_is_told_with_a_reference(bench: Bench) -> None:
    await bench.reads(page(1), RuntimeError("secret words"))

    reason = (await bench.state()).state.reason
    assert "reference" in reason
    assert "secret words" not in reason


async def test_without_a_licence_nothing_is_amiss(bench: Bench) -> None:
    await bench.reads(UnlicensedError("No licence.", remedy="Buy one."))

    assert (await bench.state()).state.standing is Standing.NOT_LICENSED
