"""Buttons, selects and other elements in use, on messages and in views."""

from sandbox.slack import payloads
from sandbox.slack.acts.origins import origin_of
from sandbox.slack.acts.outcomes import Outcome, outcome_of
from sandbox.slack.acts.picks import picked, value_key
from sandbox.slack.blocks.judge import judge_options
from sandbox.slack.blocks.walk import Placed, find_element
from sandbox.slack.core import WorkspaceCore
from sandbox.slack.errors import ControlError, Json, SlackError
from sandbox.slack.state import VALUE_KEYS

DEFAULT_MIN_QUERY = 3  # characters before an external select asks the app
_ECHOED = ("text", "value", "url", "style", "icon", "placeholder", "alt_text")


async def use_element(
    workspace: WorkspaceCore,
    user_id: str,
    action: Json,
    container: Json,
    state: Json | None = None,
) -> Outcome:
    """Use one element and wait for the ack.

    Args:
        action: `action_id`, `block_id` if need be, and what was picked, by the same
            member as in block_actions, e.g. `selected_user`.
        container: `{"channel", "message_ts"}` or `{"view_id"}`.
        state: what was typed elsewhere on the message or view.

    Raises:
        ControlError: Slack's client would not have let the person do that.
    """
    user = workspace.people.actor(user_id)
    _check_interactive(workspace)
    origin = origin_of(workspace, user, container)
    action_id = str(action.get("action_id"))
    placed = find_element(origin.blocks, action_id, action.get("block_id"))
    _check_usable(placed, user)
    picks = _picks(workspace, placed.element, action)
    values = origin.put(workspace, _own_state(placed, picks, state))
    payload = payloads.block_actions(
        workspace,
        user,
        _drawn(placed, picks),
        origin.draw(workspace, user),
        values=values,
        view_id=origin.view_id,
    )
    answer = await workspace.courier.ask("interactive", payload)
    workspace.notice(user_id, answer.error)
    return outcome_of(answer)


async def ask_options(
    workspace: WorkspaceCore,
    user_id: str,
    *,
    action_id: str,
    block_id: str | None,
    value: str,
    container: Json,
) -> Json:
    """Type into an external select and return the options that the app offers.

    Below the select's `min_query_length` the client does not ask: no options.

    Returns:
        `{"options": [...]}` or `{"option_groups": [...]}`.

    Raises:
        ControlError: `operation_timeout` and the like, or `invalid_options`.
    """
    user = workspace.people.actor(user_id)
    origin = origin_of(workspace, user, container)
    placed = find_element(origin.blocks, action_id, block_id)
    element = placed.element
    if not element["type"].endswith("external_select"):
        raise ControlError("element_not_found", f"{action_id} asks for no options.")
    if len(value) < element.get("min_query_length", DEFAULT_MIN_QUERY):
        return {"options": []}
    payload = payloads.block_suggestion(
        workspace,
        user,
        origin.draw(workspace, user),
        action_id=action_id,
        block_id=placed.block["block_id"],
        value=value,
    )
    answer = await workspace.courier.ask("interactive", payload)
    workspace.notice(user_id, answer.error)
    if answer.error is not None:
        raise ControlError(answer.error, "The app gave no options.", status=502)
    return _checked_options(answer.payload)


def _checked_options(answer: Json | None) -> Json:
    found = answer or {}
    try:
        judge_options(found)
    except SlackError as refusal:
        raise ControlError(
            "invalid_options", str(refusal.details), status=502
        ) from refusal
    return {key: found[key] for key in ("options", "option_groups") if key in found}


def _check_interactive(workspace: WorkspaceCore) -> None:
    if not workspace.manifest.interactive:
        raise ControlError(
            "interactivity_disabled", "Set settings.interactivity in the manifest."
        )


def _check_usable(placed: Placed, user: Json) -> None:
    if not placed.shown_to(user["id"]):
        raise ControlError(
            "element_not_found",
            f"{placed.element['action_id']} is not shown to {user['name']}.",
            status=404,
        )
    if not placed.dispatches:
        raise ControlError(
            "not_dispatching",
            "An input without dispatch_action sends nothing before the submit.",
        )


def _picks(workspace: WorkspaceCore, element: Json, action: Json) -> Json:
    kind = element["type"]
    if kind == "feedback_buttons":
        return _feedback(element, action)
    if kind in VALUE_KEYS or kind == "overflow":
        return {value_key(element): picked(workspace, element, action)}
    return {}


def _feedback(element: Json, action: Json) -> Json:
    for button in (element["positive_button"], element["negative_button"]):
        if button["value"] == action.get("value"):
            return {"text": button["text"], "value": button["value"]}
    raise ControlError("invalid_pick", "Name the value of one of the two buttons.")


def _own_state(placed: Placed, picks: Json, state: Json | None) -> Json:
    """Return the used element's own entry, as if it had been typed as well."""
    element = placed.element
    if element["type"] not in VALUE_KEYS:
        return state or {}
    given: Json = (state or {}).get("values", state or {})
    block_id, own = placed.block["block_id"], {"type": element["type"]} | picks
    entries = given.get(block_id, {}) | {element["action_id"]: own}
    return given | {block_id: entries}


def _drawn(placed: Placed, picks: Json) -> Json:
    element = placed.element
    echoed = {
        name: each
        for name, each in element.items()
        if name in _ECHOED or name.startswith("initial_")
    }
    ids = {"action_id": element["action_id"], "block_id": placed.block["block_id"]}
    return {"type": element["type"]} | ids | echoed | picks
