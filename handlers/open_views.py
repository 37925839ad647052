"""Redrawing modals that their reader may have closed meanwhile."""

from slack_sdk.errors import SlackApiError

from bot.slack_refusals import reason_of
from bot.views.text import View
from handlers.listening import Turn

_CLOSED = frozenset({"not_found", "view_not_found"})  # Slack's words for it


async def update_if_open(
    turn: Turn, view_id: str | None, view: View, *, external_id: str | None = None
) -> bool:
    """Redraw a modal by either of its IDs. False if it is closed (or not open yet)."""
    try:
        await turn.client.views_update(
            view_id=view_id, external_id=external_id, view=view
        )
    except SlackApiError as error:
        if reason_of(error) not in _CLOSED:
            raise
        return False
    return True
