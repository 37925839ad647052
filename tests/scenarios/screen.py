"""Reading a modal or a message as a person does: by labels and words."""

from typing import Any

Json = dict[str, Any]


def words_in(thing: Any) -> str:
    """All text in blocks, a view or a message, in the order it is read."""
    return "\n".join(_words(thing))


def _words(thing: Any) -> list[str]:
    if isinstance(thing, list):
        return [word for each in thing for word in _words(each)]
    if not isinstance(thing, dict):
        return []
    found = [thing["text"]] if isinstance(thing.get("text"), str) else []
    if isinstance(thing.get("title"), str):
        found.append(thing["title"])
    for name, value in thing.items():
        if name not in {"private_metadata", "metadata", "state"}:
            found += _words(value)
    return found


def elements_in(thing: Any) -> list[Json]:
    """Every element with an action ID, with its block's ID under `block_id`."""
    return list(_elements(thing, ""))


def _elements(thing: Any, block_id: str) -> Any:
    if isinstance(thing, list):
        for each in thing:
            yield from _elements(each, block_id)
    elif isinstance(thing, dict):
        block_id = str(thing.get("block_id", block_id))
        if "action_id" in thing:
            yield {**thing, "block_id": block_id}
        for name, value in thing.items():
            if name not in {"state", "options"}:
                yield from _elements(value, block_id)


def buttons_in(thing: Any) -> list[str]:
    """The labels of all buttons."""
    return [
        each["text"]["text"] for each in elements_in(thing) if each["type"] == "button"
    ]


def button(thing: Any, label: str) -> Json:
    """The button with a label. Raises AssertionError where there is none."""
    for each in elements_in(thing):
        if each["type"] == "button" and each["text"]["text"] == label:
            return each
    raise AssertionError(f"no button {label!r}; there are {buttons_in(thing)}")


def input_labelled(view: Json, label: str) -> Json:
    """The input block with a label. Raises AssertionError where there is none."""
    inputs = [block for block in view["blocks"] if block["type"] == "input"]
    for block in inputs:
        if block["label"]["text"] == label:
            return dict(block)
    raise AssertionError(
        f"no field {label!r}; there are {[b['label']['text'] for b in inputs]}"
    )


def typed(element: Json, value: Any) -> Json:
    """The state that Slack's client reports when a person gives `value`.

    Selects take an option's label (or ID for people and channels), tick boxes a list
    of labels, external selects a whole option.
    """
    kind = element["type"]
    if kind in {"plain_text_input", "email_text_input", "url_text_input"}:
        return {"type": kind, "value": value}
    if kind in {"static_select", "radio_buttons"}:
        return {"type": kind, "selected_option": _option(element, value)}
    if kind == "checkboxes":
        chosen = [_option(element, each) for each in value]
        return {"type": kind, "selected_options": chosen}
    names = {
        "external_select": "selected_option",
        "conversations_select": "selected_conversation",
        "channels_select": "selected_channel",
        "users_select": "selected_user",
        "multi_users_select": "selected_users",
        "datetimepicker": "selected_date_time",
    }
    return {"type": kind, names[kind]: value}


def _option(element: Json, label: str) -> Json:
    for option in element["options"]:
        if option["text"]["text"] == label:
            return dict(option)
    labels = [option["text"]["text"] for option in element["options"]]
    raise AssertionError(f"no choice {label!r}; there are {labels}")
