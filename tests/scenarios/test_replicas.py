"""Two replicas on one PostgreSQL: whatever arrives where, it is done and told once."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sqlalchemy import text

from bot.domain.audit import AuditAction
from bot.domain.offboarding import RequestStatus, StepStatus
from bot.notify import UPDATE_EVERY
from tests.scenarios.offboarding import Snapshot, as_now, asks, stored_in, trail_in
from tests.scenarios.people import ALERTS, AMIR, APPROVALS, NORA, RUTH
from tests.scenarios.replicas import Replicas, open_replicas
from tests.scenarios.screen import Json, words_in
from tests.store.databases import Postgres, postgres

__all__ = ["postgres"]

pytestmark = [pytest.mark.slow, pytest.mark.timeout(120)]


@pytest.fixture
async def replicas(postgres: Postgres, tmp_path: Path) -> AsyncIterator[Replicas]:
    """No replica runs yet."""
    url = postgres.new_database()
    async with open_replicas(url, tmp_path, GATEHOUSE_SCAN_EVERY="PT2S") as opened:
        yield opened


async def workflows(replicas: Replicas) -> list[tuple[str, str, str]]:
    """Every workflow's ID, status, and the replica it last ran in."""
    statement = text(
        "SELECT workflow_uuid, status, executor_id FROM engine.workflow_status"
    )
    async with replicas.database.engine.connect() as connection:
        return [tuple(row) for row in (await connection.execute(statement)).all()]


def has_ended(replicas: Replicas, card: Json) -> Json | None:
    """The card, once its run is over."""
    now = as_now(replicas.office, card)
    said = words_in(now)
    return now if "Complete" in said or "Incomplete" in said else None


async def test_two_replicas_share_the_work_and_one_outlives_the_other(
    replicas: Replicas,
) -> None:
    """They start at once on an empty database; one is killed in a run's midst."""
    office = replicas.office
    first, second = await asyncio.gather(replicas.begin("a"), replicas.begin("b"))
    await asyncio.gather(first.is_ready(), second.is_ready())
    assert office.slack.sockets.connection_count == 2
    await office.connects()
    await asyncio.sleep(6)  # some slots of scans
    card = await asks(office)
    before = Snapshot(office.entra.tenant)
    office.entra.faults.slow(150)

    # Deliveries go to the two in turn, so these clicks meet in the database.
    await asyncio.gather(
        office.presses(AMIR, "Approve", card), office.presses(NORA, "Approve", card)
    )
    await office.sees(lambda: len(before.changes()) >= 3, what="a run in its midst")
    runner = next(who for id, _, who in await workflows(replicas) if "offboard:" in id)
    survivor = second if runner == "a" else first
    await (first if runner == "a" else second).kill()
    office.entra.faults.slow(0)

    await office.sees(lambda: has_ended(replicas, card), within=30)
    await office.is_told(RUTH, "everything approved is done and verified")
    await asyncio.sleep(UPDATE_EVERY.total_seconds())
    request, steps = await stored_in(replicas.database, card)
    assert request.status is RequestStatus.INCOMPLETE  # groups that Graph cannot change
    assert {each.status for each in steps} == {StepStatus.VERIFIED, StepStatus.BLOCKED}
    actions = [entry.action for entry in await trail_in(replicas.database)]
    for once in (AuditAction.REQUEST_APPROVED, AuditAction.REQUEST_FINISHED):
        assert actions.count(once) == 1
    assert "resuming_orphans" in survivor.output
    check_scans(await workflows(replicas), first.output + second.output)
    check_told_once(replicas)


def check_scans(found: list[tuple[str, str, str]], said: str) -> None:
    """Every slot was scanned by one of the two, and no slot is left behind."""
    scans = [status for id, status, _ in found if id.startswith("scan:")]
    assert len(scans) >= 4
    assert scans.count("SUCCESS") >= len(scans) - 1  # one may be under way
    # The killed one may have died between a scan's log line and its record.
    assert scans.count("SUCCESS") <= said.count('"scanned"') <= len(scans) + 1


def check_told_once(replicas: Replicas) -> None:
    """No message stands in Slack twice, whoever of the two sent it."""
    office = replicas.office
    titles = [each["text"] for each in office.messages(ALERTS)]
    assert len(titles) > 5
    assert sorted(titles) == sorted(set(titles))
    assert len(office.messages(APPROVALS, RUTH)) == 1
    assert office.told_alone(RUTH).count("Your request to offboard") == 1


async def test_two_replicas_need_two_names(replicas: Replicas) -> None:
    """A copied configuration does not run everything twice; it is refused."""
    first = await replicas.begin("a")
    await first.is_ready()
    second = await replicas.begin("a")

    assert await second.ends() == 1
    assert "gatehouse: Another process runs on this database as a." in second.output
    assert "GATEHOUSE_REPLICA_ID" in second.output
    assert "Traceback" not in second.output
