"""Links to messages that are in Slack already."""

import asyncio

from slack_sdk.errors import SlackApiError

from bot.domain.ids import RequestId
from handlers.listening import Turn

_TRIES, _BETWEEN = 12, 0.25  # seconds; the sender posts within a second, usually


async def link_of_card(
    turn: Turn, request_id: RequestId, *, patiently: bool = False
) -> str | None:
    """The address of a request's card. None where it is not posted (yet)."""
    for _ in range(_TRIES if patiently else 1):
        place = await turn.services.offboarding.place_of_card(request_id)
        if place is not None:
            return await _permalink(turn, place.channel, place.ts)
        if patiently:
            await asyncio.sleep(_BETWEEN)
    return None


async def _permalink(turn: Turn, channel: str, ts: str) -> str | None:
    try:
        answer = await turn.client.chat_getPermalink(channel=channel, message_ts=ts)
    except SlackApiError:
        return None  # the words around it name the channel
    return str(answer["permalink"])
