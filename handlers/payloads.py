"""Slack's payloads as frozen values, so that listeners touch no nested dicts."""

from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from bot.domain.errors import NotFoundError
from bot.domain.ids import ChannelId, SlackUserId, WorkspaceId


@dataclass(frozen=True)
class Command:
    """A slash command as typed. In `text` mentions still stand as <@U…>."""

    user: SlackUserId
    workspace_id: WorkspaceId
    channel: ChannelId
    text: str
    trigger_id: str

    @classmethod
    def parse(cls, body: dict[str, Any]) -> "Command":
        """Read Slack's form fields."""
        return cls(
            user=SlackUserId(body["user_id"]),
            workspace_id=WorkspaceId(body["team_id"]),
            channel=ChannelId(body["channel_id"]),
            text=unescaped(str(body.get("text", ""))).strip(),
            trigger_id=str(body.get("trigger_id", "")),
        )

    @property
    def words(self) -> list[str]:
        """The text split at white space."""
        return self.text.split()


@dataclass(frozen=True)
class Click:
    """A button pressed, or a choice made, in a message, a modal or the Home tab.

    `channel` and `ts` are None outside messages, `view` is empty outside views.
    """

    user: SlackUserId
    workspace_id: WorkspaceId
    action_id: str
    block_id: str
    value: str
    trigger_id: str
    channel: ChannelId | None = None
    ts: str | None = None
    # What stands in a modal's fields may be a secret, so it is in no repr.
    view: dict[str, Any] = field(default_factory=dict, repr=False)
    action: dict[str, Any] = field(default_factory=dict)

    @classmethod
    def parse(cls, body: dict[str, Any]) -> "Click":
        """Read a block_actions payload; its first action is the one that happened."""
        action = body["actions"][0]
        container = body.get("container", {})
        return cls(
            user=SlackUserId(body["user"]["id"]),
            workspace_id=workspace_of(body),
            action_id=str(action["action_id"]),
            block_id=str(action.get("block_id", "")),
            value=str(action.get("value", "")),
            trigger_id=str(body.get("trigger_id", "")),
            channel=container.get("channel_id"),
            ts=container.get("message_ts"),
            view=body.get("view") or {},
            action=action,
        )

    @property
    def key(self) -> UUID:
        """The opaque key that the button carries.

        Raises:
            NotFoundError: not a key of ours.
        """
        return read_key(self.value)


@dataclass(frozen=True)
class Submission:
    """A modal submitted."""

    user: SlackUserId
    workspace_id: WorkspaceId
    view_id: str
    view_hash: str
    private_metadata: str
    trigger_id: str
    values: dict[str, dict[str, Any]] = field(default_factory=dict, repr=False)

    @classmethod
    def parse(cls, body: dict[str, Any]) -> "Submission":
        """Read a view_submission payload."""
        view = body["view"]
        return cls(
            user=SlackUserId(body["user"]["id"]),
            workspace_id=workspace_of(body),
            view_id=str(view["id"]),
            view_hash=str(view.get("hash", "")),
            private_metadata=str(view.get("private_metadata", "")),
            trigger_id=str(body.get("trigger_id", "")),
            values=view.get("state", {}).get("values", {}),
        )

    def text(self, block_id: str) -> str:
        """What was typed in a text field; "" where nothing was."""
        return str(self._state(block_id).get("value") or "")

    def choice(self, block_id: str) -> str:
        """The value of the option chosen; "" where none was."""
        return str(
            (self._state(block_id).get("selected_option") or {}).get("value", "")
        )

    def choices(self, block_id: str) -> tuple[str, ...]:
        """The values of all options ticked."""
        options = self._state(block_id).get("selected_options") or []
        return tuple(str(option["value"]) for option in options)

    def conversation(self, block_id: str) -> ChannelId:
        """The channel chosen; "" where none was."""
        state = self._state(block_id)
        chosen = state.get("selected_conversation") or state.get("selected_channel")
        return ChannelId(str(chosen or ""))

    def people(self, block_id: str) -> tuple[SlackUserId, ...]:
        """The people chosen, in the order chosen."""
        users = self._state(block_id).get("selected_users") or []
        return tuple(SlackUserId(str(user)) for user in users)

    def unix_time(self, block_id: str) -> int | None:
        """A date and time chosen, in seconds since 1970."""
        chosen = self._state(block_id).get("selected_date_time")
        return None if chosen is None else int(chosen)

    def _state(self, block_id: str) -> dict[str, Any]:
        return next(iter(self.values.get(block_id, {}).values()), {})


@dataclass(frozen=True)
class Shortcut:
    """A global or message shortcut. `author` is who wrote the message, if any did."""

    user: SlackUserId
    workspace_id: WorkspaceId
    trigger_id: str
    channel: ChannelId | None = None
    author: SlackUserId | None = None

    @classmethod
    def parse(cls, body: dict[str, Any]) -> "Shortcut":
        """Read a shortcut or message_action payload."""
        author = (body.get("message") or {}).get("user")
        return cls(
            user=SlackUserId(body["user"]["id"]),
            workspace_id=workspace_of(body),
            trigger_id=str(body["trigger_id"]),
            channel=(body.get("channel") or {}).get("id"),
            author=SlackUserId(author) if author else None,
        )


def workspace_of(body: dict[str, Any]) -> WorkspaceId:
    """The workspace of the acting person; `team` is null for org-wide installs."""
    team = body.get("team") or {}
    return WorkspaceId(str(team.get("id") or body.get("user", {}).get("team_id", "")))


def unescaped(text: str) -> str:
    """What somebody typed: Slack writes "R&D" as "R&amp;D" in commands."""
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def read_key(text: str) -> UUID:
    """Read an opaque key.

    Raises:
        NotFoundError: not one of ours, as on a message from another app or version.
    """
    try:
        return UUID(text)
    except ValueError as error:
        raise NotFoundError(
            "This button no longer leads anywhere.",
            remedy="Open the item anew from its command or from the Home tab.",
        ) from error
