"""Data sets with a clock of their own: logs by windows, reports once a day."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import pytest

from bot.domain.activity_rows import SignInRow, UsageTeamsRow
from bot.domain.clouds import Cloud
from bot.domain.directory import DataSet, Standing
from bot.domain.readings import READINGS
from bot.domain.rows import DirectoryRow
from bot.domain.syncs import is_done
from bot.domain.tenants import Tenant
from bot.graph.errors import GraphError
from bot.graph.reading import ReadPage
from bot.workflows.sync_reading import RESUMED_WITHIN, DataSetSync
from bot.workflows.sync_record import SyncRecord
from store.bulk import bulk
from store.data_sets import Progress
from store.engine import Database
from tests.scenarios.lookout import MovedClock
from tests.scenarios.read_bench import ScriptedReader, turn_taken
from tests.store.directory import stored

SIGN_INS, TEAMS = DataSet.SIGN_INS, DataSet.USAGE_TEAMS
CUT = GraphError("A page came cut off.", remedy="Look for a proxy.")
ALL = ["AuditLog.Read.All", "Reports.Read.All"]


@dataclass
class Bench:
    """A tenant, a reader that does as told, and a clock."""

    database: Database
    tenant: Tenant
    clock: MovedClock
    cloud: Cloud = Cloud.GLOBAL
    asked: list[str | None] = field(default_factory=list)

    async def reads(
        self, data_set: DataSet, *script: ReadPage | BaseException
    ) -> Progress:
        """One read with these answers; returns how the data set stands then."""
        reader = ScriptedReader(list(script))
        async with bulk(self.database) as writer:
            record = SyncRecord(
                self.database, self.clock, self.tenant.id, "sync", writer
            )
            await DataSetSync(record, reader, self.cloud).run(data_set, ALL)
            self.asked = reader.asked
            return await record.progress(data_set)

    async def ids(self, data_set: DataSet) -> set[object]:
        """The keys of what is stored."""
        return {row[0] for row in await stored(self.database, self.tenant.id, data_set)}

    def later(self, **time: float) -> datetime:
        """Let time pass."""
        self.clock.at += timedelta(**time)
        return self.clock.at


@pytest.fixture
async def bench(database_url: str) -> AsyncIterator[Bench]:
    """Contoso with the turn taken; on both kinds of databases."""
    async with turn_taken(database_url) as turn:
        yield Bench(*turn)


def entries(
    *ids: str, at: datetime, until: str | None = None, caveat: str | None = None
) -> ReadPage:
    """A page of the sign-in log; with `until` it is the window's last."""
    rows: list[DirectoryRow] = [
        SignInRow(id, at, *(None,) * (len(SignInRow._fields) - 2)) for id in ids
    ]
    mark = f"after {ids[-1]}" if ids else "after nothing"
    return ReadPage(rows, mark, until, 1, until is not None, caveat)


def report(*names: str, caveat: str | None = None) -> ReadPage:
    """A whole Teams report."""
    rows: list[DirectoryRow] = [
        UsageTeamsRow(name, *(None,) * (len(UsageTeamsRow._fields) - 1))
        for name in names
    ]
    return ReadPage(rows, "mark", is_last=True, caveat=caveat)


async def test_windows_add_to_a_log_and_old_entries_go(bench: Bench) -> None:
    """None is swept for not being in a window; after two days it is too old."""
    first = bench.clock.now()
    crowd = [f"a{number}" for number in range(40)]
    progress = await bench.reads(SIGN_INS, entries(*crowd, at=first, until="T1"))
    assert bench.asked == ["full"]
    assert (progress.state.standing, progress.state.rows) == (Standing.CURRENT, 40)

    second = bench.later(hours=47)
    progress = await bench.reads(
        SIGN_INS,
        entries("a1", "a1", at=first),
        entries("b", "b", at=second, until="T2"),
    )
    assert bench.asked == ["full since T1"]
    assert progress.state.standing is Standing.CURRENT, "few entries are not suspicious"
    assert progress.state.rows == 41, "what comes again is one row"

    bench.later(hours=2)
    progress = await bench.reads(SIGN_INS, entries(at=second, until="T3"))
    assert await bench.ids(SIGN_INS) == {"b"}
    assert (progress.state.rows, progress.state.delta_link) == (1, "T3")


async def test_a_window_that_is_cut_goes_on_and_loses_nothing(bench: Bench) -> None:
    at = bench.clock.now()
    await bench.reads(SIGN_INS, entries("a", at=at, until="T1"))

    cut = await bench.reads(SIGN_INS, entries("b", at=at), CUT)
    assert (cut.state.standing, cut.mark) == (Standing.FAILED, "after b")
    assert cut.state.delta_link == "T1", "the next window begins where it did"

    bench.later(hours=1)
    await bench.reads(SIGN_INS, entries("c", at=at, until="T2"))
    assert bench.asked == ["resume after b since T1"]
    assert await bench.ids(SIGN_INS) == {"a", "b", "c"}


