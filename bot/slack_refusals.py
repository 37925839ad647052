"""What Slack's refusals mean.

The SDK raises one class for all of them, and what it carries is not always Slack's:
a gateway's page comes as text, and something that only claims to be JSON as a response
of the HTTP library. Asking either for Slack's word is an error of its own.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import aiohttp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_slack_response import AsyncSlackResponse

# Slack says these of a message that is not there to be updated any more.
LOST = frozenset(
    {"message_not_found", "cant_update_message", "edit_window_closed", "is_inactive"}
)
# Our drawing was refused: a plain line still has to reach people.
MALFORMED = frozenset(
    {"invalid_blocks", "invalid_blocks_format", "msg_blocks_too_long", "msg_too_long"}
)
# The channel is closed to us until somebody opens it, or another one is chosen.
UNUSABLE = frozenset(
    {"is_archived", "channel_not_found", "not_in_channel", "restricted_action"}
)
# Slack may say otherwise in a moment. It makes no sense to wait for the end of any
# other refusal, say for want of a scope.
_RATE_LIMITS = frozenset({"ratelimited", "rate_limited"})
_PASSING = _RATE_LIMITS | frozenset(
    {
        "internal_error",
        "fatal_error",
        "service_unavailable",
        "request_timeout",
        "unreadable",
    }
)


# What a call of Slack's may end with: refused, not reached, not answered in time.
FAULTS = (SlackApiError, aiohttp.ClientError, TimeoutError)


@dataclass(frozen=True)
class Refusal:
    """One refusal.

    Attributes:
        reason: Slack's own word; "unreadable" where it gave none, as gateways do.
        passes: the same call may well succeed in a while.
        retry_after: how long Slack asks to wait, None where it does not say.
        details: what Slack found wrong with the blocks.
    """

    reason: str
    passes: bool
    retry_after: timedelta | None = None
    details: tuple[str, ...] = ()

    @property
    def is_rate_limit(self) -> bool:
        """Whether nothing was done only because it was too much at once."""
        return self.reason in _RATE_LIMITS

    @classmethod
    def read(cls, error: SlackApiError) -> "Refusal":
        """Read it from what the SDK raised."""
        response = error.response
        told: dict[str, Any] = {}
        if isinstance(response, AsyncSlackResponse) and isinstance(response.data, dict):
            told = response.data
        reason = str(told.get("error") or "unreadable")
        metadata = told.get("response_metadata") or {}
        return cls(
            reason,
            passes=reason in _PASSING,
            retry_after=_retry_after(response.headers),
            details=tuple(metadata.get("messages") or ()),
        )


def is_passing(error: Exception) -> bool:
    """Whether a call that came to nothing may well succeed in a while."""
    return not isinstance(error, SlackApiError) or Refusal.read(error).passes


def reason_of(error: Exception) -> str:
    """Why a call came to nothing, in one word for the log."""
    if isinstance(error, SlackApiError):
        return Refusal.read(error).reason
    return type(error).__name__


def _retry_after(headers: Mapping[str, str]) -> timedelta | None:
    text = next((v for k, v in headers.items() if k.lower() == "retry-after"), "")
    return timedelta(seconds=int(text)) if text.strip().isdigit() else None
