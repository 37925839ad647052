"""In whose tenants somebody may ask for an offboarding, asked of Slack now."""

import asyncio

from bot.domain.ids import SlackUserId
from bot.domain.tenants import Tenant
from handlers.doors import members_only
from handlers.listening import Turn


async def allowed_tenants(turn: Turn, user: SlackUserId) -> list[Tenant]:
    """The tenants in whose approvals channel somebody is.

    Raises:
        NotAllowedError: a guest or alike, who may nothing; that is audited.
    """
    await members_only(turn, user, "ask")
    tenants = await turn.services.tenants.list_for(turn.access.workspace_id)
    directory = turn.access.directory
    are_members = await asyncio.gather(
        *(directory.is_member(each.approvals_channel, user) for each in tenants)
    )
    return [each for each, is_in in zip(tenants, are_members, strict=True) if is_in]
