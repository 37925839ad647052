"""The offboarding modals: their contract's labels, what they say, Slack's limits."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from bot.domain.asking import AlreadyAskedError, NoApproverError
from bot.domain.ids import ChannelId, ConnectionId, ObjectId
from bot.domain.offboarding import RequestStatus
from bot.domain.plans import Action
from bot.views.offboarding import (
    asked_view,
    asking_view,
    plan_view,
    problem_view,
    reading_view,
    refused_view,
)
from bot.views.offboarding_form import (
    FoundUser,
    Match,
    form_view,
    leaver_option,
    loading_view,
    nobody_view,
)
from sandbox.slack.blocks.judge import judge_options, judge_view
from sandbox.slack.clock import Clock
from sandbox.slack.ids import Mint
from tests.leaving import (
    AMIR,
    DANA,
    DISABLE,
    NORA,
    REVOKE,
    RUTH,
    TENANT,
    a_group,
    a_leaver,
    a_method,
    a_plan,
    a_request,
    many,
)
from tests.scenarios.screen import buttons_in, input_labelled, words_in
from tests.watching import NOW, guid

pytestmark = pytest.mark.quick

View = dict[str, Any]
HOSTILE = "<!channel> & *bold* `code`\n> \u202eeurt <https://x|y>" * 8
USER = FoundUser(
    ObjectId(guid("dana")), "Dana Cole", "dana@contoso.example", "Account Manager"
)


def judged(view: View) -> View:
    """The view, after Slack's limits were checked."""
    return judge_view(view, Mint(Clock()), modal=True)


def labels(view: View) -> list[str]:
    return [b["label"]["text"] for b in view["blocks"] if b["type"] == "input"]


def test_the_form_has_the_labels_of_the_contract() -> None:
    view = judged(form_view([TENANT], TENANT.id))

    assert labels(view) == [
        "Tenant",
        "Leaver",
        "When",
        "Date and time",
        "Actions",
        "Reason",
        "Ticket",
    ]
    assert view["submit"]["text"] == "Review"
    when = input_labelled(view, "When")["element"]
    assert [o["text"]["text"] for o in when["options"]] == ["Now", "At a date and time"]
    ticks = input_labelled(view, "Actions")["element"]
    assert [o["text"]["text"] for o in ticks["options"]] == [
        "Disable account",
        "Revoke sessions",
        "Remove group memberships",
        "Remove authentication methods",
    ]
    assert ticks["initial_options"] == ticks["options"]


def test_the_type_ahead_asks_from_two_letters_on() -> None:
    leaver = input_labelled(form_view([TENANT], TENANT.id), "Leaver")

    assert leaver["element"]["type"] == "external_select"
    assert leaver["element"]["min_query_length"] == 2


def test_with_several_tenants_the_leaver_waits_for_the_choice() -> None:
    other = replace(TENANT, id=ConnectionId(guid("other")), name="Fabrikam")

    view = judged(form_view([TENANT, other], None))
    chosen = judged(form_view([TENANT, other], other.id))

    assert "Leaver" not in labels(view)
    assert input_labelled(chosen, "Leaver")["block_id"] == f"leaver:{other.id}"
    tenant = input_labelled(chosen, "Tenant")["element"]["initial_option"]
    assert tenant["text"]["text"] == "Fabrikam"


@pytest.mark.parametrize(
    ("match", "words"),
    [
        (Match("dana@contoso.example", USER, DANA), ["Dana Cole", f"<@{DANA}>"]),
        (Match("no@x.example", None, DANA), ["no Entra account", "no@x.example"]),
        (Match(None, None, DANA), ["no e-mail address", f"<@{DANA}>"]),
        (Match("a@b.example", problem="Graph is too slow."), ["Graph is too slow."]),
        (Match(HOSTILE), ["no Entra account", "&lt;!channel&gt;"]),
    ],
)
def test_the_match_is_shown_or_its_absence_said(match: Match, words: list[str]) -> None:
    view = judged(form_view([TENANT], TENANT.id, match))

    assert all(word in words_in(view) for word in words)
    assert "<!channel>" not in words_in(view)


def test_a_match_is_chosen_beforehand() -> None:
    view = form_view([TENANT], TENANT.id, Match("dana@contoso.example", USER, DANA))

    chosen = input_labelled(view, "Leaver")["element"]["initial_option"]
    assert chosen == leaver_option(USER)
    assert chosen["value"] == str(USER.id)


def test_an_endless_name_still_makes_a_choice() -> None:
    user = replace(USER, display_name=HOSTILE, job_title=HOSTILE)

    judged(form_view([TENANT], TENANT.id, Match("d@x.example", user)))


