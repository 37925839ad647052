"""What a person sees when something went wrong after the acknowledgement."""

import secrets
from http import HTTPStatus
from typing import Any

import aiohttp
import structlog
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.webhook.async_client import AsyncWebhookClient

from bot.domain.errors import BotError
from bot.slack_refusals import FAULTS, reason_of
from bot.views.errors import error_text, error_view

log = structlog.get_logger(__name__)

RESPONSE_SECONDS = 10


class UnforeseenError(BotError):
    """A fault of ours. People get a short reference, the log the traceback."""

    code = "unforeseen"


def unforeseen(error: Exception, where: str) -> UnforeseenError:
    """Log an error nobody foresaw and word it for people."""
    reference = secrets.token_hex(3)
    log.error("unforeseen_error", listener=where, reference=reference, exc_info=error)
    return UnforeseenError(
        f"Something went wrong inside Gatehouse (reference {reference}).",
        remedy="Check the item's present state before trying again, and give the "
        "reference to whoever runs Gatehouse.",
    )


async def tell_error(
    body: dict[str, Any], client: AsyncWebClient, error: BotError
) -> None:
    """Show an error where the person acted: in their modal, else to them alone."""
    try:
        if (body.get("view") or {}).get("type") == "modal":
            await client.views_update(
                view_id=body["view"]["id"], view=error_view(error)
            )
        else:
            await tell_alone(body, client, error_text(error))
    except FAULTS as failed:
        # The modal may be closed by now; the person still has to hear of it.
        log.info("told_by_dm", slack_error=reason_of(failed))
        await _tell_by_dm(body, client, error_text(error))


async def tell_alone(
    body: dict[str, Any],
    client: AsyncWebClient,
    text: str,
    blocks: list[dict[str, Any]] | None = None,
) -> None:
    """Say something to the acting person alone, where they are; else by DM."""
    channel, user = channel_of(body), user_of(body)
    if channel is None:
        await client.chat_postMessage(channel=user, text=text, blocks=blocks)
        return
    try:
        await client.chat_postEphemeral(
            channel=channel, user=user, text=text, blocks=blocks
        )
    except FAULTS as failed:
        # The bot need not be in the channel where a command was typed.
        log.info("ephemeral_refused", slack_error=reason_of(failed))
        if not await _responded(body, text, blocks):
            await client.chat_postMessage(channel=user, text=text, blocks=blocks)


async def _responded(
    body: dict[str, Any], text: str, blocks: list[dict[str, Any]] | None
) -> bool:
    """Answer at the delivery's own address, which takes the bot into any channel.

    Returns:
        False where there is none, or it does not take the answer (any more).
    """
    url = body.get("response_url")
    if not url:
        return False
    try:
        answer = await AsyncWebhookClient(str(url), timeout=RESPONSE_SECONDS).send(
            text=text,
            blocks=blocks,
            response_type="ephemeral",
            replace_original=False,
        )
    except (aiohttp.ClientError, TimeoutError) as error:
        log.info("not_responded", error=type(error).__name__)
        return False
    return answer.status_code == HTTPStatus.OK


async def _tell_by_dm(body: dict[str, Any], client: AsyncWebClient, text: str) -> None:
    try:
        await client.chat_postMessage(channel=user_of(body), text=text)
    except FAULTS as failed:
        log.error("person_not_told", slack_error=reason_of(failed))


def user_of(body: dict[str, Any]) -> str:
    """Who acted."""
    return str(body.get("user_id") or body.get("user", {}).get("id", ""))


def channel_of(body: dict[str, Any]) -> str | None:
    """Where they acted; None in modals, the Home tab and global shortcuts."""
    channel = body.get("channel_id") or (body.get("channel") or {}).get("id")
    return str(channel) if channel else None
