"""Who may do what, asked of Slack when it is pressed, whatever the view showed."""

from collections.abc import Sequence

from bot.domain.errors import NotAllowedError
from bot.domain.ids import SlackUserId, WorkspaceId
from bot.domain.people import SlackPerson
from bot.domain.tenants import Tenant
from handlers.people import PeopleDirectory


class Access:
    """Answers for one workspace.

    Args:
        admins: Slack user IDs from the settings; empty means that the workspace's
            owners and admins administer.
    """

    def __init__(
        self,
        directory: PeopleDirectory,
        *,
        workspace_id: WorkspaceId,
        admins: Sequence[SlackUserId],
    ) -> None:
        self.directory = directory
        self.workspace_id = workspace_id
        self._admins = tuple(admins)

    async def member(self, user: SlackUserId) -> SlackPerson:
        """A full, active member of the workspace.

        Raises:
            NotAllowedError: a guest, a bot, deactivated or of another workspace.
        """
        person = await self.directory.person(user)
        if not person.belongs_to(self.workspace_id):
            raise NotAllowedError(
                "Gatehouse serves full members of this workspace only; guests and "
                "people of other workspaces may not use it.",
                remedy=f"Ask {self.who_administers()}.",
            )
        return person

    async def admin(self, user: SlackUserId) -> SlackPerson:
        """Somebody who may connect, rotate, disconnect and change settings.

        Raises:
            NotAllowedError: they may not; the remedy says who may.
        """
        person = await self.member(user)
        if not self.is_admin(person):
            raise NotAllowedError(
                "Only Gatehouse administrators may do this.",
                remedy=f"Ask {self.who_administers()}.",
            )
        return person

    async def requester(self, user: SlackUserId, tenant: Tenant) -> SlackPerson:
        """Somebody in the tenant's approvals channel, who may ask and see plans.

        Raises:
            NotAllowedError: they are not in it.
        """
        person = await self.member(user)
        if not await self.directory.is_member(tenant.approvals_channel, user):
            raise NotAllowedError(
                f"Only people in the approvals channel of {tenant.name} may ask for "
                "an offboarding there.",
                remedy=f"Ask {self.who_administers()} to invite you to it.",
            )
        return person

    def is_admin(self, person: SlackPerson) -> bool:
        """Whether a member administers Gatehouse."""
        return person.id in self._admins if self._admins else person.is_admin

    def who_administers(self) -> str:
        """Words for whom to ask."""
        if not self._admins:
            return "an owner or admin of this workspace"
        return " or ".join(f"<@{user}>" for user in self._admins)
