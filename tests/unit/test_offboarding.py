"""Who may decide, withdraw, retry; when a request ends and how."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.asking import (
    REVIEWED_WITHIN,
    NoApproverError,
    NothingToDoError,
    ReviewTooOldError,
    ask,
)
from bot.domain.ids import SlackUserId, WorkspaceId
from bot.domain.offboarding import (
    AlreadyDecidedError,
    DecisionRefusedError,
    RequestExpiredError,
    RequestStatus,
    StepStatus,
    approve,
    deny,
    eligible_approvers,
    expire,
    outcome_of,
    withdraw,
)
from bot.domain.plans import Plan
from bot.domain.retrying import ApprovalTooOldError, check_may_retry
from tests.leaving import (
    AMIR,
    DANA,
    DISABLE,
    LEE,
    NORA,
    REVOKE,
    RUTH,
    TENANT,
    a_group,
    a_leaver,
    a_person,
    a_plan,
    a_request,
    results,
)
from tests.watching import NOW

pytestmark = pytest.mark.quick

LATER = NOW + timedelta(hours=1)
DAY = timedelta(hours=24)
BARRED: list[dict[str, Any]] = [
    {"is_guest": True},
    {"is_bot": True},
    {"is_stranger": True},
    {"is_deactivated": True},
    {"workspace_id": WorkspaceId("T0OTHER")},
]


def test_an_approver_approves_the_very_plan() -> None:
    approved = approve(a_request(), TENANT, approver=a_person(), at=LATER)

    assert approved.status is RequestStatus.APPROVED
    assert (approved.decided_by, approved.decided_at) == (AMIR, LATER)
    assert approved.digest == approved.plan.digest


def test_a_denial_keeps_its_reason() -> None:
    denied = deny(a_request(), TENANT, approver=a_person(), reason="No", at=LATER)

    assert (denied.status, denied.decision_reason) == (RequestStatus.DENIED, "No")


@pytest.mark.parametrize("changes", BARRED)
def test_who_is_no_full_member_decides_nothing(changes: dict[str, Any]) -> None:
    with pytest.raises(DecisionRefusedError, match="Guests"):
        approve(a_request(), TENANT, approver=a_person(**changes), at=LATER)


def of_somebody_at(address: str) -> Plan:
    """The plan of a leaver with this address, as the directory gives it out."""
    return a_plan(DISABLE, leaver=a_leaver(addresses=(address.casefold(),)))


def test_nobody_decides_their_own_request_although_an_approver() -> None:
    request = a_request(requester=AMIR)

    with pytest.raises(DecisionRefusedError, match="your own request") as refused:
        approve(request, TENANT, approver=a_person(AMIR), at=LATER)

    assert f"<@{NORA}>" in refused.value.remedy
    assert f"<@{AMIR}>" not in refused.value.remedy


@pytest.mark.parametrize(
    ("request_changes", "email"),
    [
        ({"leaver_slack_id": AMIR}, None),
        ({"plan": of_somebody_at("amir@contoso.example")}, "Amir@Contoso.example"),
        ({"plan": of_somebody_at("amir@strasse.example")}, "Amir@Straße.example"),
    ],
    ids=["by Slack ID", "by address", "by an address that folds to the same"],
)
def test_nobody_decides_their_own_offboarding(
    request_changes: dict[str, Any], email: str | None
) -> None:
    request = a_request(**request_changes)

    with pytest.raises(DecisionRefusedError, match="your own offboarding"):
        approve(request, TENANT, approver=a_person(AMIR, email=email), at=LATER)


def test_who_is_no_approver_of_the_tenant_is_told_who_is() -> None:
    with pytest.raises(DecisionRefusedError) as refused:
        approve(a_request(), TENANT, approver=a_person(LEE), at=LATER)

    assert f"<@{AMIR}>" in refused.value.remedy


def test_a_request_can_be_decided_until_the_instant_it_expires() -> None:
    request = a_request()
    just_in_time = request.expires_at - timedelta(microseconds=1)

    assert approve(request, TENANT, approver=a_person(), at=just_in_time)
    with pytest.raises(RequestExpiredError):
        approve(request, TENANT, approver=a_person(), at=request.expires_at)


@given(
    st.sampled_from([status for status in RequestStatus if status != "pending"]),
    st.sampled_from([RUTH, AMIR, NORA, DANA, LEE]),
)
def test_what_is_not_pending_is_never_decided(
    status: RequestStatus, user: SlackUserId
) -> None:
    request, person = a_request(status=status), a_person(user)

    ways: tuple[Callable[[], object], ...] = (
        lambda: approve(request, TENANT, approver=person, at=LATER),
        lambda: deny(request, TENANT, approver=person, reason="No", at=LATER),
        lambda: withdraw(replace(request, requester=user), by=person, at=LATER),
        lambda: expire(request, at=LATER),
    )
    for decide in ways:
        with pytest.raises(AlreadyDecidedError):
            decide()


@given(
    requester=st.sampled_from([RUTH, AMIR, NORA]),
    leaver=st.sampled_from([None, AMIR, NORA, DANA]),
    approver=st.sampled_from([RUTH, AMIR, NORA, DANA, LEE]),
    approvers=st.sets(st.sampled_from([RUTH, AMIR, NORA, DANA])),
    changes=st.sampled_from([{}, {}, *BARRED]),
    hours=st.integers(min_value=0, max_value=30),
)
def test_an_approval_is_always_by_another_active_approver_in_time(
    requester: SlackUserId,
    leaver: SlackUserId | None,
    approver: SlackUserId,
    approvers: set[SlackUserId],
    changes: dict[str, Any],
    hours: int,
) -> None:
    tenant = replace(TENANT, approvers=tuple(sorted(approvers)))
    request = a_request(requester=requester, leaver_slack_id=leaver)
    person, at = a_person(approver, **changes), NOW + timedelta(hours=hours)
    may = (
        approver in approvers
        and approver not in {requester, leaver, DANA}
        and not changes
        and at < request.expires_at
    )

    try:
        approve(request, tenant, approver=person, at=at)
    except (DecisionRefusedError, RequestExpiredError):
        assert not may
    else:
        assert may


def test_only_the_requester_withdraws() -> None:
    assert withdraw(a_request(), by=a_person(RUTH), at=LATER).status is (
        RequestStatus.WITHDRAWN
    )
    with pytest.raises(DecisionRefusedError, match="Only the requester"):
        withdraw(a_request(), by=a_person(AMIR), at=LATER)


def test_requester_and_approvers_retry_and_nobody_else() -> None:
    request = a_request(status=RequestStatus.INCOMPLETE)

    check_may_retry(request, TENANT, a_person(RUTH), at=LATER)
    check_may_retry(request, TENANT, a_person(NORA), at=LATER)
    for person in (a_person(LEE), a_person(AMIR, is_deactivated=True)):
        with pytest.raises(DecisionRefusedError, match="retry"):
            check_may_retry(request, TENANT, person, at=LATER)
    leaver = replace(request, leaver_slack_id=AMIR)
    with pytest.raises(DecisionRefusedError, match="retry"):
        check_may_retry(leaver, TENANT, a_person(AMIR), at=LATER)


def test_an_old_approval_carries_no_retry() -> None:
    """Months later the leaver may work here again."""
    request = a_request(status=RequestStatus.INCOMPLETE, finished_at=LATER)
    last = LATER + (request.expires_at - request.asked_at)

    check_may_retry(request, TENANT, a_person(RUTH), at=last)
    with pytest.raises(ApprovalTooOldError):
        check_may_retry(request, TENANT, a_person(RUTH), at=last + timedelta(seconds=1))


@given(st.lists(st.sampled_from(StepStatus), min_size=1, max_size=6))
def test_complete_means_that_every_step_is_verified_or_already_so(
    statuses: list[StepStatus],
) -> None:
    plan = a_plan(*(a_group(str(number)) for number in range(len(statuses))))
    good = {StepStatus.VERIFIED, StepStatus.ALREADY_SO}

    outcome = outcome_of(results(plan, *statuses))

    assert (outcome is RequestStatus.COMPLETE) == (set(statuses) <= good)


def test_a_run_without_steps_is_not_complete() -> None:
    assert outcome_of([]) is RequestStatus.INCOMPLETE


def test_a_plan_with_a_blocked_step_never_ends_complete() -> None:
    plan = a_plan(DISABLE, a_group("Sales", blocked="a rule decides who is in it"))

    assert outcome_of(results(plan, StepStatus.VERIFIED)) is RequestStatus.INCOMPLETE


def test_neither_requester_nor_leaver_counts_as_approver() -> None:
    assert eligible_approvers(TENANT, requester=AMIR) == (NORA,)
    assert eligible_approvers(TENANT, requester=RUTH, leaver=NORA) == (AMIR,)


def test_asking_makes_a_draft_pending_from_now() -> None:
    draft = a_request(status=RequestStatus.DRAFT)

    asked = ask(draft, TENANT, approvers=[a_person(AMIR)], at=LATER, valid_for=DAY)

    assert asked.status is RequestStatus.PENDING
    assert (asked.asked_at, asked.expires_at) == (LATER, LATER + DAY)
    assert asked.digest == draft.digest


@pytest.mark.parametrize(
    "approvers",
    [
        [],
        [a_person(RUTH)],
        [a_person(LEE)],
        [a_person(DANA)],
        [a_person(AMIR, is_deactivated=True)],
        [a_person(AMIR, email="dana@contoso.example")],
    ],
)
def test_a_request_that_nobody_could_approve_is_not_made(approvers: list[Any]) -> None:
    draft = a_request(status=RequestStatus.DRAFT)

    with pytest.raises(NoApproverError, match="Nobody could approve"):
        ask(draft, TENANT, approvers=approvers, at=LATER, valid_for=DAY)


def test_an_old_or_empty_plan_is_not_asked_for() -> None:
    draft = a_request(status=RequestStatus.DRAFT)
    nothing = a_request(a_plan(replace(REVOKE, blocked="not granted")))
    late = NOW + REVIEWED_WITHIN + timedelta(seconds=1)

    with pytest.raises(ReviewTooOldError):
        ask(draft, TENANT, approvers=[a_person()], at=late, valid_for=DAY)
    with pytest.raises(NothingToDoError):
        ask(nothing, TENANT, approvers=[a_person()], at=LATER, valid_for=DAY)
