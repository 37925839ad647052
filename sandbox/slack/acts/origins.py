"""Where a person acts: on a message or in a view."""

from dataclasses import dataclass

from sandbox.slack import payloads
from sandbox.slack.acts.picks import merged_values
from sandbox.slack.core import WorkspaceCore
from sandbox.slack.errors import ControlError, Json
from sandbox.slack.messages import Message
from sandbox.slack.views import View


@dataclass(frozen=True)
class MessageOrigin:
    """A message with its blocks; typed values live only in the act's payload."""

    message: Message
    view_id: str | None = None

    @property
    def blocks(self) -> list[Json]:
        """Return the blocks a person sees there."""
        return self.message.blocks

    def put(self, workspace: WorkspaceCore, state: Json | None) -> Json:
        """Return the values of the message's elements."""
        return merged_values(workspace, self.blocks, {}, state)

    def draw(self, workspace: WorkspaceCore, user: Json) -> Json:
        """Draw the payload's members about the message."""
        return payloads.on_message(workspace, user, self.message)


@dataclass(frozen=True)
class ViewOrigin:
    """A modal or Home tab; it remembers what was typed."""

    view: View

    @property
    def view_id(self) -> str | None:
        """Return the modal from which another may be pushed; none for a Home tab."""
        return None if self.view.is_home else self.view.id

    @property
    def blocks(self) -> list[Json]:
        """Return the blocks a person sees there."""
        return self.view.blocks

    def put(self, workspace: WorkspaceCore, state: Json | None) -> Json:
        """Store typed values in the view and return all of them."""
        self.view.values = merged_values(
            workspace, self.blocks, self.view.values, state
        )
        return self.view.values

    def draw(self, workspace: WorkspaceCore, user: Json) -> Json:
        """Draw the payload's members about the view."""
        return payloads.on_view(workspace, self.view)


Origin = MessageOrigin | ViewOrigin


def origin_of(workspace: WorkspaceCore, user: Json, container: Json) -> Origin:
    """Find where a person acts.

    Args:
        container: `{"channel", "message_ts"}` or `{"view_id"}`.

    Raises:
        ControlError: no such message or view, or not visible to that person.
    """
    if container.get("view_id"):
        return ViewOrigin(open_view(workspace, user, container["view_id"]))
    if not {"channel", "message_ts"} <= set(container):
        raise ControlError(
            "invalid_container", "Name channel and message_ts, or view_id."
        )
    channel, ts = container["channel"], container["message_ts"]
    return MessageOrigin(visible_message(workspace, user, channel, ts))


def visible_message(
    workspace: WorkspaceCore, user: Json, channel: str, ts: str
) -> Message:
    """Return a message that a person can see.

    Raises:
        ControlError: `message_not_found`, `not_in_channel` or `channel_not_found`.
    """
    workspace.channels.seen_by(user["id"], channel)
    message = workspace.messages.find(channel, ts)
    if message is None or message.ephemeral_to not in (None, user["id"]):
        raise ControlError(
            "message_not_found", f"{user['name']} sees no message {ts}.", status=404
        )
    return message


def open_view(workspace: WorkspaceCore, user: Json, view_id: str) -> View:
    """Return a person's topmost modal or Home tab by ID.

    Raises:
        ControlError: `view_not_open`: closed, covered by another, or somebody else's.
    """
    stack, home = workspace.views.stack(user["id"]), workspace.views.home(user["id"])
    within_reach = [view for view in (*stack[-1:], home) if view is not None]
    for view in within_reach:
        if view.id == view_id:
            return view
    raise ControlError(
        "view_not_open", f"{user['name']} has no view {view_id} in front.", status=404
    )
