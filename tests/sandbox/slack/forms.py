"""Small modals and messages to open, fill in and press in tests."""

from typing import Any

Json = dict[str, Any]


def plain(text: str) -> Json:
    """Make a plain_text object."""
    return {"type": "plain_text", "text": text}


def text_input(block_id: str, label: str, **members: Any) -> Json:
    """Make an input block with a text field; members go to the element."""
    element = {"type": "plain_text_input", "action_id": block_id, **members}
    return {
        "type": "input",
        "block_id": block_id,
        "label": plain(label),
        "element": element,
    }


def field(block_id: str, label: str, element: Json, **members: Any) -> Json:
    """Make an input block around any element."""
    return {
        "type": "input",
        "block_id": block_id,
        "label": plain(label),
        "element": element,
        **members,
    }


def modal(*blocks: Json, **members: Any) -> Json:
    """Make a modal with a submit button."""
    sound: Json = {"type": "modal", "title": plain("Gatehouse"), "blocks": list(blocks)}
    return sound | {"submit": plain("Send"), "callback_id": "form"} | members


def buttons(*action_ids: str, **members: Any) -> Json:
    """Make an actions block with buttons named after their action IDs."""
    return {
        "type": "actions",
        "block_id": "buttons",
        "elements": [
            {
                "type": "button",
                "text": plain(action_id.title()),
                "action_id": action_id,
                "value": f"{action_id}-value",
                **members,
            }
            for action_id in action_ids
        ],
    }


def select(action_id: str, *values: str, kind: str = "static_select") -> Json:
    """Make a select (or checkboxes, radio buttons) of options named by value."""
    options = [{"text": plain(value.title()), "value": value} for value in values]
    return {"type": kind, "action_id": action_id, "options": options}
