"""Offboarding requests: what was approved is what was shown."""

import asyncio
from dataclasses import replace
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import text

from bot.domain.errors import NotFoundError
from bot.domain.ids import ConnectionId, ObjectId, RequestId
from bot.domain.offboarding import (
    AlreadyDecidedError,
    OffboardingRequest,
    RequestStatus,
    StepStatus,
)
from bot.domain.tenants import Tenant
from store import offboarding, offboarding_drafts
from store.engine import Database
from store.plans import PlanTamperedError
from tests.store.people import (
    HOUR,
    NOW,
    RUTH,
    a_plan,
    a_request,
    a_tenant,
)
from tests.store.requests import approve, approved, ask


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


async def test_of_a_withdrawal_and_a_run_only_one_wins(
    database: Database, tenant: Tenant
) -> None:
    """Judged while it waited for its date; by then its run had begun."""
    waiting = await approve(database, await ask(database, a_request(tenant)))
    withdrawn = replace(waiting, status=RequestStatus.WITHDRAWN)
    async with database.sessions.begin() as session:
        assert await offboarding.record_running(session, waiting.id, waiting.run)

    with pytest.raises(AlreadyDecidedError):
        async with database.sessions.begin() as session:
            await offboarding.record_withdrawn(session, withdrawn, was=waiting.status)

    async with database.sessions() as session:
        now = await offboarding.get(session, waiting.id)
    assert now.status is RequestStatus.RUNNING


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


ANOTHER_GROUP = "5b0c0f2e-7f0a-4f57-9d0e-6a3f3a0c7d11"


@pytest.mark.parametrize(
    ("find", "put"),
    [
        (str(a_plan(a_tenant()).steps[1].target_id), ANOTHER_GROUP),
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


def draft(tenant: Tenant, **changes: Any) -> OffboardingRequest:
    """A plan that Ruth is still looking at."""
    return a_request(tenant, status=RequestStatus.DRAFT, **changes)


async def test_a_draft_is_asked_once(database: Database, tenant: Tenant) -> None:
    """Two submissions of one modal make one request, with the times of the asking."""
    under_review = await ask(database, draft(tenant))
    asked = replace(
        under_review,
        status=RequestStatus.PENDING,
        asked_at=NOW + HOUR,
        expires_at=NOW + 25 * HOUR,
    )

    async with database.sessions.begin() as session:
        assert await offboarding_drafts.record_asked(session, asked)
        assert not await offboarding_drafts.record_asked(session, asked)
        assert await offboarding.get(session, asked.id) == asked


async def test_of_two_drafts_for_a_leaver_one_is_asked(
    database: Database, tenant: Tenant
) -> None:
    """Both may look at the plan; the second to ask is told, and nothing is lost."""
    plan = a_plan(tenant, ObjectId(uuid4()))
    first, second = [await ask(database, draft(tenant, plan=plan)) for _ in range(2)]

    async with database.sessions.begin() as session:
        assert await offboarding_drafts.record_asked(session, first)
        with pytest.raises(offboarding.AlreadyOpenError):
            await offboarding_drafts.record_asked(session, second)

    async with database.sessions() as session:
        stored = [await offboarding.get(session, each.id) for each in (first, second)]
    assert [each.status for each in stored] == [
        RequestStatus.PENDING,
        RequestStatus.DRAFT,
    ]


async def test_old_drafts_are_discarded(database: Database, tenant: Tenant) -> None:
    """With their steps; requests stay, however old."""
    old = await ask(database, draft(tenant))
    new = await ask(database, draft(tenant, asked_at=NOW + HOUR))
    request = await ask(database, a_request(tenant))

    async with database.sessions.begin() as session:
        assert await offboarding_drafts.discard(session, NOW + HOUR) == 1
        left = await (await session.connection()).execute(
            text("SELECT DISTINCT request_id FROM offboarding_step")
        )
        assert {str(id) for (id,) in left} == {str(new.id), str(request.id)}
        with pytest.raises(NotFoundError):
            await offboarding.get(session, old.id)


async def test_a_tenants_open_requests(database: Database, tenant: Tenant) -> None:
    """Neither drafts nor those that are over."""
    pending = await ask(database, a_request(tenant))
    running = await approve(database, await ask(database, a_request(tenant)))
    await ask(database, draft(tenant))
    await ask(database, a_request(tenant, status=RequestStatus.EXPIRED))

    async with database.sessions() as session:
        found = await offboarding.list_open(session, tenant.id)
    assert {each.id for each in found} == {pending.id, running.id}
