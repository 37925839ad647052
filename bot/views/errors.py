"""How an error is drawn: what happened, then what to do next."""

from collections.abc import Sequence
from datetime import datetime

from bot.domain.errors import BotError
from bot.views.text import Drawing, View, modal, section, sentences, when


def error_text(error: BotError) -> str:
    """One message for the acting person alone. Messages may carry mentions."""
    return f":warning: {sentences(error.message)}\n*Next:* {sentences(error.remedy)}"


def error_view(error: BotError) -> View:
    """A modal that takes the place of the one in which the error arose."""
    return modal(
        "That did not work", [section(error_text(error))], callback_id="error.shown"
    )


def unended_text(pressed_at: Sequence[datetime]) -> str:
    """What somebody is told whose work an end of the bot cut short."""
    times = ", ".join(when(each) for each in pressed_at)
    return (
        f":warning: Gatehouse was stopped while it worked on what you did at {times}. "
        "It may be done or not.\n*Next:* Look at the item's present state, and do it "
        "again if it was not done."
    )


def error_message(error: BotError) -> Drawing:
    """A message that takes the place of one that cannot be drawn any more."""
    text = error_text(error)
    return Drawing(text, [section(text)])
