"""Channels and direct messages: who is in them and who can see them."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from sandbox.slack.errors import ControlError, Json

_CREATED = 1_700_000_000  # seconds since the epoch; any fixed moment will do


@dataclass
class Channel:
    """A channel, or a person's direct messages with the app (`im_with` set)."""

    id: str
    name: str
    members: list[str] = field(default_factory=list)
    is_private: bool = False
    is_archived: bool = False
    im_with: str | None = None
    creator: str = ""

    @property
    def is_im(self) -> bool:
        """Whether this is a direct message conversation."""
        return self.im_with is not None

    @property
    def kind(self) -> str:
        """Return Slack's type: public_channel, private_channel or im."""
        if self.is_im:
            return "im"
        return "private_channel" if self.is_private else "public_channel"

    @property
    def read_scope(self) -> str:
        """Return the scope that lets a bot see this conversation's facts."""
        return f"{self.scope_family}:read"

    @property
    def scope_family(self) -> str:
        """Return the first half of this kind's scopes: channels, groups or im."""
        kinds = {"public_channel": "channels", "private_channel": "groups", "im": "im"}
        return kinds[self.kind]

    def visible_to(self, user_id: str) -> bool:
        """Whether somebody may read here: everybody in public, members elsewhere."""
        return self.kind == "public_channel" or user_id in self.members

    def to_slack(self, *, viewer: str) -> Json:
        """Draw the conversation object that `viewer` gets."""
        if self.is_im:
            return self._im_to_slack()
        return {
            "id": self.id,
            "name": self.name,
            "name_normalized": self.name,
            "is_channel": not self.is_private,
            "is_group": False,  # "C" private channels; "G" ones are from before 2021
            "is_im": False,
            "is_mpim": False,
            "is_private": self.is_private,
            "is_archived": self.is_archived,
            "is_general": self.name == "general",
            "is_member": viewer in self.members,
            "is_shared": False,
            "is_ext_shared": False,
            "is_org_shared": False,
            "created": _CREATED,
            "creator": self.creator,
            "num_members": len(self.members),
            "topic": {"value": "", "creator": "", "last_set": 0},
            "purpose": {"value": "", "creator": "", "last_set": 0},
            "previous_names": [],
        }

    def _im_to_slack(self) -> Json:
        return {
            "id": self.id,
            "created": _CREATED,
            "is_im": True,
            "is_channel": False,
            "is_group": False,
            "is_mpim": False,
            "is_private": True,
            "is_archived": self.is_archived,
            "is_org_shared": False,
            "user": self.im_with,
            "is_user_deleted": False,
        }


class Channels:
    """All conversations of a workspace, direct messages with the app included."""

    def __init__(self, channels: Iterable[Channel], *, bot: str) -> None:
        self._bot = bot
        self._channels = {channel.id: channel for channel in channels}

    def all(self) -> list[Channel]:
        """Return every conversation, oldest first."""
        return list(self._channels.values())

    def find(self, channel_id: str) -> Channel | None:
        """Return the conversation with that ID."""
        return self._channels.get(channel_id)

    def find_by_name(self, name: str) -> Channel | None:
        """Return what people mean by `#name`."""
        named = (each for each in self.all() if not each.is_im)
        return next((each for each in named if each.name == name), None)

    def im_with(self, user_id: str) -> Channel:
        """Return a person's direct messages with the app, opened if need be."""
        channel_id = "D" + user_id[1:]
        members = [user_id, self._bot]
        new = Channel(channel_id, "directmessage", members, im_with=user_id)
        return self._channels.setdefault(channel_id, new)

    def seen_by(self, user_id: str, channel_id: str) -> Channel:
        """Return a conversation that a person may read.

        Raises:
            ControlError: there is none, or the person cannot see it.
        """
        channel = self.existing(channel_id)
        if not channel.visible_to(user_id):
            raise ControlError(
                "not_in_channel",
                "Only members see this conversation; have them invited first.",
                status=403,
            )
        return channel

    def written_by(self, user_id: str, channel_id: str) -> Channel:
        """Return a conversation in which a person may type.

        Raises:
            ControlError: there is none, it is archived, or the person is no member.
        """
        channel = self.seen_by(user_id, channel_id)
        if channel.is_archived:
            raise ControlError("is_archived", f"#{channel.name} is archived.")
        if user_id not in channel.members:
            raise ControlError(
                "not_in_channel", f"Join #{channel.name} before you type.", status=403
            )
        return channel

    def existing(self, channel_id: str) -> Channel:
        """Return the conversation with that ID.

        Raises:
            ControlError: there is none.
        """
        channel = self.find(channel_id)
        if channel is None:
            raise ControlError(
                "channel_not_found", f"No channel has the ID {channel_id}.", status=404
            )
        return channel
