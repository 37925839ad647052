"""People in Slack, as the rules need to know them."""

from dataclasses import dataclass

from bot.domain.ids import SlackUserId, WorkspaceId


@dataclass(frozen=True)
class SlackPerson:
    """One Slack user, as `users.info` last told.

    `email` is None where the person has none or the workspace hides it. A person's
    e-mail need not equal the Entra user's mail or user principal name.
    """

    id: SlackUserId
    workspace_id: WorkspaceId
    name: str
    email: str | None = None
    is_admin: bool = False  # workspace owner or admin
    is_guest: bool = False  # single- or multi-channel guest
    is_bot: bool = False
    is_stranger: bool = False  # known only through a channel shared with others
    is_deactivated: bool = False

    def belongs_to(self, workspace_id: WorkspaceId) -> bool:
        """Whether this is a full, active, human member of that workspace."""
        barred = self.is_guest or self.is_bot or self.is_stranger
        return (
            not barred
            and not self.is_deactivated
            and (self.workspace_id == workspace_id)
        )
