"""Submit and close modals, open the Home tab."""

from sandbox.slack import payloads
from sandbox.slack.acts.client_checks import client_errors
from sandbox.slack.acts.origins import open_view
from sandbox.slack.acts.outcomes import Outcome, Submission, outcome_of
from sandbox.slack.acts.picks import merged_values
from sandbox.slack.blocks.judge import judge_view
from sandbox.slack.core import WorkspaceCore
from sandbox.slack.errors import ControlError, Json, SlackError
from sandbox.slack.events import tell
from sandbox.slack.views import View


async def submit_view(
    workspace: WorkspaceCore, user_id: str, view_id: str, state: Json | None = None
) -> Submission:
    """Fill in a modal, press its submit button and do what the app answers.

    Raises:
        ControlError: the modal is not in front, has no submit button, or the state
            names elements that it does not have.
    """
    user = workspace.people.actor(user_id)
    view = open_view(workspace, user, view_id)
    if view.spec.get("submit") is None:
        raise ControlError("not_submittable", "This view has no submit button.")
    view.values = merged_values(workspace, view.blocks, view.values, state)
    workspace.changed("views")
    errors = client_errors(view.blocks, view.values)
    if errors:
        return Submission(acked=False, outcome="errors", errors=errors, client=True)
    payload = payloads.view_submission(workspace, user, view)
    answer = await workspace.courier.ask("interactive", payload)
    workspace.notice(user_id, answer.error)
    if not answer.acked:
        return Submission(acked=False, outcome="none", error=answer.error)
    return _obey(workspace, user, view, answer.payload or {})


async def close_view(
    workspace: WorkspaceCore, user_id: str, view_id: str, *, everything: bool = False
) -> Outcome:
    """Press Cancel, or the cross in the corner, which closes the whole stack.

    The app hears of it when the view asked to be told (`notify_on_close`): of the
    view itself after Cancel, of the root with `is_cleared` after the cross.
    """
    user = workspace.people.actor(user_id)
    view = open_view(workspace, user, view_id)
    if view.is_home:
        raise ControlError("not_closable", "A Home tab cannot be closed.")
    root = workspace.views.stack(user_id)[0]
    cleared = everything or bool(view.spec.get("clear_on_close"))
    told = root if cleared else view
    payload = payloads.view_closed(workspace, user, told, cleared=cleared)
    if cleared:
        workspace.views.close_all(user_id)
    else:
        workspace.views.close(view)
    workspace.notice(user_id, None)
    workspace.changed("views")
    if not told.spec.get("notify_on_close"):
        return Outcome(acked=True)
    return outcome_of(
        await workspace.courier.ask("interactive", payload, answers=False)
    )


async def open_home(
    workspace: WorkspaceCore, user_id: str, *, tab: str = "home"
) -> Outcome:
    """Open the app's Home or Messages tab and wait for the event's first outcome.

    Raises:
        ControlError: the manifest enables no such tab.
    """
    user = workspace.people.actor(user_id)
    manifest = workspace.manifest
    enabled = manifest.home_tab if tab == "home" else manifest.messages_tab
    if not enabled:
        raise ControlError("not_enabled", f"The manifest enables no {tab} tab.")
    if "app_home_opened" not in manifest.events:
        return Outcome(acked=True)
    event: Json = {
        "type": "app_home_opened",
        "user": user["id"],
        "channel": workspace.channels.im_with(user_id).id,
        "tab": tab,
        "event_ts": workspace.mint.ts(),
    }
    published = workspace.views.home(user_id)
    if tab == "home" and published is not None:
        event["view"] = workspace.draw_view(published)
    answer = await tell(workspace, event)
    return Outcome(answer.acked, answer.error)


def _obey(workspace: WorkspaceCore, user: Json, view: View, answer: Json) -> Submission:
    try:
        return _act_on(workspace, user, view, answer)
    except SlackError as refusal:
        detail = str(refusal.details.get("response_metadata", refusal.code))
        workspace.notice(user["id"], "invalid_response", detail=detail)
        return Submission(acked=True, outcome="none", error="invalid_response")
    finally:
        workspace.changed("views")


def _act_on(
    workspace: WorkspaceCore, user: Json, view: View, answer: Json
) -> Submission:
    match answer.get("response_action"):
        case None:
            workspace.views.close(view)
            return Submission(acked=True, outcome="closed")
        case "errors":
            errors = _checked_errors(view, answer.get("errors"))
            return Submission(acked=True, outcome="errors", errors=errors)
        case "update":
            spec = judge_view(answer.get("view"), workspace.mint, modal=True)
            workspace.views.update(view, spec)
            return Submission(acked=True, outcome="updated")
        case "push":
            spec = judge_view(answer.get("view"), workspace.mint, modal=True)
            workspace.views.push(user["id"], view.id, spec)
            return Submission(acked=True, outcome="pushed")
        case "clear":
            workspace.views.close_all(user["id"])
            return Submission(acked=True, outcome="cleared")
    raise SlackError("invalid_response_action")


def _checked_errors(view: View, errors: object) -> dict[str, str]:
    """Refuse errors about anything but input blocks, which Slack could not place."""
    inputs = {block["block_id"] for block in view.blocks if block["type"] == "input"}
    if not isinstance(errors, dict) or not errors or not set(errors) <= inputs:
        raise SlackError("invalid_errors", inputs=sorted(inputs))
    return {block_id: str(message) for block_id, message in errors.items()}
