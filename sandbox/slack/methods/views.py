"""views.open, views.push, views.update, views.publish."""

from sandbox.slack.blocks.judge import judge_view
from sandbox.slack.core import WorkspaceCore
from sandbox.slack.errors import Json, SlackError, invalid_arguments
from sandbox.slack.methods.method import Method
from sandbox.slack.state import preset_conversation
from sandbox.slack.tickets import Trigger
from sandbox.slack.views import View


def open_(workspace: WorkspaceCore, args: Json) -> Json:
    """Open a modal for whoever acted. Slack looks at the view before the trigger."""
    spec = judge_view(args["view"], workspace.mint, modal=True)
    trigger = _trigger(workspace, args)
    view = workspace.views.open(trigger.user, spec)
    if trigger.channel is not None:
        preset_conversation(view.blocks, view.values, trigger.channel)
    return _shown(workspace, view, "views")


def push(workspace: WorkspaceCore, args: Json) -> Json:
    """Put a modal on top of the one from which the trigger came."""
    spec = judge_view(args["view"], workspace.mint, modal=True)
    trigger = _trigger(workspace, args)
    if trigger.view_id is None:
        raise SlackError("not_found")
    view = workspace.views.push(trigger.user, trigger.view_id, spec)
    return _shown(workspace, view, "views")


def update(workspace: WorkspaceCore, args: Json) -> Json:
    """Replace an open view, found by either of its IDs."""
    if not args.get("view_id") and not args.get("external_id"):
        raise invalid_arguments("missing required field: view_id")
    view = workspace.views.find(args.get("view_id"), args.get("external_id"))
    if view is None:
        raise SlackError("not_found")
    spec = judge_view(args["view"], workspace.mint, modal=not view.is_home)
    workspace.views.update(view, spec, hash_=args.get("hash") or None)
    return _shown(workspace, view, "home" if view.is_home else "views")


def publish(workspace: WorkspaceCore, args: Json) -> Json:
    """Publish somebody's Home tab."""
    if not workspace.manifest.home_tab:
        raise SlackError("not_enabled")
    user_id = str(args["user_id"])
    if user_id not in workspace.people:
        raise invalid_arguments("invalid `user_id`")
    spec = judge_view(args["view"], workspace.mint, modal=False)
    hash_ = args.get("hash") or None
    view = workspace.views.publish(user_id, spec, hash_=hash_)
    return _shown(workspace, view, "home")


def _trigger(workspace: WorkspaceCore, args: Json) -> Trigger:
    trigger_id = args.get("trigger_id") or args.get("interactivity_pointer")
    if not trigger_id:
        raise invalid_arguments("missing required field: trigger_id")
    return workspace.triggers.exchange(str(trigger_id))


def _shown(workspace: WorkspaceCore, view: View, topic: str) -> Json:
    workspace.changed(topic)
    return {"view": workspace.draw_view(view)}


METHODS = {
    "views.open": Method(open_, required=("view",), tier=4),
    "views.push": Method(push, required=("view",), tier=4),
    "views.update": Method(update, required=("view",), tier=4),
    "views.publish": Method(publish, required=("user_id", "view"), tier=4),
}