async def test_a_killed_window_goes_on_from_its_last_page(bench: Bench) -> None:
    at = bench.clock.now()
    with pytest.raises(asyncio.CancelledError):
        await bench.reads(SIGN_INS, entries("a", at=at), asyncio.CancelledError())

    killed = await bench.reads(SIGN_INS, entries("b", at=at, until="T1"))

    assert bench.asked == ["resume after a"]
    assert killed.state.standing is Standing.CURRENT
    assert await bench.ids(SIGN_INS) == {"a", "b"}


async def test_a_long_log_is_partial_and_read_on_by_the_next_sync(bench: Bench) -> None:
    """However long it takes: what a window is does not change by waiting."""
    at = bench.clock.now()
    caveat = "It is long: 60 pages were read. Nothing to do."

    paused = await bench.reads(SIGN_INS, entries("a", at=at, caveat=caveat))
    assert paused.state.standing is Standing.PARTIAL
    assert paused.state.reason == caveat
    assert (paused.state.rows, paused.mark) == (1, "after a")
    assert paused.state.read_at is None

    begun = bench.later(seconds=RESUMED_WITHIN.total_seconds() * 2)
    ended = await bench.reads(SIGN_INS, entries("b", at=at, until="T1"))
    assert bench.asked == ["resume after a"]
    assert (ended.state.standing, ended.state.reason) == (Standing.CURRENT, "")
    assert ended.mark is None
    assert is_done(ended.state, begun), "of this sync, though begun by another"


async def test_entries_left_out_make_a_window_partial_and_it_goes_on(
    bench: Bench,
) -> None:
    at = bench.clock.now()
    odd = entries("a", at=at, until="T1", caveat="1 entry was left out. Report it.")

    progress = await bench.reads(SIGN_INS, odd)

    assert progress.state.standing is Standing.PARTIAL
    assert progress.state.delta_link == "T1"
    assert progress.mark is None
    await bench.reads(SIGN_INS, entries("b", at=at, until="T2"))
    assert bench.asked == ["full since T1"]


async def test_a_report_replaces_the_one_before_it(bench: Bench) -> None:
    await bench.reads(TEAMS, report("ada@x", "lee@x"))
    bench.later(days=1)

    progress = await bench.reads(TEAMS, report("lee@x", "gus@x"))

    assert await bench.ids(TEAMS) == {"lee@x", "gus@x"}
    assert progress.state.standing is Standing.CURRENT


async def test_a_report_suddenly_short_is_held(bench: Bench) -> None:
    crowd = [f"u{number}@x" for number in range(40)]
    await bench.reads(TEAMS, report(*crowd))

    progress = await bench.reads(TEAMS, report("u1@x"))

    assert progress.state.standing is Standing.HELD
    assert len(await bench.ids(TEAMS)) == 40
    assert progress.state.due_at is None, "the next sync looks again"


async def test_concealed_names_make_a_report_partial(bench: Bench) -> None:
    """Complete as far as Microsoft tells it: it need not be read again at once."""
    progress = await bench.reads(TEAMS, report("0A1B", caveat="Concealed. Clear it."))

    state = progress.state
    assert (state.standing, state.reason) == (Standing.PARTIAL, "Concealed. Clear it.")
    assert (state.rows, state.read_at) == (1, bench.clock.now())
    assert state.due_at is not None


async def test_a_complete_read_is_due_again_a_little_before_its_time(
    bench: Bench,
) -> None:
    every = READINGS[TEAMS].every
    assert every is not None
    now = bench.clock.now()

    first = (await bench.reads(TEAMS, report("ada@x"))).state.due_at
    bench.later(days=3)
    second = (await bench.reads(TEAMS, report("ada@x"))).state.due_at

    assert first is not None
    assert second is not None
    assert every * 0.9 <= first - now <= every
    assert second - first == timedelta(days=3), "its place in time stays"
    assert (
        await bench.reads(SIGN_INS, entries(at=now, until="T"))
    ).state.due_at is None


async def test_what_failed_is_due_at_once(bench: Bench) -> None:
    await bench.reads(TEAMS, report("ada@x"))

    progress = await bench.reads(TEAMS, CUT)

    assert progress.state.standing is Standing.FAILED
    assert progress.state.due_at is None
    assert await bench.ids(TEAMS) == {"ada@x"}


@pytest.mark.parametrize("cloud", [Cloud.CHINA, Cloud.GCC_HIGH, Cloud.DOD])
async def test_a_cloud_without_reports_is_not_asked_for_them(
    bench: Bench, cloud: Cloud
) -> None:
    bench.cloud = cloud

    progress = await bench.reads(TEAMS)

    assert bench.asked == []
    assert progress.state.standing is Standing.NOT_IN_CLOUD
    assert f"does not offer this in {cloud.label}. Nothing to do" in (
        progress.state.reason
    )
    assert is_done(progress.state, bench.clock.now())
