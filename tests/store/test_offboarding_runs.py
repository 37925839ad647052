"""Approved requests run once, and again only for what failed."""

import asyncio
from dataclasses import replace
from uuid import uuid4

import pytest

from bot.domain.errors import NotFoundError
from bot.domain.offboarding import (
    OffboardingRequest,
    RequestStatus,
    StepResult,
    StepStatus,
)
from bot.domain.plans import PlannedStep
from bot.domain.tenants import Tenant
from bot.ports import SystemClock
from bot.workflows.run_record import RunRecord
from store import offboarding
from store.engine import Database
from tests.store.people import (
    HOUR,
    NOW,
    a_request,
)
from tests.store.requests import approve, ask


async def test_what_expired_and_what_is_due(database: Database, tenant: Tenant) -> None:
    """Pending ones expire, approved ones run when their time has come."""
    late = await ask(database, a_request(tenant, expires_at=NOW + HOUR))
    await ask(database, a_request(tenant))
    at_once = await ask(database, a_request(tenant))
    dated = await ask(database, a_request(tenant, run_at=NOW + 2 * HOUR))
    for request in (at_once, dated):
        await approve(database, request)

    async with database.sessions() as session:
        expired = await offboarding.list_expired(session, NOW + HOUR)
        due = await offboarding.list_due_without_run(session, NOW + HOUR)
        later = await offboarding.list_due_without_run(session, NOW + 2 * HOUR)

    assert [each.id for each in expired] == [late.id]
    assert [each.id for each in due] == [at_once.id]
    assert {each.id for each in later} == {at_once.id, dated.id}


async def test_a_run_begins_once_and_goes_on_after_a_crash(
    database: Database, tenant: Tenant
) -> None:
    """A pending request never runs; a run that began may come by again."""
    request = await ask(database, a_request(tenant))
    async with database.sessions.begin() as session:
        assert not await offboarding.record_running(session, request.id, 0)
    await approve(database, request)

    async with database.sessions.begin() as session:
        assert not await offboarding.record_running(session, request.id, 1)
        assert await offboarding.record_running(session, request.id, 0)
        assert await offboarding.record_running(session, request.id, 0)
        assert await offboarding.list_due_without_run(session, NOW) == []
        assert await offboarding.record_finished(
            session, request.id, RequestStatus.COMPLETE, NOW
        )
        assert not await offboarding.record_running(session, request.id, 0)
        stored = await offboarding.get(session, request.id)
    assert (stored.status, stored.finished_at) == (RequestStatus.COMPLETE, NOW)


async def test_a_plan_that_grew_voids_the_request(
    database: Database, tenant: Tenant
) -> None:
    """Once, and then it cannot finish."""
    request = await approve(database, await ask(database, a_request(tenant)))

    async with database.sessions.begin() as session:
        assert await offboarding.record_voided(session, request.id, NOW)
        assert not await offboarding.record_voided(session, request.id, NOW)
        assert not await offboarding.record_finished(
            session, request.id, RequestStatus.COMPLETE, NOW
        )
        again = a_request(tenant, plan=request.plan, supersedes=request.id)
        await offboarding.add(session, again)
        stored = await offboarding.get(session, request.id)
    assert stored.status is RequestStatus.VOIDED


async def ended_badly(database: Database, tenant: Tenant) -> OffboardingRequest:
    """The account is disabled, the group is not left."""
    request = await approve(database, await ask(database, a_request(tenant)))
    async with database.sessions.begin() as session:
        await offboarding.record_running(session, request.id, 0)
        first, second, _ = await offboarding.steps(session, request.id)
        await offboarding.record_step(
            session,
            request.id,
            replace(first, status=StepStatus.VERIFIED, started_at=NOW, ended_at=NOW),
        )
        await offboarding.record_step(
            session,
            request.id,
            replace(
                second,
                status=StepStatus.FAILED,
                detail="Graph refused.",
                graph_request_id="r-1",
                attempts=2,
            ),
        )
        await offboarding.record_finished(
            session, request.id, RequestStatus.INCOMPLETE, NOW
        )
    return request


async def test_a_retry_does_again_what_failed_only(
    database: Database, tenant: Tenant
) -> None:
    """As the next run; two who click begin one."""
    request = await ended_badly(database, tenant)

    async def retry() -> int | None:
        async with database.sessions.begin() as session:
            return await offboarding.begin_retry(session, request.id)

    runs = await asyncio.gather(retry(), retry())

    assert sorted(runs, key=str) == [1, None]
    async with database.sessions.begin() as session:
        stored = await offboarding.get(session, request.id)
        steps = await offboarding.steps(session, request.id)
        assert not await offboarding.record_running(session, request.id, 0)
        assert await offboarding.record_running(session, request.id, 1)
    assert (stored.status, stored.run) == (RequestStatus.APPROVED, 1)
    assert stored.finished_at is None
    assert [each.status for each in steps] == [
        StepStatus.VERIFIED,
        StepStatus.PENDING,
        StepStatus.BLOCKED,
    ]
    assert (steps[1].attempts, steps[1].graph_request_id) == (2, "r-1")


async def test_no_retry_beside_a_newer_request(
    database: Database, tenant: Tenant
) -> None:
    """Two runs for one leaver would get in each other's way."""
    request = await ended_badly(database, tenant)
    await ask(database, a_request(tenant, plan=request.plan))

    async with database.sessions.begin() as session:
        assert await offboarding.begin_retry(session, request.id) is None
        stored = await offboarding.get(session, request.id)
    assert stored.status is RequestStatus.INCOMPLETE


async def test_a_result_for_another_step_is_refused(
    database: Database, tenant: Tenant
) -> None:
    """A target that is not in the plan has no row to report to."""
    request = await ask(database, a_request(tenant))
    stranger = PlannedStep(request.plan.steps[1].action, str(uuid4()), "Admins")

    async with database.sessions.begin() as session:
        with pytest.raises(NotFoundError):
            await offboarding.record_step(
                session, request.id, StepResult(stranger, 1, StepStatus.VERIFIED)
            )


async def test_a_step_that_was_cut_off_in_its_midst_is_not_said_to_be_undone(
    database: Database, tenant: Tenant
) -> None:
    """The first was being tried, the second never begun, when the run broke off."""
    request = await ask(database, a_request(tenant))
    await approve(database, request)
    record = RunRecord(database, SystemClock())
    assert await record.open(str(request.id), 0)
    _, first = await record.approved_step(str(request.id), 0, 0)
    await record.begun(request, first)
    await record.attempted(request, replace(first, status=StepStatus.RUNNING))

    await record.stop(str(request.id), 0, "the run broke off.")

    async with database.sessions() as session:
        tried, *untried = await offboarding.steps(session, request.id)
    assert tried.status is StepStatus.UNKNOWN
    assert tried.detail.startswith("Perhaps done")
    failed = [each for each in untried if each.status is not StepStatus.BLOCKED]
    assert {each.status for each in failed} == {StepStatus.FAILED}
    assert all(each.detail.startswith("Not tried") for each in failed)
