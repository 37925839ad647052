"""Request cards, progress and outcomes: what they say, and Slack's limits."""

import re
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.offboarding import RequestStatus, StepStatus
from bot.domain.plans import Plan
from bot.domain.tenants import TenantStatus
from bot.views.progress import without_cards
from bot.views.request_details import PAGE, denial_view, details_view
from bot.views.requests import outcome_message, request_message
from bot.views.text import Drawing
from sandbox.slack.blocks.judge import judge_message, judge_view
from sandbox.slack.clock import Clock
from sandbox.slack.ids import Mint
from tests.leaving import (
    AMIR,
    DISABLE,
    REVOKE,
    RUTH,
    TENANT,
    a_group,
    a_leaver,
    a_method,
    a_plan,
    a_request,
    many,
    results,
)
from tests.scenarios.screen import button, buttons_in, words_in
from tests.watching import NOW

pytestmark = pytest.mark.quick

HOSTILE = "<!channel> & *bold* `code`\n> \u202eeurt <https://x|y>" * 8
GROUP, KEY = a_group("CRM Users"), a_method("Blue security key")
RULED = a_group("All Sales", blocked="a rule decides who is in it")
PLAN = a_plan(DISABLE, REVOKE, GROUP, RULED, KEY)
RAN: dict[str, Any] = {
    "decided_by": AMIR,
    "decided_at": NOW + timedelta(minutes=5),
    "finished_at": NOW + timedelta(minutes=6),
}


def card(
    status: RequestStatus, *steps: StepStatus, plan: Plan = PLAN, **changes: Any
) -> Drawing:
    """The judged card of a request in this state."""
    request = a_request(plan, status=status, **changes)
    drawing = request_message(request, results(plan, *steps, detail="Told."), TENANT)
    judge_message(drawing.blocks)
    return drawing


def outcome(status: RequestStatus, *steps: StepStatus, **changes: Any) -> Drawing:
    """The judged message to the requester."""
    request = a_request(PLAN, status=status, **changes)
    drawing = outcome_message(request, results(PLAN, *steps, detail="Told."), TENANT)
    judge_message(drawing.blocks)
    return drawing


def parsed(thing: Any) -> list[str]:
    """The texts in which Slack reads mentions; plain and rich text are not."""
    if isinstance(thing, list):
        return [text for each in thing for text in parsed(each)]
    if not isinstance(thing, dict):
        return []
    if thing.get("type") == "mrkdwn":
        return [thing["text"]]
    return [text for each in thing.values() for text in parsed(each)]


def tasks(drawing: Drawing) -> list[Any]:
    (plan,) = [block for block in drawing.blocks if block["type"] == "plan"]
    return list(plan["tasks"])


def test_a_pending_card_says_everything_an_approver_decides_on() -> None:
    drawing = card(RequestStatus.PENDING)

    said = words_in(drawing.blocks)
    for words in (
        "Dana Cole",
        "dana@contoso.example",
        "Contoso",
        f"<@{RUTH}>",
        "Last day on Friday",
        "HR-1234",
        "At once after approval",
        "CRM Users",
        "Blue security key",
        "cannot be done here, because a rule decides",
        "expires <!date",
    ):
        assert words in said, words
    assert drawing.text == "Offboarding of Dana Cole waits for approval"


def test_one_reason_for_many_steps_is_said_once() -> None:
    drawing = card(RequestStatus.INCOMPLETE, StepStatus.FAILED, plan=a_plan(*many(6)))

    said = words_in(drawing.blocks[4:])
    assert said.count(": Told.") == 1
    assert "and 2 more steps: Told." in said


def test_a_pending_card_has_the_buttons_of_the_contract() -> None:
    drawing = card(RequestStatus.PENDING)

    assert buttons_in(drawing.blocks) == ["Approve", "Deny", "Details", "Withdraw"]
    approve = button(drawing.blocks, "Approve")
    assert approve["value"] == str(a_request().id)
    assert approve["style"] == "primary"
    asked = approve["confirm"]["text"]["text"]
    assert "4 changes (1 cannot be undone) to Dana Cole" in asked
    assert button(drawing.blocks, "Deny")["style"] == "danger"


@pytest.mark.parametrize(
    "status",
    [status for status in RequestStatus if status is not RequestStatus.PENDING],
)
def test_nothing_but_a_pending_request_can_be_decided(status: RequestStatus) -> None:
    drawing = card(status, StepStatus.VERIFIED, **RAN)

    assert {"Approve", "Deny", "Withdraw"}.isdisjoint(buttons_in(drawing.blocks))
    assert "Details" in buttons_in(drawing.blocks)


def test_a_run_shows_each_step_as_a_task() -> None:
    drawing = card(
        RequestStatus.RUNNING,
        StepStatus.VERIFIED,
        StepStatus.ALREADY_SO,
        StepStatus.RUNNING,
        StepStatus.PENDING,
        **RAN,
    )

    assert [(task["title"], task["status"]) for task in tasks(drawing)] == [
        ("Disable account", "complete"),
        ("Revoke sessions", "complete"),
        ("Remove from group: CRM Users", "in_progress"),
        ("Remove method: Blue security key", "pending"),
    ]
    assert f"approved by <@{AMIR}>" in words_in(drawing.blocks)


def test_blocked_steps_stand_apart_from_the_approved_ones() -> None:
    drawing = card(RequestStatus.INCOMPLETE, StepStatus.VERIFIED, **RAN)

    said = words_in(drawing.blocks)
    assert "everything approved is done and verified; 1 thing needs other hands" in said
    assert "Needs other hands" in said
    assert "All Sales" not in str(tasks(drawing))
    assert "Retry failed steps" not in buttons_in(drawing.blocks)


