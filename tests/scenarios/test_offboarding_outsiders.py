"""People who may not (any more): strangers, guests, and who left the channel."""

import pytest

from bot.domain.audit import AuditAction
from bot.domain.offboarding import RequestStatus
from tests.scenarios.offboarding import (
    asks,
    group_id,
    reviews,
    stored,
    trail,
    user_id,
)
from tests.scenarios.office import Office
from tests.scenarios.people import ADA, ALERTS, AMIR, APPROVALS, RUTH
from tests.scenarios.screen import words_in

EXT = "U0EXT"  # of another workspace, in a channel that is shared with it
ACCOUNT_ONLY = ["Disable account", "Revoke sessions"]


async def refusals(office: Office) -> list[tuple[str, str]]:
    """Who was refused what, from the audit trail."""
    return [
        (each.actor, each.facts["wanted"])
        for each in await trail(office)
        if each.action is AuditAction.REFUSED
    ]


def joins(office: Office, who: str) -> None:
    """Somebody comes into the approvals channel."""
    office.slack.channels.existing(APPROVALS).members.append(who)


def leaves(office: Office, who: str) -> None:
    """Somebody is taken out of the approvals channel."""
    office.slack.channels.existing(APPROVALS).members.remove(who)


async def moves_approvals(office: Office, channel: str) -> None:
    """Ada chooses another approvals channel."""
    await office.slack.close_view(ADA, office.modal(ADA)["id"])
    await office.types(ADA, "/entra settings")
    await office.sees_modal(ADA, "Approvals channel")
    await office.submits(ADA, approvals=channel)
    await office.sees_modal(ADA, "are saved")


@pytest.mark.parametrize(
    ("label", "wanted"),
    [("Approve", "approve"), ("Deny", "deny"), ("Withdraw", "withdraw")],
)
async def test_a_stranger_is_told_so_and_it_is_written_down(
    office: Office, label: str, wanted: str
) -> None:
    """The card stands in a shared channel; its buttons are not for everybody."""
    await office.connects()
    card = await asks(office, actions=ACCOUNT_ONLY)
    joins(office, EXT)

    await office.presses(EXT, label, card)

    await office.is_told(EXT, "people of other workspaces", channel=APPROVALS)
    assert await refusals(office) == [(EXT, wanted)]
    request, _ = await stored(office, card)
    assert request.status is RequestStatus.PENDING


async def test_a_requester_who_became_a_guest_sees_and_does_nothing(
    office: Office,
) -> None:
    await office.connects()
    card = await asks(office, actions=ACCOUNT_ONLY)
    office.slack.people.change(RUTH, {"is_restricted": True})

    await office.presses(RUTH, "Details", card)
    await office.is_told(RUTH, "full members", channel=APPROVALS)
    await office.presses(RUTH, "Withdraw", card)
    await office.is_told(RUTH, "Guests", channel=APPROVALS)

    assert office.modals(RUTH) == []
    assert await refusals(office) == [(RUTH, "see details"), (RUTH, "withdraw")]
    request, _ = await stored(office, card)
    assert request.status is RequestStatus.PENDING


async def test_a_requester_who_left_the_channel_retries_nothing(
    office: Office,
) -> None:
    """Their direct message keeps its button; it no longer is theirs to press."""
    await office.connects()
    card = await asks(office, actions=["Remove group memberships"])
    path = f"/groups/{group_id('CRM Users')}/members/"
    office.entra.faults.error(
        400, "Request_BadRequest", "Odd.", times=-1, path=path, method="DELETE"
    )
    await office.presses(AMIR, "Approve", card)
    await office.is_told(RUTH, "ended incomplete")
    office.entra.faults.off("error")
    direct = office.slack.channels.im_with(RUTH).id
    told = office.messages(direct, RUTH)[-1]
    leaves(office, RUTH)

    await office.presses(RUTH, "Retry failed steps", told)

    await office.is_told(RUTH, "Only people in the approvals channel")
    assert await refusals(office) == [(RUTH, "retry")]
    request, _ = await stored(office, told)
    assert (request.status, request.run) == (RequestStatus.INCOMPLETE, 0)
    assert user_id("dana") in office.entra.tenant.members[group_id("CRM Users")]


async def test_a_request_goes_to_the_channel_that_is_chosen_when_it_is_made(
    office: Office,
) -> None:
    """The settings change while Ruth reads her plan: the old channel hears nothing."""
    await office.connects()
    await reviews(office, actions=ACCOUNT_ONLY)
    await moves_approvals(office, ALERTS)

    await office.submits(RUTH)

    await office.sees_message(ALERTS, "Offboarding: Dana Cole", who=RUTH)
    assert office.messages(APPROVALS, RUTH) == []
    assert f"<#{ALERTS}>" in words_in(await office.sees_modal(RUTH, "is requested"))


async def test_a_plan_that_grew_is_asked_again_in_the_channel_of_now(
    office: Office,
) -> None:
    await office.connects()
    card = await asks(office, actions=["Remove group memberships"])
    await moves_approvals(office, ALERTS)
    office.entra.tenant.members[group_id("On-call")].append(user_id("dana"))

    await office.presses(AMIR, "Approve", card)

    await office.sees_message(ALERTS, "Asked again", "On-call", who=RUTH)
    await office.sees_message(APPROVALS, "Void", who=RUTH)
