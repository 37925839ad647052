"""Who decides a request, and what everybody else is told."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.domain.audit import AuditAction
from bot.domain.ids import SlackUserId, WorkspaceId
from bot.domain.offboarding import AlreadyDecidedError, RequestStatus
from bot.domain.people import SlackPerson
from sandbox.slack.errors import ControlError
from tests.scenarios.offboarding import (
    Snapshot,
    as_now,
    asks,
    opens_form,
    request_id_on,
    reviews,
    stored,
    trail,
)
from tests.scenarios.office import Office, open_office
from tests.scenarios.people import AMIR, APPROVALS, DANA, NORA, OMAR, RUTH
from tests.scenarios.screen import buttons_in, words_in

ACCOUNT_ONLY = ["Disable account", "Revoke sessions"]


@pytest.fixture
async def hasty(tmp_path: Path) -> AsyncIterator[Office]:
    """An office in which requests expire after four seconds."""
    async with open_office(tmp_path, approval_valid_for=timedelta(seconds=4)) as opened:
        yield opened


async def refusals(office: Office) -> list[tuple[str, str]]:
    """Who was refused what, from the audit trail."""
    return [
        (each.actor, each.facts["wanted"])
        for each in await trail(office)
        if each.action is AuditAction.REFUSED
    ]


async def test_the_requester_cannot_approve_although_an_approver(
    office: Office,
) -> None:
    """Ruth asks and clicks Approve: told no, alone; the request stays open."""
    await office.connects(approvers=[RUTH, AMIR])
    card = await asks(office, actions=ACCOUNT_ONLY)
    before = Snapshot(office.entra.tenant)

    await office.presses(RUTH, "Approve", card)

    said = await office.is_told(RUTH, "your own request", channel=APPROVALS)
    assert f"<@{AMIR}>" in said
    assert buttons_in(as_now(office, card))[0] == "Approve"
    assert before.changes() == {}
    assert await refusals(office) == [(RUTH, "approve")]
    assert "your own request" not in office.told_alone(AMIR, APPROVALS)


async def test_the_leaver_cannot_approve_although_an_approver(office: Office) -> None:
    await office.connects(approvers=[DANA, AMIR])
    card = await asks(office, actions=ACCOUNT_ONLY)

    await office.presses(DANA, "Approve", card)
    await office.presses(DANA, "Deny", card)

    await office.is_told(DANA, "your own offboarding", channel=APPROVALS)
    request, _ = await stored(office, card)
    assert request.status is RequestStatus.PENDING


async def test_who_is_no_approver_is_told_who_is(office: Office) -> None:
    await office.connects()
    card = await asks(office, actions=ACCOUNT_ONLY)

    await office.presses(OMAR, "Approve", card)

    await office.is_told(
        OMAR, "not an approver", f"<@{AMIR}>", f"<@{NORA}>", channel=APPROVALS
    )


async def test_an_approver_who_became_a_guest_decides_nothing(office: Office) -> None:
    """Whatever the card showed: Slack is asked when the button is pressed."""
    await office.connects()
    card = await asks(office, actions=ACCOUNT_ONLY)
    office.slack.people.change(AMIR, {"is_restricted": True})

    await office.presses(AMIR, "Approve", card)

    await office.is_told(AMIR, "Guests", "cannot decide", channel=APPROVALS)
    request, _ = await stored(office, card)
    assert request.status is RequestStatus.PENDING


async def test_of_two_approvers_at_once_one_decides_and_the_other_is_told(
    office: Office,
) -> None:
    await office.connects()
    card = await asks(office, actions=ACCOUNT_ONLY)

    await asyncio.gather(
        office.presses(AMIR, "Approve", card), office.presses(NORA, "Approve", card)
    )

    await office.is_told(RUTH, "Complete")
    told = await office.sees(
        lambda: [
            who
            for who in (AMIR, NORA)
            if "no longer pending" in office.told_alone(who, APPROVALS)
            or "already decided" in office.told_alone(who, APPROVALS)
        ]
    )
    request, _ = await stored(office, as_now(office, card))
    assert told == [NORA if request.decided_by == AMIR else AMIR]
    actions = [each.action for each in await trail(office)]
    assert actions.count(AuditAction.REQUEST_APPROVED) == 1
    assert actions.count(AuditAction.REQUEST_FINISHED) == 1


async def test_a_denial_wants_a_reason_that_the_requester_is_told(
    office: Office,
) -> None:
    await office.connects()
    card = await asks(office, actions=ACCOUNT_ONLY)
    before = Snapshot(office.entra.tenant)

    await office.presses(AMIR, "Deny", card)
    await office.sees_modal(AMIR, "Deny the request")
    blank = await office.submits(AMIR, reason="   ")
    assert blank.outcome == "errors"
    await office.submits(AMIR, reason="She stays until March")

    await office.is_told(RUTH, "Denied", f"<@{AMIR}>", "She stays until March")
    denied = await office.sees_message(APPROVALS, "Denied", "until March", who=RUTH)
    assert buttons_in(denied) == ["Details"]
    assert before.changes() == {}


async def test_only_the_requester_withdraws(office: Office) -> None:
    await office.connects()
    card = await asks(office, actions=ACCOUNT_ONLY)

    await office.presses(AMIR, "Withdraw", card)
    await office.is_told(AMIR, "Only the requester", channel=APPROVALS)
    await office.presses(RUTH, "Withdraw", card)

    withdrawn = await office.sees_message(APPROVALS, "Withdrawn", who=RUTH)
    assert buttons_in(withdrawn) == ["Details"]
    assert await refusals(office) == [(AMIR, "withdraw")]


async def approves_too_late(office: Office) -> None:
    """Amir presses when the time is over, before the sweep takes the button away.

    Where the sweep was faster, Ruth asks again and he tries again.
    """
    for _ in range(5):
        card = await asks(office, actions=ACCOUNT_ONLY)
        await asyncio.sleep(4)
        with contextlib.suppress(ControlError):
            await office.presses(AMIR, "Approve", card)
            return
    raise AssertionError("the sweep was faster five times")


async def test_a_request_expires_undecided(hasty: Office) -> None:
    await hasty.connects()
    before = Snapshot(hasty.entra.tenant)

    await approves_too_late(hasty)

    await hasty.is_told(AMIR, "expired", channel=APPROVALS)
    await hasty.sees_message(APPROVALS, "Expired undecided", who=RUTH)
    await hasty.is_told(RUTH, "Expired undecided")
    assert before.changes() == {}


async def test_the_sweep_expires_what_nobody_presses(hasty: Office) -> None:
    await hasty.connects()
    await asks(hasty, actions=ACCOUNT_ONLY)
    await asyncio.sleep(4)

    await hasty.bot.core.services.offboarding.sweep()

    await hasty.is_told(RUTH, "Expired undecided")


async def test_a_second_request_for_the_same_leaver_is_refused_with_a_link(
    office: Office,
) -> None:
    await office.connects()
    card = await asks(office, actions=ACCOUNT_ONLY)

    await reviews(office, OMAR, actions=ACCOUNT_ONLY)
    await office.submits(OMAR)

    view = await office.sees_modal(OMAR, "already pending", "Open that request")
    assert f"<@{RUTH}>" in words_in(view)
    assert card["ts"].replace(".", "") in words_in(view)


async def test_a_request_that_nobody_could_approve_is_refused(office: Office) -> None:
    await office.connects(approvers=[RUTH])
    plan = await reviews(office, actions=ACCOUNT_ONLY)
    assert "Nobody can approve this" in words_in(plan)

    await office.submits(RUTH)

    await office.sees_modal(RUTH, "Nobody could approve this", "add an approver")
    assert office.messages(APPROVALS, RUTH) == []


async def test_a_request_for_later_waits_for_its_date(office: Office) -> None:
    await office.connects()
    at = datetime.now(UTC) + timedelta(seconds=6)
    card = await asks(
        office,
        actions=ACCOUNT_ONLY,
        when="At a date and time",
        run_at=int(at.timestamp()),
    )
    before = Snapshot(office.entra.tenant)

    await office.presses(AMIR, "Approve", card)
    await office.sees_message(APPROVALS, "Approved", who=RUTH)
    await office.bot.core.services.offboarding.sweep()
    await asyncio.sleep(1)
    assert before.changes() == {}

    await asyncio.sleep(max(0.0, (at - datetime.now(UTC)).total_seconds()) + 0.5)
    await office.bot.core.services.offboarding.sweep()

    await office.is_told(RUTH, "Complete")


async def test_what_is_approved_for_later_can_still_be_withdrawn(
    office: Office,
) -> None:
    """She stays after all: nothing may run at the date."""
    await office.connects()
    at = datetime.now(UTC) + timedelta(seconds=5)
    card = await asks(
        office,
        actions=ACCOUNT_ONLY,
        when="At a date and time",
        run_at=int(at.timestamp()),
    )
    before = Snapshot(office.entra.tenant)
    await office.presses(AMIR, "Approve", card)
    approved = await office.sees_message(APPROVALS, "Approved; it runs", who=RUTH)

    await office.presses(AMIR, "Withdraw", approved)
    await office.is_told(AMIR, "Only the requester", channel=APPROVALS)
    await office.presses(RUTH, "Withdraw", approved)

    withdrawn = await office.sees_message(APPROVALS, "Withdrawn", who=RUTH)
    assert buttons_in(withdrawn) == ["Details"]
    await office.is_told(RUTH, "Withdrawn")
    await asyncio.sleep(max(0.0, (at - datetime.now(UTC)).total_seconds()) + 0.5)
    await office.bot.core.services.offboarding.sweep()
    await asyncio.sleep(0.5)
    assert before.changes() == {}
    request, _ = await stored(office, withdrawn)
    assert request.status is RequestStatus.WITHDRAWN


async def test_what_has_run_cannot_be_withdrawn(office: Office) -> None:
    """A click on a card that has not redrawn itself yet."""
    await office.connects()
    card = await asks(office, actions=ACCOUNT_ONLY)
    service = office.bot.core.services.offboarding
    await office.presses(AMIR, "Approve", card)
    await office.is_told(RUTH, "Complete")
    ruth = SlackPerson(SlackUserId(RUTH), WorkspaceId("T0CONTOSO"), "Ruth")

    with pytest.raises(AlreadyDecidedError, match="it is complete"):
        await service.withdraw(request_id_on(as_now(office, card)), by=ruth)


async def test_a_delivery_that_comes_twice_counts_once(office: Office) -> None:
    await office.connects()
    office.slack.faults.set("duplicate_deliveries", True)
    card = await asks(office, actions=ACCOUNT_ONLY)

    await office.presses(AMIR, "Approve", card)
    await office.is_told(RUTH, "Complete")

    assert len(office.messages(APPROVALS, RUTH)) == 1
    assert "no longer pending" not in office.told_alone(AMIR, APPROVALS)


async def test_a_forgotten_form_is_no_obstacle(office: Office) -> None:
    """Ruth reviews and walks away; her draft bars nobody."""
    await office.connects()
    await reviews(office, RUTH, actions=ACCOUNT_ONLY)

    await asks(office, OMAR, actions=ACCOUNT_ONLY)

    assert await opens_form(office, RUTH)