@pytest.mark.parametrize("status", [StepStatus.FAILED, StepStatus.UNKNOWN])
def test_what_failed_can_be_retried(status: StepStatus) -> None:
    steps = (StepStatus.VERIFIED, StepStatus.VERIFIED, status, StepStatus.VERIFIED)

    drawing = card(RequestStatus.INCOMPLETE, *steps, **RAN)
    told = outcome(RequestStatus.INCOMPLETE, *steps, **RAN)

    assert "Retry failed steps" in buttons_in(drawing.blocks)
    assert "Retry failed steps" in buttons_in(told.blocks)
    assert "CRM Users: Told." in words_in(told.blocks)
    assert f"1 {status}" in words_in(drawing.blocks)


def test_only_complete_says_complete() -> None:
    plan = a_plan(DISABLE, REVOKE)
    good = (StepStatus.VERIFIED, StepStatus.ALREADY_SO)

    complete = card(RequestStatus.COMPLETE, *good, plan=plan, **RAN)

    assert "Complete: every step is verified" in words_in(complete.blocks)
    for status in set(RequestStatus) - {RequestStatus.COMPLETE}:
        said = words_in(card(status, StepStatus.VERIFIED, **RAN).blocks)
        assert not re.search(r"\b[Cc]omplete\b", said)


def test_the_requester_is_told_who_denied_it_and_why() -> None:
    told = outcome(
        RequestStatus.DENIED, decided_by=AMIR, decision_reason="Wrong <@person>"
    )

    assert f"Denied by <@{AMIR}>: Wrong &lt;@person&gt;" in words_in(told.blocks)


def test_a_void_request_says_why() -> None:
    grown = card(RequestStatus.VOIDED, **RAN)
    gone = a_request(PLAN, status=RequestStatus.VOIDED)
    tenant = replace(TENANT, status=TenantStatus.DISCONNECTED)
    disconnected = request_message(gone, results(PLAN), tenant)

    assert "the plan grew after its approval" in words_in(grown.blocks)
    assert "the tenant was disconnected" in words_in(disconnected.blocks)


@given(
    st.integers(min_value=0, max_value=40),
    st.sampled_from(RequestStatus),
    st.lists(st.sampled_from(StepStatus), min_size=1, max_size=20),
    st.sampled_from(["CRM", "ü" * 80, HOSTILE]),
)
def test_every_card_and_outcome_holds_slacks_limits(
    number: int, status: RequestStatus, steps: list[StepStatus], name: str
) -> None:
    groups = [a_group(f"{each} {name}") for each in range(number)]
    blocked = [a_group(f"b{each} {name}", blocked=name) for each in range(number)]
    leaver = a_leaver(display_name=name, user_principal_name=name)
    plan = a_plan(DISABLE, *groups, *blocked, leaver=leaver, notes=(name, name, name))
    request = a_request(
        plan, status=status, reason=name * 9, ticket=name, decision_reason=name, **RAN
    )
    stand = results(plan, *steps, detail=name)

    for drawing in (
        request_message(request, stand, TENANT),
        outcome_message(request, stand, TENANT),
    ):
        judge_message(drawing.blocks)
        judge_message(without_cards(drawing.blocks))
        assert "<!channel>" not in "".join(parsed(drawing.blocks)) + drawing.text


def test_a_leaver_in_300_groups_is_summed_up_on_the_card() -> None:
    plan = a_plan(DISABLE, *many(300))

    pending = card(RequestStatus.PENDING, plan=plan)
    running = card(
        RequestStatus.RUNNING,
        *[StepStatus.VERIFIED] * 101,
        StepStatus.RUNNING,
        *[StepStatus.PENDING] * 199,
        plan=plan,
        **RAN,
    )

    assert "Remove 300 group memberships" in words_in(pending.blocks)
    assert re.search(r"and \d+ more; see Details", words_in(pending.blocks))
    assert [task["status"] for task in tasks(running)] == ["complete", "in_progress"]
    assert "100 verified, 199 to do, 1 running" in words_in(running.blocks)


@pytest.mark.parametrize("groups", [0, 39, 300])
def test_the_pages_of_the_details_show_every_step_once(groups: int) -> None:
    plan = a_plan(DISABLE, *many(groups))
    request, stand = a_request(plan), results(plan)
    pages = -(-len(stand) // PAGE)

    said = ""
    for page in range(pages):
        view = judge_view(
            details_view(request, stand, TENANT, page), Mint(Clock()), modal=True
        )
        said += words_in(view)
        assert ("Next page" in buttons_in(view)) == (page < pages - 1)
        assert ("Previous page" in buttons_in(view)) == (page > 0)

    for step in plan.steps:
        assert said.count(f"{step.label}:") == 1


def test_a_page_that_is_not_there_shows_the_nearest() -> None:
    plan = a_plan(DISABLE, *many(50))
    view = details_view(a_request(plan), results(plan), TENANT, 99)

    assert "Steps 41 to 51 of 51" in words_in(view)


def test_details_of_a_hostile_plan_hold_slacks_limits() -> None:
    groups = [a_group(f"{each}{HOSTILE}", blocked=HOSTILE) for each in range(PAGE)]
    plan = a_plan(*groups, notes=(HOSTILE,) * 5)

    view = judge_view(
        details_view(a_request(plan), results(plan), TENANT), Mint(Clock()), modal=True
    )

    assert "<!channel>" not in words_in(view)


def test_denying_asks_for_a_reason() -> None:
    view = judge_view(denial_view(a_request()), Mint(Clock()), modal=True)

    (reason,) = [block for block in view["blocks"] if block["type"] == "input"]
    assert reason["label"]["text"] == "Reason"
    assert not reason["optional"]
    assert view["submit"]["text"] == "Deny"
