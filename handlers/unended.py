"""Telling people that what they pressed may have come to nothing."""

import asyncio
from collections.abc import Sequence
from datetime import timedelta

import structlog
from slack_sdk.web.async_client import AsyncWebClient

from bot.services.inbound import GIVEN_UP_AFTER, Inbound
from bot.slack_refusals import FAULTS, reason_of
from bot.views.errors import unended_text
from store.engine import PASSING
from store.inbound import Unended

log = structlog.get_logger(__name__)


async def tell_unended(client: AsyncWebClient, inbound: Inbound) -> None:
    """Tell everybody whose work was cut short, each once.

    Nothing is repeated for them: what a click from before the end meant may have
    changed, and only they know whether they still want it. Whom Slack does not let us
    tell is told at the next start.
    """
    await _tell(client, inbound, await inbound.unended())


async def tell_unended_elsewhere(
    client: AsyncWebClient, inbound: Inbound, every: timedelta = GIVEN_UP_AFTER
) -> None:
    """Tell the same for replicas that are gone for good, again and again.

    One that takes another's place has another name, and started too soon after the end
    to know that nobody works on it any more.
    """
    while True:
        await asyncio.sleep(every.total_seconds())
        try:
            await _tell(client, inbound, await inbound.unended_elsewhere())
        except PASSING as error:
            log.warning("unended_not_looked_for", exc_info=error)


async def _tell(
    client: AsyncWebClient, inbound: Inbound, found: Sequence[Unended]
) -> None:
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
