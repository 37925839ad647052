"""Offboarding end to end: asked for, approved by somebody else, done, told."""

from datetime import timedelta

from bot.domain.audit import AuditAction
from bot.domain.offboarding import RequestStatus, StepStatus
from sandbox.graph.tenant import timestamp
from tests.scenarios.offboarding import (
    Snapshot,
    allows_methods,
    as_now,
    asks,
    group_id,
    stored,
    trail,
    user_id,
)
from tests.scenarios.office import Office
from tests.scenarios.people import AMIR, APPROVALS, NORA, RUTH
from tests.scenarios.screen import buttons_in, words_in

DANA = user_id("dana")
ACCOUNT_ONLY = ["Disable account", "Revoke sessions"]


async def test_ruth_asks_amir_approves_and_dana_is_offboarded(office: Office) -> None:
    """Everything that can be done is, and nothing else in the tenant moves."""
    allows_methods(office)
    await office.connects()
    tenant = office.entra.tenant
    members = {key: list(ids) for key, ids in tenant.members.items()}
    (password,) = [
        each for each in tenant.methods[DANA] if "password" in each["@odata.type"]
    ]
    before = Snapshot(tenant)
    card = await asks(office)
    assert before.changes() == {}

    await office.presses(AMIR, "Approve", card)
    done = await office.sees_message(APPROVALS, "Incomplete", who=RUTH, within=60)

    removable = ["CRM Users", "Licence: Microsoft 365 E3", "Sales Team", "VPN Access"]
    changes = before.changes()
    revoked = changes.pop(f"users/{DANA}/signInSessionsValidFromDateTime")
    assert revoked > timestamp(office.entra.now() - timedelta(minutes=2))
    changes.pop(f"default_methods/{DANA}", None)
    assert changes == {
        f"users/{DANA}/accountEnabled": False,
        f"methods/{DANA}": [password],
        **{
            f"members/{group_id(name)}": [
                each for each in members[group_id(name)] if each != DANA
            ]
            for name in removable
        },
    }
    said = words_in(done)
    assert "everything approved is done and verified" in said
    assert "4 things need other hands" in said
    assert "Approve" not in buttons_in(done)


async def test_the_requester_is_told_the_outcome_by_direct_message(
    office: Office,
) -> None:
    await office.connects()
    card = await asks(office, actions=ACCOUNT_ONLY)

    await office.presses(AMIR, "Approve", card)

    await office.is_told(RUTH, "Dana Cole", "Complete: every step is verified")
    request, steps = await stored(office, as_now(office, card))
    assert request.status is RequestStatus.COMPLETE
    assert {step.status for step in steps} == {StepStatus.VERIFIED}
    assert office.told_alone(NORA) == ""


async def test_everything_that_happened_is_in_the_audit_trail(office: Office) -> None:
    await office.connects()
    card = await asks(office, actions=ACCOUNT_ONLY)
    await office.presses(AMIR, "Approve", card)
    await office.is_told(RUTH, "Complete")

    entries = [each for each in await trail(office) if "request:" in each.subject]

    assert [(each.action, each.actor) for each in entries] == [
        (AuditAction.REQUEST_ASKED, RUTH),
        (AuditAction.REQUEST_APPROVED, AMIR),
        (AuditAction.STEP_STARTED, "gatehouse"),
        (AuditAction.STEP_ENDED, "gatehouse"),
        (AuditAction.STEP_STARTED, "gatehouse"),
        (AuditAction.STEP_ENDED, "gatehouse"),
        (AuditAction.REQUEST_FINISHED, "gatehouse"),
    ]
    assert entries[0].facts["reason"] == "Last day on Friday"
    assert len({each.facts["plan"] for each in entries}) == 1


