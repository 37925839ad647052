"""Telling people at a start that what they pressed may have come to nothing."""

import structlog
from slack_sdk.web.async_client import AsyncWebClient

from bot.services.inbound import Inbound
from bot.slack_refusals import FAULTS, reason_of
from bot.views.errors import unended_text

log = structlog.get_logger(__name__)


async def tell_unended(client: AsyncWebClient, inbound: Inbound) -> None:
    """Tell everybody whose work was cut short, each once.

    Nothing is repeated for them: what a click from before the end meant may have
    changed, and only they know whether they still want it. Whom Slack does not let us
    tell is told at the next start.
    """
    found = await inbound.unended()
    for user in dict.fromkeys(each.user for each in found):
        theirs = [each for each in found if each.user == user]
        text = unended_text([each.seen_at for each in theirs])
        try:
            await client.chat_postMessage(channel=user, text=text)
        except FAULTS as error:
            log.error("person_not_told", slack_error=reason_of(error))
            continue
        for each in theirs:
            inbound.ended(each.key)
    if found:
        log.info("told_of_unended", deliveries=len(found))
    await inbound.flush()
