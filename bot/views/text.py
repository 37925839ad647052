"""Foreign text made safe for Slack, and the small pieces every drawing uses.

Whatever a person or a directory wrote is made one line, clipped, then escaped.
Blocks are plain dicts: slack_sdk's models drop the block types they do not know
(measured with 3.48), and `tests/unit/views` holds every drawing to Slack's limits.
"""

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import quote

Block = dict[str, Any]
View = dict[str, Any]

TEXT_MAX = 3000  # a section's text
FIELD_MAX = 2000  # one of a section's fields
HEADER_MAX = 150
BUTTON_MAX = 75
OPTION_MAX = 75
TITLE_MAX = 24  # of a modal, and of its submit and close buttons

# Line breaks, controls, and what turns the reading direction or hides: a foreign
# name must not be able to forge a second line or a different order.
_UNSAFE = re.compile(
    r"[\x00-\x1f\x7f-\x9f\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff"
    r"\U000e0000-\U000e007f]+"
)
_MENTION = re.compile(r"&lt;([@#][A-Z0-9]+)&gt;")  # as `escape` leaves it


@dataclass(frozen=True)
class Drawing:
    """A message: blocks, and the plain line for notifications and screen readers.

    Attributes:
        channel: where it belongs now, if that may have changed since it was stored.
    """

    text: str
    blocks: list[Block]
    channel: str | None = None


def one_line(text: str) -> str:
    """Fold line breaks, control and direction characters into single spaces."""
    return " ".join(_UNSAFE.sub(" ", text).split())


def clip(text: str, most: int) -> str:
    """Cut to at most that many characters, with an ellipsis where it was cut."""
    return text if len(text) <= most else text[: most - 1].rstrip() + "…"


def escape(text: str) -> str:
    """Take the meaning from Slack's three control characters."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def sentences(text: str) -> str:
    """Our own words for mrkdwn, in which foreign names may stand.

    Mentions of people and channels keep their meaning; nothing else does.
    """
    return _MENTION.sub(r"<\1>", escape(text))


def foreign(text: str, most: int = 120) -> str:
    """Foreign text for mrkdwn: one line, clipped, escaped."""
    return escape(clip(one_line(text), most))


def code(text: str, most: int = 120) -> str:
    """Foreign text between backticks, where mrkdwn formatting has no meaning."""
    return f"`{foreign(text.replace('`', chr(0x2019)), most)}`"


def person(user_id: str) -> str:
    """Mention somebody."""
    return f"<@{user_id}>"


def channel(channel_id: str) -> str:
    """Link a channel."""
    return f"<#{channel_id}>"


def link(url: str, label: str) -> str:
    """An https link with a safe label."""
    return f"<{quote(url, safe=':/?#@!$&()*+,;=~%-._')}|{escape(one_line(label))}>"


def when(at: datetime) -> str:
    """A point in time in the reader's own time zone."""
    return _date(at, "{date_short_pretty} at {time}", at.strftime("%Y-%m-%d %H:%M UTC"))


def day(at: datetime) -> str:
    """A calendar day in the reader's own time zone."""
    return _date(at, "{date_long}", at.strftime("%Y-%m-%d"))


def _date(at: datetime, pattern: str, fallback: str) -> str:
    return f"<!date^{int(at.timestamp())}^{pattern}|{fallback}>"


def count(number: int, singular: str, plural: str | None = None) -> str:
    """ "1 group", "3 groups"."""
    word = singular if number == 1 else plural or f"{singular}s"
    return f"{number} {word}"


def time_left(days: int) -> str:
    """ "3 days left", of whole days; negative once the end has passed."""
    if days < 0:
        return "expired"
    return "less than a day left" if days == 0 else f"{count(days, 'day')} left"


def plain(text: str, most: int) -> dict[str, Any]:
    """A plain_text object: nothing in it is parsed, no emoji codes either."""
    return {"type": "plain_text", "text": clip(one_line(text), most), "emoji": False}


def mrkdwn(text: str) -> dict[str, Any]:
    """A mrkdwn object; `verbatim`, so that foreign text links and notifies nobody."""
    return {"type": "mrkdwn", "text": text, "verbatim": True}


def header(text: str) -> Block:
    """A large, bold line."""
    return {"type": "header", "text": plain(text, HEADER_MAX)}


def section(text: str, accessory: dict[str, Any] | None = None) -> Block:
    """A paragraph of mrkdwn (already escaped), at most 3,000 characters."""
    block: Block = {"type": "section", "text": mrkdwn(clip(text, TEXT_MAX))}
    return block if accessory is None else {**block, "accessory": accessory}


def facts(pairs: dict[str, str]) -> Block:
    """Up to ten name-and-value pairs in two columns; values already escaped."""
    lines = [f"*{name}*\n{value}" for name, value in pairs.items() if value]
    return {
        "type": "section",
        "fields": [mrkdwn(clip(line, FIELD_MAX)) for line in lines[:10]],
    }


def context(text: str) -> Block:
    """A small grey line."""
    return {"type": "context", "elements": [mrkdwn(clip(text, FIELD_MAX))]}


def divider() -> Block:
    """A thin rule."""
    return {"type": "divider"}


def actions(*elements: dict[str, Any]) -> Block:
    """A row of buttons."""
    return {"type": "actions", "elements": list(elements)}


def button(
    label: str, action: str, value: str = "", style: str | None = None
) -> dict[str, Any]:
    """A button that carries an opaque key."""
    element = {
        "type": "button",
        "text": plain(label, BUTTON_MAX),
        "action_id": action,
        "value": value or "-",
    }
    return element if style is None else {**element, "style": style}


def link_button(label: str, action: str, url: str) -> dict[str, Any]:
    """A button that opens a page; Slack reports its click as well."""
    return {
        "type": "button",
        "text": plain(label, BUTTON_MAX),
        "action_id": action,
        "url": url,
    }


def confirm(
    title: str, text: str, yes: str, no: str, *, danger: bool
) -> dict[str, Any]:
    """A question before a button's click counts."""
    return {
        "title": plain(title, 100),
        "text": plain(text, 300),
        "confirm": plain(yes, 30),
        "deny": plain(no, 30),
        "style": "danger" if danger else "primary",
    }


def option(label: str, value: str, description: str = "") -> dict[str, Any]:
    """One choice of a select, tick box or radio button."""
    chosen = {"text": plain(label, OPTION_MAX), "value": value}
    if not one_line(description):  # Slack refuses the whole menu for an empty one
        return chosen
    return {**chosen, "description": plain(description, OPTION_MAX)}


def field(
    block_id: str,
    label: str,
    element: dict[str, Any],
    *,
    hint: str = "",
    optional: bool = False,
    dispatch: bool = False,
) -> Block:
    """A labelled input of a modal; the block's ID is where its errors show."""
    block: Block = {
        "type": "input",
        "block_id": block_id,
        "label": plain(label, FIELD_MAX),
        "element": element,
        "optional": optional,
    }
    if dispatch:
        block["dispatch_action"] = True
    return {**block, "hint": plain(hint, FIELD_MAX)} if hint else block


def modal(
    title: str,
    blocks: list[Block],
    *,
    callback_id: str,
    submit: str | None = None,
    close: str = "Close",
    private_metadata: str = "",
) -> View:
    """A modal view. `private_metadata` holds opaque IDs only."""
    view: View = {
        "type": "modal",
        "callback_id": callback_id,
        "title": plain(title, TITLE_MAX),
        "close": plain(close, TITLE_MAX),
        "blocks": blocks,
        "private_metadata": private_metadata,
    }
    return view if submit is None else {**view, "submit": plain(submit, TITLE_MAX)}
