"""What Slack's client refuses before it submits a modal."""

import re
from collections.abc import Callable, Mapping
from typing import Any

from sandbox.slack.errors import Json
from sandbox.slack.state import VALUE_KEYS, is_empty

REQUIRED = "Please complete this required field."
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
_URL = re.compile(r"https?://\S+")


def client_errors(blocks: list[Json], values: Mapping[str, Json]) -> dict[str, str]:
    """Return what the client writes under each input, by block ID."""
    errors = {}
    for block in blocks:
        if block["type"] != "input":
            continue
        element = block["element"]
        entry = values[block["block_id"]][element["action_id"]]
        problem = _problem(block, element, entry)
        if problem is not None:
            errors[block["block_id"]] = problem
    return errors


def _problem(block: Json, element: Json, entry: Json) -> str | None:
    if is_empty(element, entry):
        return None if block.get("optional") else REQUIRED
    check = _CHECKS.get(element["type"])
    return check(element, entry[VALUE_KEYS[element["type"]]]) if check else None


def _text(element: Json, value: str) -> str | None:
    least, most = element.get("min_length", 0), element.get("max_length", 3000)
    if len(value) < least:
        return f"Must be at least {least} characters."
    return f"Must be at most {most} characters." if len(value) > most else None


def _number(element: Json, value: str) -> str | None:
    decimal = element.get("is_decimal_allowed", False)
    pattern = r"-?\d+(\.\d+)?" if decimal else r"-?\d+"
    if not re.fullmatch(pattern, value):
        return "Must be a number." if decimal else "Must be a whole number."
    if float(value) < float(element.get("min_value", "-inf")):
        return f"Must be at least {element['min_value']}."
    if float(value) > float(element.get("max_value", "inf")):
        return f"Must be at most {element['max_value']}."
    return None


def _email(element: Json, value: str) -> str | None:
    return None if _EMAIL.fullmatch(value) else "Must be a valid e-mail address."


def _url(element: Json, value: str) -> str | None:
    return None if _URL.fullmatch(value) else "Must be a valid URL."


def _count(element: Json, value: list[Any]) -> str | None:
    most = element.get("max_selected_items")
    return f"Pick at most {most}." if most and len(value) > most else None


_CHECKS: Mapping[str, Callable[[Json, Any], str | None]] = {
    "plain_text_input": _text,
    "number_input": _number,
    "email_text_input": _email,
    "url_text_input": _url,
    "multi_static_select": _count,
    "multi_external_select": _count,
    "multi_users_select": _count,
    "multi_conversations_select": _count,
    "multi_channels_select": _count,
}
