"""One Slack workspace with the app installed: everybody's acts on its state."""

from collections.abc import Mapping
from typing import Any

from sandbox.slack import labels
from sandbox.slack.acts import commands, elements, modals
from sandbox.slack.acts.origins import open_view, origin_of
from sandbox.slack.acts.outcomes import Outcome, Submission
from sandbox.slack.core import WorkspaceCore
from sandbox.slack.errors import Json
from sandbox.slack.messages import Message


class SlackWorkspace(WorkspaceCore):
    """The simulated Slack. `slack_routes` serves it; tests call its acts directly.

    Args:
        seed: team, app, people, channels to start with.
        manifest: the app's manifest.yml; its scopes are what the token may do, its
            commands, shortcuts and events what people can use.
        mode: how payloads reach the app: Socket Mode, or signed HTTP posts.
        http_url: the app's request URL, for mode `http`.
        feed: where changes are announced; shared with the Entra simulator.
        pace: Slack's waiting times; tests shorten them.
        strict_rate_limits: whether calls above Slack's published tiers get 429.

    `base_url` (http://host:port, no slash at the end) must be set once the port is
    known: response URLs, upload URLs and Socket Mode addresses start with it.
    """

    # What people do. Every act raises ControlError where Slack's client refuses.

    async def command(self, user: str, channel: str, text: str) -> Outcome:
        """Type a slash command, e.g. `/entra connect`."""
        return await commands.run_command(self, user, channel, text)

    async def shortcut(
        self,
        user: str,
        callback_id: str,
        *,
        channel: str | None = None,
        message_ts: str | None = None,
    ) -> Outcome:
        """Use a global shortcut, or a message shortcut on a message."""
        return await commands.use_shortcut(
            self, user, callback_id, channel=channel, message_ts=message_ts
        )

    async def say(
        self, user: str, channel: str, text: str, *, thread_ts: str | None = None
    ) -> Message:
        """Write a message."""
        return await commands.say(self, user, channel, text, thread_ts=thread_ts)

    async def act(
        self, user: str, action: Json, container: Json, state: Json | None = None
    ) -> Outcome:
        """Use an element; see `sandbox.slack.acts.elements.use_element`."""
        return await elements.use_element(self, user, action, container, state)

    async def click(
        self,
        user: str,
        action_id: str,
        *,
        channel: str | None = None,
        message_ts: str | None = None,
        view_id: str | None = None,
        block_id: str | None = None,
        state: Json | None = None,
        **picked: Any,
    ) -> Outcome:
        """Press a button or pick from a select, on a message or in a view.

        Args:
            picked: what was picked, by the name it has in block_actions, e.g.
                `selected_user="U0DANA"`.
        """
        container = _container(channel, message_ts, view_id)
        action: Json = {"action_id": action_id, "block_id": block_id, **picked}
        return await self.act(user, action, container, state)

    async def press(
        self,
        user: str,
        text: str,
        *,
        channel: str | None = None,
        message_ts: str | None = None,
        view_id: str | None = None,
        state: Json | None = None,
    ) -> Outcome:
        """Press the button that reads `text`, on a message or in a view."""
        container = _container(channel, message_ts, view_id)
        origin = origin_of(self, self.people.actor(user), container)
        found = labels.button_called(origin.blocks, text)
        ids = {"action_id": found.element["action_id"]}
        action = ids | {"block_id": found.block["block_id"]}
        return await self.act(user, action, container, state)

    async def options(
        self,
        user: str,
        action_id: str,
        value: str,
        *,
        block_id: str | None = None,
        **container: str,
    ) -> Json:
        """Type into an external select and return what the app offers."""
        return await elements.ask_options(
            self,
            user,
            action_id=action_id,
            block_id=block_id,
            value=value,
            container=container,
        )

    async def submit(
        self, user: str, view_id: str, state: Json | None = None
    ) -> Submission:
        """Fill in and submit a modal."""
        return await modals.submit_view(self, user, view_id, state)

    async def submit_by_labels(
        self, user: str, view_id: str, answers: Mapping[str, Any]
    ) -> Submission:
        """Fill in a modal by the labels of its inputs and submit it."""
        view = open_view(self, self.people.actor(user), view_id)
        state = labels.state_by_labels(self, view.blocks, answers)
        return await self.submit(user, view_id, state)

    async def close_view(
        self, user: str, view_id: str, *, everything: bool = False
    ) -> Outcome:
        """Cancel a modal, or close the whole stack with the cross in its corner."""
        return await modals.close_view(self, user, view_id, everything=everything)

    async def open_home(self, user: str, *, tab: str = "home") -> Outcome:
        """Open the app's Home tab (or Messages tab)."""
        return await modals.open_home(self, user, tab=tab)


def _container(
    channel: str | None, message_ts: str | None, view_id: str | None
) -> Json:
    if view_id is not None:
        return {"view_id": view_id}
    return {"channel": channel, "message_ts": message_ts}
