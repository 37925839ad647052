"""Offboarding requests: what was approved is what was shown, and runs once."""

import asyncio
from dataclasses import replace
from uuid import uuid4

import pytest
from sqlalchemy import text

from bot.domain.errors import NotFoundError
from bot.domain.ids import ConnectionId, ObjectId, RequestId
from bot.domain.offboarding import (
    AlreadyDecidedError,
    OffboardingRequest,
    RequestStatus,
    StepResult,
    StepStatus,
)
from bot.domain.plans import PlannedStep
from bot.domain.tenants import Tenant
from store import offboarding, tenants
from store.engine import Database
from store.keyring import KeyRing
from store.plans import PlanTamperedError
from tests.store.people import (
    AMIR,
    HOUR,
    NOW,
    RUTH,
    SECRET,
    a_plan,
    a_request,
    a_tenant,
)


@pytest.fixture
async def tenant(database: Database, keys: KeyRing) -> Tenant:
    """Contoso, connected."""
    contoso = a_tenant()
    async with database.sessions.begin() as session:
        await tenants.add(session, contoso, SECRET, keys)
    return contoso


async def ask(database: Database, request: OffboardingRequest) -> OffboardingRequest:
    """Store a request in a transaction of its own."""
    async with database.sessions.begin() as session:
        await offboarding.add(session, request)
    return request


def approved(request: OffboardingRequest) -> OffboardingRequest:
    """Amir says yes."""
    return replace(
        request, status=RequestStatus.APPROVED, decided_by=AMIR, decided_at=NOW + HOUR
    )


async def approve(
    database: Database, request: OffboardingRequest
) -> OffboardingRequest:
    """Amir's yes, stored."""
    async with database.sessions.begin() as session:
        await offboarding.record_decision(session, approved(request))
    return approved(request)


async def test_a_request_comes_back_with_its_plan(
    database: Database, tenant: Tenant
) -> None:
    """Every field, the plan step by step."""
    first = await ask(database, a_request(tenant, status=RequestStatus.DENIED))
    request = await ask(
        database,
        a_request(tenant, run_at=NOW + HOUR, leaver_slack_id=RUTH, supersedes=first.id),
    )

    async with database.sessions() as session:
        assert await offboarding.get(session, request.id) == request
        with pytest.raises(NotFoundError):
            await offboarding.get(session, RequestId(uuid4()))


async def test_steps_begin_as_planned(database: Database, tenant: Tenant) -> None:
    """Those that cannot be done say why from the start."""
    request = await ask(database, a_request(tenant))

    async with database.sessions() as session:
        steps = await offboarding.steps(session, request.id)

    assert [(each.step, each.position) for each in steps] == [
        (step, number) for number, step in enumerate(request.plan.steps)
    ]
    assert [each.status for each in steps] == [
        StepStatus.PENDING,
        StepStatus.PENDING,
        StepStatus.BLOCKED,
    ]
    assert steps[2].detail == "Its members come from a rule."


async def test_a_plan_without_steps(database: Database, tenant: Tenant) -> None:
    """There is nothing to do, and that can be read too."""
    plan = replace(a_plan(tenant), steps=())
    request = await ask(database, a_request(tenant, plan=plan))

    async with database.sessions() as session:
        assert await offboarding.steps(session, request.id) == ()
        with pytest.raises(NotFoundError):
            await offboarding.steps(session, RequestId(uuid4()))


@pytest.mark.parametrize(
    ("find", "put"),
    [
        (str(a_plan(a_tenant()).steps[1].target_id), str(uuid4())),  # another group
        ('"blocked":"Its members come from a rule."', '"blocked":null'),
        ("}", ""),  # no JSON at all
        ('"action":"disable_account"', '"action":"delete_account"'),
    ],
)
async def test_an_edited_plan_is_never_read_as_the_approved_one(
    database: Database, tenant: Tenant, find: str, put: str
) -> None:
    """Somebody with SQL cannot make the bot do what nobody approved."""
    request = await ask(database, a_request(tenant))
    async with database.sessions.begin() as session:
        connection = await session.connection()
        edited = await connection.execute(
            text(
                "UPDATE offboarding_request SET plan = replace(plan, :find, :put) "
                "WHERE plan LIKE :like"
            ),
            {"find": find, "put": put, "like": f"%{find}%"},
        )
    assert edited.rowcount == 1

    async with database.sessions() as session:
        with pytest.raises(PlanTamperedError):
            await offboarding.get(session, request.id)
        with pytest.raises(PlanTamperedError):
            await offboarding.steps(session, request.id)


async def test_moved_steps_are_noticed(database: Database, tenant: Tenant) -> None:
    """A row that no longer belongs to its step of the plan."""
    request = await ask(database, a_request(tenant))
    async with database.sessions.begin() as session:
        connection = await session.connection()
        await connection.execute(
            text("UPDATE offboarding_step SET key = 'else' WHERE position = 1")
        )

    async with database.sessions() as session:
        with pytest.raises(PlanTamperedError):
            await offboarding.steps(session, request.id)


async def test_of_two_approvers_one_decides(database: Database, tenant: Tenant) -> None:
    """Both click in the same second."""
    request = await ask(database, a_request(tenant))
    denied = replace(
        request,
        status=RequestStatus.DENIED,
        decided_by=RUTH,
        decided_at=NOW,
        decision_reason="Not yet",
    )

    async def decide(decided: OffboardingRequest) -> OffboardingRequest:
        async with database.sessions.begin() as session:
            await offboarding.record_decision(session, decided)
        return decided

    outcomes = await asyncio.gather(
        decide(approved(request)), decide(denied), return_exceptions=True
    )

    (winner,) = (each for each in outcomes if isinstance(each, OffboardingRequest))
    assert sum(isinstance(each, AlreadyDecidedError) for each in outcomes) == 1
    async with database.sessions() as session:
        assert await offboarding.get(session, request.id) == winner


async def test_approving_another_plan_approves_nothing(
    database: Database, tenant: Tenant
) -> None:
    """The decision asks for the digest that was shown."""
    request = await ask(database, a_request(tenant))
    other = replace(approved(request), digest="0" * 64)

    async with database.sessions.begin() as session:
        with pytest.raises(AlreadyDecidedError):
            await offboarding.record_decision(session, other)
        stored = await offboarding.get(session, request.id)
    assert stored.status is RequestStatus.PENDING


async def test_a_leaver_has_one_open_request(
    database: Database, tenant: Tenant
) -> None:
    """Two ask at once; the other is told. When it is over, one may ask again."""
    plan = a_plan(tenant, ObjectId(uuid4()))
    first, second = (a_request(tenant, plan=plan) for _ in range(2))

    outcomes = await asyncio.gather(
        ask(database, first), ask(database, second), return_exceptions=True
    )

    (opened,) = (each for each in outcomes if isinstance(each, OffboardingRequest))
    (refused,) = (each for each in outcomes if isinstance(each, Exception))
    assert isinstance(refused, offboarding.AlreadyOpenError)
    assert "Dana Ünal" in refused.message
    async with database.sessions.begin() as session:
        leaver = plan.leaver.object_id
        found = await offboarding.open_for_leaver(session, tenant.id, leaver)
        assert found == opened
        elsewhere = ConnectionId(uuid4())
        assert await offboarding.open_for_leaver(session, elsewhere, leaver) is None
        await offboarding.record_decision(
            session,
            replace(opened, status=RequestStatus.WITHDRAWN, decided_by=RUTH),
        )
        assert await offboarding.open_for_leaver(session, tenant.id, leaver) is None
        await offboarding.add(session, a_request(tenant, plan=plan))


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
