"""Check what a person typed or picked against the element they used."""

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from sandbox.slack.blocks.walk import find_element
from sandbox.slack.core import WorkspaceCore
from sandbox.slack.errors import ControlError, Json
from sandbox.slack.state import VALUE_KEYS, state_values

_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
_TIME = re.compile(r"([01]\d|2[0-3]):[0-5]\d")


def picked(workspace: WorkspaceCore, element: Json, given: Mapping[str, Any]) -> Any:
    """Return the value that a person gave an element, as Slack would send it.

    Options are matched by their value, so callers need not repeat the texts.

    Raises:
        ControlError: `invalid_pick`: no such option, person or channel, or not a date.
    """
    key = value_key(element)
    value = given.get(key)
    if value in (None, "", []):
        return [] if isinstance(value, list) else None
    check = _CHECKS.get(element["type"])
    return value if check is None else check(workspace, element, value)


def value_key(element: Json) -> str:
    """Return the member that holds an element's value in payloads."""
    return VALUE_KEYS.get(element["type"], "selected_option")


def merged_values(
    workspace: WorkspaceCore,
    blocks: list[Json],
    before: Mapping[str, Json],
    state: Json | None,
) -> dict[str, Json]:
    """Put what a person typed on top of what was there.

    Args:
        state: `{"values": {block_id: {action_id: entry}}}`, or its inner mapping.

    Raises:
        ControlError: `element_not_found` or `invalid_pick`.
    """
    typed = {block_id: dict(entries) for block_id, entries in before.items()}
    given = (state or {}).get("values", state or {})
    if not all(isinstance(entries, dict) for entries in given.values()):
        raise ControlError("invalid_state", "Give {block_id: {action_id: entry}}.")
    for block_id, entries in given.items():
        for action_id, entry in entries.items():
            element = find_element(blocks, action_id, block_id).element
            value = picked(workspace, element, entry)
            new = {"type": element["type"], value_key(element): value}
            typed.setdefault(block_id, {})[action_id] = new
    return state_values(blocks, typed)


def all_options(element: Json) -> Iterator[Json]:
    """Yield an element's options, grouped or not."""
    yield from element.get("options", [])
    for group in element.get("option_groups", []):
        yield from group["options"]


def _option(workspace: WorkspaceCore, element: Json, option: Any) -> Json:
    wanted = option.get("value") if isinstance(option, dict) else option
    for each in all_options(element):
        if each.get("value") == wanted:
            return dict(each)
    raise _refused(element, f"has no option {wanted!r}")


def _foreign_option(workspace: WorkspaceCore, element: Json, option: Any) -> Json:
    # The app's own answer listed it; Slack's client sends it back as it was.
    if not isinstance(option, dict) or not {"text", "value"} <= set(option):
        raise _refused(element, "takes an option with text and value")
    return option


def _user(workspace: WorkspaceCore, element: Json, user_id: Any) -> str:
    if user_id not in workspace.people:
        raise _refused(element, f"knows nobody with the ID {user_id!r}")
    return str(user_id)


def _channel(workspace: WorkspaceCore, element: Json, channel_id: Any) -> str:
    channel = workspace.channels.find(str(channel_id))
    if channel is None:
        raise _refused(element, f"knows no conversation {channel_id!r}")
    kinds = element.get("filter", {}).get("include")
    if kinds is not None and channel.kind.removesuffix("_channel") not in kinds:
        raise _refused(element, f"offers {' and '.join(kinds)} conversations only")
    return channel.id


def _shaped(pattern: re.Pattern[str], example: str) -> "_Check":
    def check(workspace: WorkspaceCore, element: Json, value: Any) -> Any:
        if not isinstance(value, str) or not pattern.fullmatch(value):
            raise _refused(element, f"takes values such as {example}")
        return value

    return check


def _moment(workspace: WorkspaceCore, element: Json, value: Any) -> int:
    if not isinstance(value, int):
        raise _refused(element, "takes whole seconds since the epoch")
    return value


def _each(check: "_Check") -> "_Check":
    def check_all(workspace: WorkspaceCore, element: Json, values: Any) -> Any:
        return [check(workspace, element, value) for value in values]

    return check_all


def _refused(element: Json, why: str) -> ControlError:
    return ControlError("invalid_pick", f"{element['action_id']} {why}.")


_Check = Callable[[WorkspaceCore, Json, Any], Any]
_CHECKS: Mapping[str, _Check] = {
    "static_select": _option,
    "radio_buttons": _option,
    "overflow": _option,
    "multi_static_select": _each(_option),
    "checkboxes": _each(_option),
    "external_select": _foreign_option,
    "multi_external_select": _each(_foreign_option),
    "users_select": _user,
    "multi_users_select": _each(_user),
    "conversations_select": _channel,
    "multi_conversations_select": _each(_channel),
    "channels_select": _channel,
    "multi_channels_select": _each(_channel),
    "datepicker": _shaped(_DATE, "2026-11-30"),
    "timepicker": _shaped(_TIME, "17:30"),
    "datetimepicker": _moment,
}
