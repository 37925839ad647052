"""Slack's people and channels, as values the rules can judge."""

from typing import Any

from slack_sdk.web.async_client import AsyncWebClient

from bot.domain.errors import BotError, InputError
from bot.domain.ids import ChannelId, SlackUserId, WorkspaceId
from bot.domain.people import SlackPerson
from bot.slack_refusals import FAULTS, is_passing, reason_of


class SlackUnavailableError(BotError):
    """Slack did not tell who somebody is, so nothing may be decided for them."""

    code = "slack_unavailable"


class PeopleDirectory:
    """Looks people and channels up in Slack.

    Each look asks anew: what was told a minute ago decides nothing.
    """

    def __init__(self, client: AsyncWebClient) -> None:
        self._client = client

    async def person(self, user: SlackUserId) -> SlackPerson:
        """Ask Slack who this is, now.

        Raises:
            SlackUnavailableError: Slack gave no answer or knows nobody by that ID.
        """
        try:
            answer = await self._client.users_info(user=user)
        except FAULTS as error:
            raise _unavailable(f"who <@{user}> is", error) from error
        return read_person(answer["user"])

    async def is_member(self, channel: ChannelId, user: SlackUserId) -> bool:
        """Whether somebody is in a channel. False where the bot cannot see it.

        Raises:
            SlackUnavailableError: Slack gave no answer, which says nothing of them.
        """
        cursor = ""
        while True:
            try:
                page = await self._client.conversations_members(
                    channel=channel, limit=500, cursor=cursor
                )
            except FAULTS as error:
                if is_passing(error):
                    raise _unavailable(f"who is in <#{channel}>", error) from error
                return False  # not in the channel, archived or gone: nobody is let in
            if user in page["members"]:
                return True
            cursor = (page.get("response_metadata") or {}).get("next_cursor", "")
            if not cursor:
                return False

    async def check_can_post(self, channel: ChannelId, *, field: str) -> None:
        """Make sure that the bot can post to a channel.

        Raises:
            InputError: it cannot; under the field where the channel was chosen.
            SlackUnavailableError: Slack gave no answer.
        """
        try:
            answer = await self._client.conversations_info(channel=channel)
        except FAULTS as error:
            if is_passing(error):
                raise _unavailable(f"what <#{channel}> is", error) from error
            raise _cannot_post(field, "cannot see this channel") from error
        info: dict[str, Any] = answer["channel"]
        if info.get("is_archived"):
            raise InputError(
                field, "This channel is archived.", remedy="Choose one that is in use."
            )
        if not info.get("is_member"):
            raise _cannot_post(field, "is not in this channel")


def _unavailable(what: str, error: Exception) -> SlackUnavailableError:
    return SlackUnavailableError(
        f"Slack could not say {what} ({reason_of(error)}).",
        remedy="Try again in a minute; nothing was changed.",
    )


def _cannot_post(field: str, why: str) -> InputError:
    return InputError(
        field,
        f"Gatehouse {why}.",
        remedy="Type /invite @Gatehouse in it, then press the button again.",
    )


def read_person(user: dict[str, Any]) -> SlackPerson:
    """Read one of Slack's user objects."""
    profile = user.get("profile", {})
    shown = profile.get("real_name") or user.get("real_name") or user.get("name")
    return SlackPerson(
        id=SlackUserId(user["id"]),
        workspace_id=WorkspaceId(user.get("team_id", "")),
        name=str(shown or user["id"]),
        email=profile.get("email"),
        is_admin=bool(user.get("is_admin") or user.get("is_owner")),
        is_guest=bool(user.get("is_restricted") or user.get("is_ultra_restricted")),
        is_bot=bool(user.get("is_bot")),
        is_stranger=bool(user.get("is_stranger")),
        is_deactivated=bool(user.get("deleted")),
    )
