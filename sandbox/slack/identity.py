"""The workspace's and the app's names, IDs and tokens."""

from dataclasses import dataclass, field

from sandbox.slack.channels import Channel
from sandbox.slack.errors import Json


@dataclass(frozen=True)
class Team:
    """A Slack workspace."""

    id: str
    name: str
    domain: str
    email_domain: str = ""

    @property
    def url(self) -> str:
        """Return the workspace's address as auth.test gives it."""
        return f"https://{self.domain}.slack.example/"

    def to_payload(self) -> Json:
        """Return the `team` member of interactive payloads."""
        return {"id": self.id, "domain": self.domain}


@dataclass(frozen=True)
class AppIdentity:
    """The installed app with its credentials, all of them made up."""

    id: str
    name: str
    bot_user_id: str
    bot_id: str
    bot_token: str
    app_token: str
    signing_secret: str
    verification_token: str = "sandbox-verification"

    def bot_profile(self, team: Team) -> Json:
        """Return the `bot_profile` member of the app's messages."""
        return {
            "id": self.bot_id,
            "app_id": self.id,
            "user_id": self.bot_user_id,
            "name": self.name,
            "icons": {},
            "deleted": False,
            "updated": 1_700_000_000,
            "team_id": team.id,
        }


@dataclass(frozen=True)
class Usergroup:
    """A group that people mention as @handle; paid plans only."""

    id: str
    handle: str
    name: str
    users: tuple[str, ...] = ()
    disabled: bool = False


@dataclass(frozen=True)
class WorkspaceSeed:
    """All that a workspace starts with.

    Args:
        people: user objects as `sandbox.slack.people.person` makes them.
        usergroups: None on a plan without user groups (`plan_upgrade_required`).
    """

    team: Team
    app: AppIdentity
    people: tuple[Json, ...]
    channels: tuple[Channel, ...]
    usergroups: tuple[Usergroup, ...] | None = field(default=())
