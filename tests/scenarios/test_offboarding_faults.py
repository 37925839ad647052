"""Bad days during a run: only what was read back counts, and the rest goes on."""

import asyncio
from itertools import pairwise

import pytest
from sqlalchemy import text

from bot.domain.audit import AuditAction
from bot.domain.offboarding import RequestStatus, StepStatus
from bot.workflows.run_record import RunRecord
from sandbox.graph.directory_roles import ROLE_IDS
from sandbox.graph.portal import Portal
from tests.scenarios.offboarding import (
    Snapshot,
    as_now,
    asks,
    group_id,
    stored,
    trail,
    user_id,
)
from tests.scenarios.office import Office
from tests.scenarios.people import AMIR, APPROVALS, OMAR, RUTH
from tests.scenarios.screen import Json, buttons_in, words_in

DANA = user_id("dana")
USER = f"/users/{DANA}"
ACCOUNT_ONLY = ["Disable account", "Revoke sessions"]
GROUPS_ONLY = ["Remove group memberships"]


async def runs(office: Office, card: Json) -> Json:
    """Amir approves; returns the card when the run has ended."""
    await office.presses(AMIR, "Approve", card)

    def ended() -> Json | None:
        now = as_now(office, card)
        said = words_in(now)
        return now if "Complete" in said or "Incomplete" in said else None

    done: Json = await office.sees(ended, within=100, what="the end of the run")
    return done


async def statuses(office: Office, card: Json) -> dict[str, StepStatus]:
    """How each step ended, by its label."""
    _, steps = await stored(office, card)
    return {step.step.label: step.status for step in steps}


async def test_throttling_is_waited_for_as_long_as_graph_asks(office: Office) -> None:
    await office.connects()
    card = await asks(office, actions=ACCOUNT_ONLY)
    office.entra.faults.throttle(times=2, retry_after=2, path=USER, method="PATCH")

    done = await runs(office, card)

    assert "Complete" in words_in(done)


async def test_a_503_is_tried_again(office: Office) -> None:
    await office.connects()
    card = await asks(office, actions=ACCOUNT_ONLY)
    office.entra.faults.unavailable(times=3)

    assert "Complete" in words_in(await runs(office, card))


async def test_an_answer_lost_after_the_change_is_read_back(office: Office) -> None:
    await office.connects()
    card = await asks(office)
    office.entra.faults.reset_after_apply(times=4)

    done = await runs(office, card)

    assert "everything approved is done and verified" in words_in(done)


async def test_done_but_not_applied_is_never_believed(office: Office) -> None:
    await office.connects()
    card = await asks(office, actions=ACCOUNT_ONLY)
    office.entra.faults.silent_no_apply(times=2, path=USER)

    done = await runs(office, card)

    assert "Complete" in words_in(done)
    assert office.entra.tenant.users[DANA]["accountEnabled"] is False


async def test_lists_that_lag_are_waited_for(office: Office) -> None:
    await office.connects()
    card = await asks(office, actions=GROUPS_ONLY)
    office.entra.faults.read_lag(3)

    done = await runs(office, card)

    assert "everything approved is done and verified" in words_in(done)


async def test_a_failed_step_stops_no_other_and_can_be_retried(
    office: Office,
) -> None:
    await office.connects()
    card = await asks(office)
    office.entra.faults.error(
        400,
        "Request_BadRequest",
        "Something odd.",
        times=-1,
        path=f"/groups/{group_id('CRM Users')}/members/",
        method="DELETE",
    )
    done = await runs(office, card)
    ended = await statuses(office, done)
    assert ended.pop("Remove from group: CRM Users") is StepStatus.FAILED
    assert set(ended.values()) == {StepStatus.VERIFIED, StepStatus.BLOCKED}
    assert "Something odd." in words_in(done)
    assert "Retry failed steps" in buttons_in(done)

    office.entra.faults.off("error")
    await office.presses(OMAR, "Retry failed steps", done)
    await office.is_told(
        OMAR, "Only the requester and the approvers", channel=APPROVALS
    )
    await asyncio.gather(
        office.presses(RUTH, "Retry failed steps", done),
        office.presses(AMIR, "Retry failed steps", done),
    )
    await office.sees_message(
        APPROVALS, "everything approved is done and verified", who=RUTH, within=30
    )

    assert DANA not in office.entra.tenant.members[group_id("CRM Users")]
    request, _ = await stored(office, done)
    assert request.run == 1
    actions = [each.action for each in await trail(office)]
    assert actions.count(AuditAction.REQUEST_RETRIED) == 1
    assert actions.count(AuditAction.REQUEST_FINISHED) == 2


