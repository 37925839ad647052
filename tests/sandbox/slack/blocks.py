"""Blocks of any length, to stand just inside and just over a limit."""

from typing import Any

Json = dict[str, Any]


def plain(length: int) -> Json:
    """Make a plain_text object of a certain length."""
    return {"type": "plain_text", "text": "x" * length}


def mrkdwn(length: int) -> Json:
    """Make a mrkdwn object of a certain length."""
    return {"type": "mrkdwn", "text": "x" * length}


def options(count: int, *, text: int = 1, value: int = 8) -> list[Json]:
    """Make options with values of a certain length, all different."""
    return [
        {"text": plain(text), "value": str(number).rjust(value, "v")}
        for number in range(count)
    ]


def button(**members: Any) -> Json:
    """Make a button."""
    return {"type": "button", "text": plain(5), **members}


def actions(*elements: Json) -> Json:
    """Put elements in an actions block."""
    return {"type": "actions", "elements": list(elements)}


def asks(element: Json, **members: Any) -> Json:
    """Put an element in an input block."""
    return {"type": "input", "label": plain(5), "element": element, **members}


def select(**members: Any) -> Json:
    """Make a static select."""
    return {"type": "static_select", "action_id": "a", **members}


def confirm(**members: Any) -> Json:
    """Make a confirmation dialog."""
    sound = {"title": plain(5), "text": plain(5), "confirm": plain(2), "deny": plain(2)}
    return sound | members


def task(**members: Any) -> Json:
    """Make a task card."""
    sound = {"type": "task_card", "task_id": "t", "title": "Do", "status": "pending"}
    return sound | members


def cells(rows: int, columns: int, text: str = "x") -> list[list[Json]]:
    """Make table rows."""
    return [[{"type": "raw_text", "text": text}] * columns for _ in range(rows)]
