"""Buttons, pickers, inputs and images inside blocks."""

from collections.abc import Mapping
from typing import Any

from sandbox.slack.blocks.checks import (
    boolean,
    either,
    identifier,
    integer,
    items,
    matching,
    one_of,
    shape,
    string,
    url,
)
from sandbox.slack.blocks.composition import (
    confirm,
    dispatch_action_config,
    marked_option,
    menu_option,
    plain,
    presets_offered,
    slack_file,
)
from sandbox.slack.blocks.rich_text import rich_text
from sandbox.slack.blocks.selects import SELECTS
from sandbox.slack.blocks.spots import Check, Spot

_LATEST_MOMENT = 9_999_999_999  # ten digits, says the reference
_date = matching(r"\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])", "2026-11-30")
_time = matching(r"([01]\d|2[0-3]):[0-5]\d", "17:30")
_people = items(string(255), 1000)


def _ordered(low: str, high: str) -> Check:
    def rule(spot: Spot, value: Any) -> None:
        least, most = value.get(low), value.get(high)
        if isinstance(least, int) and isinstance(most, int) and least > most:
            spot.refuse(f"{low} must not be more than {high}")

    return rule


_base: dict[str, Check] = {"action_id": identifier}
_focus: dict[str, Check] = _base | {"focus_on_load": boolean}
_picker: dict[str, Check] = _focus | {"confirm": confirm, "placeholder": plain(150)}
_typed: dict[str, Check] = _focus | {
    "placeholder": plain(150),
    "dispatch_action_config": dispatch_action_config,
}

button = shape(
    {"text": plain(75)},
    _base
    | {
        "value": string(2000),
        "url": url(3000),
        "style": one_of("primary", "danger"),
        "confirm": confirm,
        "accessibility_label": string(75),
        "visible_to_user_ids": _people,
        "agent_prompt": string(4000),
        "agent_prompt_display": string(4000),
    },
)
_workflow_button = shape(
    {"text": plain(75), "workflow": shape({"trigger": shape({"url": url(3000)})})},
    _base | {"style": one_of("primary", "danger"), "accessibility_label": string(75)},
)
_icon_button = shape(
    {"icon": one_of("trash"), "text": plain(75)},
    _base
    | {
        "value": string(2000),
        "confirm": confirm,
        "accessibility_label": string(75),
        "visible_to_user_ids": _people,
    },
)
_feedback_button = shape(
    {"text": plain(75), "value": string(2000)}, {"accessibility_label": string(75)}
)
_feedback_buttons = shape(
    {"positive_button": _feedback_button, "negative_button": _feedback_button}, _base
)
image = shape(
    {"alt_text": string(2000)},
    {"image_url": url(3000), "slack_file": slack_file},
    either("image_url", "slack_file"),
)
_checkboxes = shape(
    {"options": items(marked_option, 10)},
    _focus | {"initial_options": items(marked_option, 10), "confirm": confirm},
    presets_offered,
)
_radio_buttons = shape(
    {"options": items(marked_option, 10)},
    _focus | {"initial_option": marked_option, "confirm": confirm},
    presets_offered,
)
_overflow = shape({"options": items(menu_option, 5)}, _base | {"confirm": confirm})
_plain_text_input = shape(
    {},
    _typed
    | {
        "initial_value": string(3000, 0),
        "multiline": boolean,
        "min_length": integer(0, 3000),
        "max_length": integer(1, 3000),
    },
    _ordered("min_length", "max_length"),
)
_number_input = shape(
    {"is_decimal_allowed": boolean},
    _typed
    | {
        "initial_value": string(255),
        "min_value": string(255),
        "max_value": string(255),
    },
)
_address_input = shape({}, _typed | {"initial_value": string(3000)})
_rich_text_input = shape(
    {},
    _typed
    | {
        "initial_value": rich_text,
        "min_lines": integer(1, 100),
        "max_lines": integer(1, 100),
    },
    _ordered("min_lines", "max_lines"),
)
_file_input = shape(
    {}, _base | {"filetypes": items(string(255), 100), "max_files": integer(1, 10)}
)
_datetimepicker = shape(
    {},
    _focus | {"initial_date_time": integer(0, _LATEST_MOMENT), "confirm": confirm},
)

_PICKERS: Mapping[str, Check] = {
    "checkboxes": _checkboxes,
    "radio_buttons": _radio_buttons,
    "datepicker": shape({}, _picker | {"initial_date": _date}),
    "timepicker": shape({}, _picker | {"initial_time": _time, "timezone": string(255)}),
    **SELECTS,
}
ACTIONS_ELEMENTS: Mapping[str, Check] = {
    **_PICKERS,
    "button": button,
    "workflow_button": _workflow_button,
    "overflow": _overflow,
    "datetimepicker": _datetimepicker,
    "rich_text_input": _rich_text_input,
}
ACCESSORIES: Mapping[str, Check] = {
    **_PICKERS,
    "button": button,
    "workflow_button": _workflow_button,
    "overflow": _overflow,
    "image": image,
}
INPUT_ELEMENTS: Mapping[str, Check] = {
    **_PICKERS,
    "datetimepicker": _datetimepicker,
    "plain_text_input": _plain_text_input,
    "rich_text_input": _rich_text_input,
    "email_text_input": _address_input,
    "url_text_input": _address_input,
    "number_input": _number_input,
    "file_input": _file_input,
}
CONTEXT_ACTIONS: Mapping[str, Check] = {
    "feedback_buttons": _feedback_buttons,
    "icon_button": _icon_button,
}