def test_somebody_allowed_nowhere_is_told_whom_to_ask() -> None:
    nowhere = judged(nobody_view([TENANT], f"<@{RUTH}>"))
    nothing = judged(nobody_view([], f"<@{RUTH}>"))

    assert f"<@{RUTH}>" in words_in(nowhere)
    assert f"<#{TENANT.approvals_channel}>" in words_in(nowhere)
    assert "/entra connect" in words_in(nothing)
    assert "submit" not in nowhere


def draft(*steps: Any, **changes: Any) -> Any:
    plan = a_plan(*steps, **changes)
    return a_request(plan, status=RequestStatus.DRAFT)


def test_the_plan_names_every_group_and_method() -> None:
    plan = draft(DISABLE, REVOKE, a_group("CRM Users"), a_method("Blue security key"))

    view = judged(plan_view(plan, TENANT))

    said = words_in(view)
    assert "CRM Users" in said
    assert "Blue security key" in said
    assert "Remove 1 group membership · Remove 1 authentication method" in said
    assert "cannot be undone" in said
    assert view["submit"]["text"] == "Request approval"
    assert view["private_metadata"] == str(plan.id)


def test_what_cannot_be_done_is_said_with_its_reason() -> None:
    view = judged(
        plan_view(draft(DISABLE, a_group("Sales", blocked="a rule decides")), TENANT)
    )

    assert "cannot be done here, because a rule decides" in words_in(view)
    assert "1 cannot be done here" in words_in(view)


def test_a_plan_with_nothing_to_do_has_no_submit() -> None:
    view = judged(plan_view(draft(replace(DISABLE, blocked="not granted")), TENANT))

    assert "submit" not in view


def test_the_plan_says_who_decides_and_when_it_runs() -> None:
    later = replace(draft(DISABLE), run_at=NOW + timedelta(days=2))

    said = words_in(judged(plan_view(later, TENANT)))

    assert f"<@{AMIR}>, <@{NORA}>" in said
    assert "if approved by then" in said
    assert f"<@{RUTH}>" not in said


def test_a_plan_nobody_can_approve_says_so_at_once() -> None:
    lonely = replace(TENANT, approvers=(RUTH,))

    assert "Nobody can approve this" in words_in(plan_view(draft(DISABLE), lonely))


@pytest.mark.parametrize("groups", [60, 300, 2000])
def test_a_leaver_in_very_many_groups_still_has_a_plan(groups: int) -> None:
    plan = draft(DISABLE, *many(groups))

    view = judged(plan_view(plan, TENANT))

    assert f"Remove {groups} group memberships" in words_in(view)
    assert "Show every step" in buttons_in(view)


def test_a_plan_that_does_not_fit_says_how_much_is_missing() -> None:
    groups = [a_group(f"{number}ü{'ü' * 75}") for number in range(900)]

    view = judged(plan_view(draft(*groups), TENANT))

    assert "more; see Details" in words_in(view)


def test_hostile_names_stay_text() -> None:
    plan = draft(
        DISABLE,
        a_group(HOSTILE),
        a_method(HOSTILE, blocked=HOSTILE),
        leaver=a_leaver(display_name=HOSTILE, user_principal_name=HOSTILE),
        notes=(HOSTILE,),
    )

    said = words_in(judged(plan_view(plan, replace(TENANT, name=HOSTILE))))

    assert "<!channel>" not in said
    assert "\u202e" not in said


def test_the_small_views_hold_slacks_limits() -> None:
    request = a_request()
    link = "https://contoso-it.slack.com/archives/C1/p1"
    for view in (
        loading_view(),
        reading_view("plan:1.2.3"),
        asking_view(),
        asked_view(request, link),
        asked_view(request, None),
        problem_view(NoApproverError(TENANT)),
        refused_view(AlreadyAskedError(request), link),
    ):
        judged(view)


def test_closing_the_outcome_closes_everything_and_a_problem_leads_back() -> None:
    assert asked_view(a_request(), None)["clear_on_close"]
    assert refused_view(NoApproverError(TENANT))["clear_on_close"]
    problem = problem_view(NoApproverError(TENANT))
    assert problem["close"]["text"] == "Back"
    assert "clear_on_close" not in problem


def test_the_request_says_where_it_is() -> None:
    request = a_request(approvals_channel=ChannelId("CAPPROVE"))

    said = words_in(asked_view(request, "https://contoso-it.slack.com/archives/C1/p1"))

    assert "<#CAPPROVE>" in said
    assert "<https://contoso-it.slack.com/archives/C1/p1|" in said


def test_every_action_has_its_own_words() -> None:
    assert len({action.label for action in Action}) == len(Action)


@pytest.mark.parametrize("blank", ["", " ", "\u200b", "\u202e\n"])
def test_a_blank_job_title_spoils_no_menu(blank: str) -> None:
    found = replace(USER, job_title=blank)

    judge_options({"options": [leaver_option(found)]})
