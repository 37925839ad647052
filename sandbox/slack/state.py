"""What people typed and picked, in the shape of Slack's `state.values`."""

from collections.abc import Iterable, Mapping
from typing import Any

from sandbox.slack.blocks.walk import placed_elements
from sandbox.slack.errors import Json

# Which member of `state.values` and of block_actions holds an element's value.
VALUE_KEYS: Mapping[str, str] = {
    "plain_text_input": "value",
    "number_input": "value",
    "email_text_input": "value",
    "url_text_input": "value",
    "rich_text_input": "rich_text_value",
    "static_select": "selected_option",
    "external_select": "selected_option",
    "radio_buttons": "selected_option",
    "multi_static_select": "selected_options",
    "multi_external_select": "selected_options",
    "checkboxes": "selected_options",
    "users_select": "selected_user",
    "multi_users_select": "selected_users",
    "conversations_select": "selected_conversation",
    "multi_conversations_select": "selected_conversations",
    "channels_select": "selected_channel",
    "multi_channels_select": "selected_channels",
    "datepicker": "selected_date",
    "timepicker": "selected_time",
    "datetimepicker": "selected_date_time",
    "file_input": "files",
}
_LISTS = frozenset(key for key in VALUE_KEYS.values() if key.endswith("s"))


def initial_key(value_key: str) -> str:
    """Return the member with which an app presets that value."""
    if value_key.startswith("selected_"):
        return value_key.replace("selected_", "initial_", 1)
    return "initial_value"


def untouched(element: Json) -> Json:
    """Return an element's entry before anybody touched it: preset, null or []."""
    key = VALUE_KEYS[element["type"]]
    empty: Any = [] if key in _LISTS else None
    return {"type": element["type"], key: element.get(initial_key(key), empty)}


def is_empty(element: Json, entry: Json) -> bool:
    """Whether an entry holds nothing, so a required field is not filled in."""
    return entry.get(VALUE_KEYS[element["type"]]) in (None, "", [])


def state_values(blocks: Iterable[Json], typed: Mapping[str, Json]) -> dict[str, Json]:
    """Return the values of every element that has one.

    Args:
        typed: entries by block ID and action ID from before. They stay where an
            element of the same IDs and type still stands, as in Slack.
    """
    values: dict[str, Json] = {}
    for placed in placed_elements(blocks):
        block_id, element = placed.block["block_id"], placed.element
        if element["type"] not in VALUE_KEYS:
            continue
        entry = typed.get(block_id, {}).get(element["action_id"])
        if entry is None or entry["type"] != element["type"]:
            entry = untouched(element)
        values.setdefault(block_id, {})[element["action_id"]] = entry
    return values


def preset_conversation(blocks: Iterable[Json], values: Json, channel: str) -> None:
    """Pick the conversation that the person had in front, where an app asks for it.

    `default_to_current_conversation` yields to a conversation that the app presets.
    """
    for placed in placed_elements(blocks):
        element = placed.element
        if not element.get("default_to_current_conversation"):
            continue
        entry = values[placed.block["block_id"]][element["action_id"]]
        key = VALUE_KEYS[element["type"]]
        if is_empty(element, entry):
            entry[key] = [channel] if key in _LISTS else channel
