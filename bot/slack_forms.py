"""A drawing given to Slack in the richest form that it takes.

Plan blocks are young, and not every workspace takes them; and a drawing of ours may
have a fault. What people need to know still has to reach them: the same in paragraphs,
or at last the plain line alone.
"""

from collections.abc import Awaitable, Callable
from typing import Any

import structlog
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from bot.slack_refusals import MALFORMED, Refusal
from bot.views.progress import without_cards
from bot.views.text import Block, Drawing

log = structlog.get_logger(__name__)

Call = Callable[..., Awaitable[AsyncSlackResponse]]


class Forms:
    """Sends drawings, and remembers whether the workspace takes plan blocks."""

    def __init__(self) -> None:
        self._takes_cards = True

    async def send(
        self, call: Call, drawing: Drawing, **arguments: Any
    ) -> AsyncSlackResponse:
        """Call with the drawing's blocks; with plainer ones where they are refused.

        Raises:
            SlackApiError: refused for another reason, or refused even as plain text.
        """
        rich, plain = drawing.blocks, without_cards(drawing.blocks)
        if rich != plain and self._takes_cards:
            answer = await _tried(call, drawing.text, rich, arguments)
            if answer is not None:
                return answer
        answer = await _tried(call, drawing.text, plain, arguments)
        if answer is None:
            return await call(text=drawing.text, blocks=[], **arguments)
        # The same without cards was taken, so it is the cards that are not.
        self._takes_cards = self._takes_cards and rich == plain
        return answer


async def _tried(
    call: Call, text: str, blocks: list[Block], arguments: dict[str, Any]
) -> AsyncSlackResponse | None:
    """The answer; None where the blocks are refused as such."""
    try:
        return await call(text=text, blocks=blocks, **arguments)
    except SlackApiError as error:
        refusal = Refusal.read(error)
        if refusal.reason not in MALFORMED:
            raise
        log.error("blocks_refused", slack_error=refusal.reason, details=refusal.details)
    return None
