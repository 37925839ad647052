"""The Web API client, and what Slack must have given us before anything starts."""

import aiohttp
from pydantic import SecretStr
from slack_bolt.authorization import AuthorizeResult
from slack_sdk.http_retry.builtin_async_handlers import (
    AsyncRateLimitErrorRetryHandler,
)
from slack_sdk.web.async_client import AsyncWebClient

from bot.slack_refusals import FAULTS, is_passing, reason_of
from bot.socket_mode import SlackStartError

TIMEOUT_SECONDS = 10  # of one Web API call; the sender's lease is longer
IN_BASIC_INFORMATION = (
    "Set it to the Signing Secret of the app's Basic Information page, or run without "
    "--http."
)
OR_HTTP = (
    "Set it to an app-level token (xapp-…) with connections:write, or run with --http."
)


def required(secret: SecretStr | None, name: str, remedy: str) -> str:
    """What one way of hearing from Slack cannot do without.

    Raises:
        SlackStartError: it is not set.
    """
    if secret is None or not secret.get_secret_value().strip():
        raise SlackStartError(f"{name} is not set.", remedy=remedy)
    return secret.get_secret_value()


def slack_client(
    token: SecretStr, api_url: str, session: aiohttp.ClientSession, *, retry: bool
) -> AsyncWebClient:
    """A Web API client.

    Without retries for the sender: a retried post may appear twice, and the outbox
    does its own waiting.
    """
    handler = AsyncRateLimitErrorRetryHandler(max_retry_count=2)
    return AsyncWebClient(
        token=token.get_secret_value(),
        base_url=api_url,
        session=session,
        timeout=TIMEOUT_SECONDS,
        retry_handlers=[handler] if retry else [],
    )


async def prove_bot_token(client: AsyncWebClient) -> AuthorizeResult:
    """Ask Slack who the bot is.

    Raises:
        SlackStartError: the token is refused, or Slack cannot be reached.
    """
    try:
        answer = await client.auth_test()
    except FAULTS as error:
        if is_passing(error):
            raise SlackStartError(
                f"Slack cannot be reached at {client.base_url} ({reason_of(error)}).",
                remedy="Check the network, proxy variables and "
                "GATEHOUSE_SLACK_API_URL, and start again.",
            ) from error
        raise SlackStartError(
            f"Slack refuses SLACK_BOT_TOKEN ({reason_of(error)}).",
            remedy="Copy the Bot User OAuth Token (xoxb-…) from OAuth & Permissions.",
        ) from error
    return AuthorizeResult.from_auth_test_response(
        auth_test_response=answer, bot_token=client.token
    )
