"""Use views and messages as people do: by the words they read on them."""

from collections.abc import Mapping
from typing import Any

from sandbox.slack.acts.picks import all_options, value_key
from sandbox.slack.blocks.walk import Placed, placed_elements
from sandbox.slack.core import WorkspaceCore
from sandbox.slack.errors import ControlError, Json


def state_by_labels(
    workspace: WorkspaceCore, blocks: list[Json], answers: Mapping[str, Any]
) -> Json:
    """Turn answers by label into the state that `submit` takes.

    Args:
        answers: label of the input block -> text typed, text of the option(s) picked,
            `@name` of a person, `#name` of a channel, or the value itself.

    Raises:
        ControlError: `label_not_found`, naming the labels that are there, or
            `invalid_pick`.
    """
    state: dict[str, Json] = {}
    for label, answer in answers.items():
        block = _labelled(blocks, label)
        element = block["element"]
        value = _value(workspace, element, answer)
        entry = {"type": element["type"], value_key(element): value}
        state[block["block_id"]] = {element["action_id"]: entry}
    return state


def button_called(blocks: list[Json], text: str) -> Placed:
    """Return the button with that text.

    Raises:
        ControlError: `label_not_found`, naming the buttons that are there.
    """
    buttons = {
        placed.element["text"]["text"]: placed
        for placed in placed_elements(blocks)
        if placed.element["type"] == "button"
    }
    if text not in buttons:
        raise ControlError("label_not_found", f"Buttons here: {sorted(buttons)}.")
    return buttons[text]


def _labelled(blocks: list[Json], label: str) -> Json:
    inputs = {b["label"]["text"]: b for b in blocks if b["type"] == "input"}
    if label not in inputs:
        raise ControlError("label_not_found", f"Labels here: {sorted(inputs)}.")
    return inputs[label]


def _value(workspace: WorkspaceCore, element: Json, answer: Any) -> Any:
    if isinstance(answer, list):
        return [_value(workspace, element, each) for each in answer]
    if any(True for _ in all_options(element)):
        return _option_called(element, str(answer))
    if isinstance(answer, str) and answer.startswith("@"):
        user = workspace.people.find_by_name(answer[1:])
        return user["id"] if user else answer
    if isinstance(answer, str) and answer.startswith("#"):
        channel = workspace.channels.find_by_name(answer[1:])
        return channel.id if channel else answer
    return answer


def _option_called(element: Json, text: str) -> Json:
    offered = {option["text"]["text"]: option for option in all_options(element)}
    if text not in offered:
        raise ControlError("invalid_pick", f"Options here: {sorted(offered)}.")
    return offered[text]
