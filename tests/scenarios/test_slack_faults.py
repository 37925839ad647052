"""Slack's bad days while people act: they hear of it, and nothing is done twice."""

from bot.domain.offboarding import RequestStatus
from tests.scenarios.offboarding import asks, stored
from tests.scenarios.office import CONNECTION, Office
from tests.scenarios.people import ADA, AMIR, APPROVALS, RUTH


async def gateway_fails(office: Office, method: str, times: int = 1) -> None:
    """A gateway's page comes in place of Slack's answer."""
    await office.slack.set_fault(
        "server_error", True, {"method": method, "n": times, "status": 503}
    )


async def test_who_cannot_be_answered_one_way_is_answered_another(
    office: Office,
) -> None:
    await gateway_fails(office, "chat.postEphemeral", times=3)
    await office.types(ADA, "/entra help")

    await office.is_told(ADA, "/entra connect")


async def test_a_decision_that_slack_cannot_vouch_for_is_not_taken(
    office: Office,
) -> None:
    """Who Amir is cannot be asked: he is told to try again, and then it works."""
    await office.connects()
    card = await asks(office)
    await gateway_fails(office, "users.info", times=3)
    await office.presses(AMIR, "Approve", card)
    await office.is_told(AMIR, "Slack could not say who", channel=APPROVALS)
    assert (await stored(office, card))[0].status is RequestStatus.PENDING

    await office.slack.set_fault("server_error", on=False)
    await office.presses(AMIR, "Approve", card)
    await office.sees_message(APPROVALS, "approved by", who=RUTH)


async def test_who_is_in_a_channel_is_not_guessed_while_slack_does_not_say(
    office: Office,
) -> None:
    """Ruth may ask; she is not told that she may not."""
    await office.connects()
    await gateway_fails(office, "conversations.members", times=3)
    await office.types(RUTH, "/offboard")

    await office.sees_modal(RUTH, "Slack could not say who is in", "Try again in")


async def test_a_channel_that_slack_does_not_show_now_is_not_called_unusable(
    office: Office,
) -> None:
    await gateway_fails(office, "conversations.info", times=3)
    await office.types(ADA, "/entra connect")
    await office.sees_modal(ADA, "Directory (tenant) ID")
    await office.submits(ADA, **CONNECTION)

    await office.sees_modal(ADA, "Slack could not say what")


async def test_a_window_that_slack_opens_no_more_is_asked_for_again(
    office: Office,
) -> None:
    """A pause that Slack asks for outlives the 3 s in which a modal may be opened."""
    busy = {"method": "users.info", "n": 1, "retry_after": 3}
    await office.slack.set_fault("rate_limit", True, busy)
    await office.types(ADA, "/entra connect")
    await office.is_told(ADA, "Slack was too slow", "once more")

    await office.types(ADA, "/entra connect")
    await office.sees_modal(ADA, "Directory (tenant) ID")