async def test_contain_first_and_the_default_method_last(office: Office) -> None:
    allows_methods(office)
    await office.connects()
    card = await asks(office)
    await office.presses(AMIR, "Approve", card)
    await office.sees_message(APPROVALS, "Incomplete", who=RUTH, within=60)

    writes = [
        f"{each.method} {each.url.partition('/v1.0')[2]}"
        for each in office.entra.journal.since(0)
        if each.service == "graph"
        and each.method in {"PATCH", "POST", "DELETE"}
        and "/$batch" not in each.url
    ]

    assert writes[0] == f"PATCH /users/{DANA}"
    assert writes[1] == f"POST /users/{DANA}/revokeSignInSessions"
    kinds = ["members" if "/members/" in each else "methods" for each in writes[2:]]
    assert kinds == sorted(kinds)
    assert all(each.endswith("/$ref") for each in writes if "/members/" in each)
    assert "microsoftAuthenticatorMethods" in writes[-1]
    assert len([each for each in writes if "microsoftAuthenticator" in each]) == 2


async def test_what_was_so_already_is_said_to_be(office: Office) -> None:
    await office.connects()
    office.entra.tenant.users[DANA]["accountEnabled"] = False
    card = await asks(office, actions=["Disable account"])
    assert "The account is disabled already" in words_in(card)

    await office.presses(AMIR, "Approve", card)

    await office.is_told(RUTH, "Complete")
    _, (step,) = await stored(office, as_now(office, card))
    assert step.status is StepStatus.ALREADY_SO


async def test_what_shrank_after_the_approval_counts_as_already_so(
    office: Office,
) -> None:
    await office.connects()
    card = await asks(office)
    office.entra.tenant.members[group_id("CRM Users")].remove(DANA)

    await office.presses(AMIR, "Approve", card)
    await office.sees_message(APPROVALS, "Incomplete", who=RUTH, within=60)

    _, steps = await stored(office, as_now(office, card))
    (crm,) = [step for step in steps if step.step.target_name == "CRM Users"]
    assert crm.status is StepStatus.ALREADY_SO
    assert "gone when the run began" in crm.detail


async def test_what_grew_voids_the_approval_and_asks_again(office: Office) -> None:
    await office.connects()
    card = await asks(office, actions=["Remove group memberships"])
    office.entra.tenant.members[group_id("On-call")].append(DANA)
    before = Snapshot(office.entra.tenant)

    await office.presses(AMIR, "Approve", card)
    again = await office.sees_message(APPROVALS, "Asked again", "On-call", who=RUTH)

    assert before.changes() == {}
    assert again["ts"] != card["ts"]
    await office.is_told(RUTH, "Void", "a new request asks again")
    old, _ = await stored(office, as_now(office, card))
    new, _ = await stored(office, again)
    assert old.status is RequestStatus.VOIDED
    assert (new.status, new.supersedes) == (RequestStatus.PENDING, old.id)
    assert new.digest != old.digest

    await office.presses(NORA, "Approve", again)
    await office.sees_message(APPROVALS, "Incomplete", who=RUTH, within=60)

    assert DANA not in office.entra.tenant.members[group_id("On-call")]


async def test_what_became_impossible_after_the_approval_is_blocked(
    office: Office,
) -> None:
    await office.connects()
    card = await asks(office, actions=["Remove group memberships"])
    office.entra.tenant.groups[group_id("CRM Users")]["onPremisesSyncEnabled"] = True

    await office.presses(AMIR, "Approve", card)
    await office.sees_message(APPROVALS, "Incomplete", who=RUTH, within=60)

    _, steps = await stored(office, as_now(office, card))
    (crm,) = [step for step in steps if step.step.target_name == "CRM Users"]
    assert crm.status is StepStatus.BLOCKED
    assert DANA in office.entra.tenant.members[group_id("CRM Users")]


async def test_a_peaceful_restart_loses_nothing(office: Office) -> None:
    await office.connects()
    card = await asks(office, actions=ACCOUNT_ONLY)

    await office.restarts()
    await office.presses(AMIR, "Approve", card)

    await office.is_told(RUTH, "Complete")
