"""The elements people type and choose with, filled in with what they had chosen."""

from collections.abc import Sequence
from typing import Any

from bot.views.text import plain

Element = dict[str, Any]

PLACEHOLDER_MAX = 150
TEXT_INPUT_MAX = 3000  # Slack's own limit of a text field


def text_input(
    action: str,
    *,
    initial: str = "",
    most: int = TEXT_INPUT_MAX,
    placeholder: str = "",
    multiline: bool = False,
) -> Element:
    """A text field. Never give a secret as `initial`."""
    element: Element = {
        "type": "plain_text_input",
        "action_id": action,
        "max_length": most,
        "multiline": multiline,
    }
    if initial:
        element["initial_value"] = initial
    return _with_placeholder(element, placeholder)


def select(
    action: str,
    options: Sequence[Element],
    *,
    chosen: str = "",
    placeholder: str = "",
) -> Element:
    """A menu of fixed options; `chosen` is the value of the one to show."""
    return _with_placeholder(
        _chooser("static_select", action, options, chosen), placeholder
    )


def radio(action: str, options: Sequence[Element], *, chosen: str = "") -> Element:
    """A few options, all in sight."""
    return _chooser("radio_buttons", action, options, chosen)


def channel_select(action: str, *, chosen: str = "", placeholder: str = "") -> Element:
    """A menu of the workspace's channels, without direct messages."""
    element: Element = {
        "type": "conversations_select",
        "action_id": action,
        "filter": {"include": ["public", "private"], "exclude_bot_users": True},
    }
    if chosen:
        element["initial_conversation"] = chosen
    return _with_placeholder(element, placeholder)


def people_select(
    action: str, *, chosen: Sequence[str] = (), placeholder: str = ""
) -> Element:
    """A menu in which several people can be chosen."""
    element: Element = {"type": "multi_users_select", "action_id": action}
    if chosen:
        element["initial_users"] = list(chosen)
    return _with_placeholder(element, placeholder)


def _chooser(
    kind: str, action: str, options: Sequence[Element], chosen: str
) -> Element:
    element: Element = {"type": kind, "action_id": action, "options": list(options)}
    initial = [option for option in options if option["value"] == chosen]
    return {**element, "initial_option": initial[0]} if initial else element


def _with_placeholder(element: Element, placeholder: str) -> Element:
    if not placeholder:
        return element
    return {**element, "placeholder": plain(placeholder, PLACEHOLDER_MAX)}
