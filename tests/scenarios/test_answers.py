"""Where somebody is told what concerns them alone."""

import pytest
from slack_sdk.web.async_client import AsyncWebClient

from handlers.errors import tell_alone
from tests.scenarios.office import Office
from tests.scenarios.people import ADA, GENERAL


async def test_an_answer_comes_where_the_command_was_typed(office: Office) -> None:
    """Also in a channel that the bot is not in: nobody looks for it elsewhere."""
    await office.types(ADA, "/entra status", channel=GENERAL)

    await office.sees_message(GENERAL, "No tenant is connected yet")
    assert direct_messages(office) == []


@pytest.mark.parametrize("address", [None, "/response/used/up", "http://127.0.0.1:9/"])
async def test_where_no_answer_is_taken_a_direct_message_comes(
    office: Office, address: str | None
) -> None:
    api = office.settings.slack_api_url
    token = office.sandbox.bot_environment()["SLACK_BOT_TOKEN"]
    client = AsyncWebClient(token=token, base_url=api)
    body = {"user_id": ADA, "channel_id": GENERAL}
    if address:
        here = api.removesuffix("/api/")
        body["response_url"] = here + address if address[0] == "/" else address

    await tell_alone(body, client, "Only for Ada")

    assert [each["text"] for each in direct_messages(office)] == ["Only for Ada"]


def direct_messages(office: Office) -> list[dict[str, str]]:
    """What stands in Ada's conversation with the bot."""
    return office.messages(office.slack.channels.im_with(ADA).id)