async def test_a_leaver_who_became_an_administrator_is_not_touched(
    office: Office,
) -> None:
    """The role came after the plan was read; the check before the run finds it."""
    await office.connects()
    card = await asks(office, actions=ACCOUNT_ONLY)
    office.entra.tenant.role_assignments["late"] = {
        "id": "late",
        "principalId": DANA,
        "roleDefinitionId": ROLE_IDS["Global Administrator"],
        "directoryScopeId": "/",
    }

    done = await runs(office, card)

    ended = await statuses(office, done)
    assert ended["Disable account"] is StepStatus.BLOCKED
    assert ended["Revoke sessions"] is StepStatus.VERIFIED
    assert office.entra.tenant.users[DANA]["accountEnabled"] is True
    assert "Retry failed steps" not in buttons_in(done)


async def test_an_unseen_administrator_is_found_out_by_the_refusal(
    office: Office,
) -> None:
    await office.connects()
    Portal(office.entra).consent({"revoke": ["RoleManagement.Read.Directory"]})
    await office.restarts()
    card = await asks(office, leaver="Priya Raman", actions=ACCOUNT_ONLY)

    done = await runs(office, card)

    assert (await statuses(office, done))["Disable account"] is StepStatus.BLOCKED
    assert "administrator role" in words_in(done)


async def test_a_sign_in_that_fails_ends_the_run_with_words(office: Office) -> None:
    await office.connects()
    card = await asks(office)
    before = Snapshot(office.entra.tenant)
    office.entra.tokens.revoke_all()
    office.entra.faults.login_error(7000222)

    done = await runs(office, card)

    ended = await statuses(office, done)
    assert set(ended.values()) == {StepStatus.FAILED, StepStatus.BLOCKED}
    assert "AADSTS7000222" in words_in(done)
    assert before.changes() == {}

    office.entra.faults.off("login_error")
    await office.presses(RUTH, "Retry failed steps", done)
    await office.sees_message(
        APPROVALS, "everything approved is done and verified", who=RUTH, within=40
    )


async def test_consent_revoked_in_between_is_named(office: Office) -> None:
    await office.connects()
    card = await asks(office, actions=ACCOUNT_ONLY)
    Portal(office.entra).consent({"revoke": ["User.RevokeSessions.All"]})
    office.entra.tokens.revoke_all()

    done = await runs(office, card)

    assert "User.RevokeSessions.All" in words_in(done)
    assert (await statuses(office, done))["Disable account"] is StepStatus.VERIFIED


async def test_a_leaver_deleted_in_between_ends_with_words(office: Office) -> None:
    await office.connects()
    card = await asks(office, actions=ACCOUNT_ONLY)
    tenant = office.entra.tenant
    tenant.deleted_users[DANA] = tenant.users.pop(DANA)

    done = await runs(office, card)

    assert "not in this tenant" in words_in(done)


async def test_a_stored_plan_that_was_edited_never_runs(office: Office) -> None:
    """Somebody with access to the database adds a group to an approved plan."""
    await office.connects()
    card = await asks(office, actions=GROUPS_ONLY)
    before = Snapshot(office.entra.tenant)
    async with office.bot.core.database.engine.begin() as connection:
        await connection.execute(
            text("UPDATE offboarding_request SET plan = replace(plan, :was, :now)"),
            {"was": group_id("CRM Users"), "now": group_id("On-call")},
        )

    await office.presses(AMIR, "Approve", card)

    await office.is_told(AMIR, "was changed after it was shown", channel=APPROVALS)
    await office.bot.core.services.offboarding.sweep()
    voided = await office.sees_message(APPROVALS, "Do not run it", who=RUTH)
    assert buttons_in(voided) == []
    (entry,) = [e for e in await trail(office) if e.action == "request.voided"]
    assert "changed after it was shown" in entry.facts["why"]
    assert before.changes() == {}


async def test_a_run_that_breaks_off_is_ended_and_can_be_retried(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A fault of ours in the midst of a run: people are told, and try again."""
    await office.connects()
    card = await asks(office, actions=ACCOUNT_ONLY)

    async def breaks(*_: object) -> None:
        raise RuntimeError("a fault of ours")

    with monkeypatch.context() as patched:
        patched.setattr(RunRecord, "begun", breaks)
        await office.presses(AMIR, "Approve", card)
        await office.sees_message(APPROVALS, "Running", who=RUTH)
        done = await office.sees_message(APPROVALS, "broke off", who=RUTH, within=20)

    assert set((await statuses(office, done)).values()) == {StepStatus.FAILED}
    await office.presses(RUTH, "Retry failed steps", done)
    await office.sees_message(APPROVALS, "Complete: every step", who=RUTH, within=30)


async def test_the_card_is_redrawn_at_most_every_one_and_a_half_seconds(
    office: Office,
) -> None:
    await office.connects()
    card = await asks(office)

    await runs(office, card)

    updates = [
        call.at
        for call in office.slack.log.calls
        if call.method == "chat.update" and call.args.get("ts") == card["ts"]
    ]
    gaps = [later - sooner for sooner, later in pairwise(updates)]
    assert all(gap >= 1.4 for gap in gaps), gaps
    request, _ = await stored(office, as_now(office, card))
    assert request.status is RequestStatus.INCOMPLETE
