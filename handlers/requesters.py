"""In whose tenants somebody may ask for an offboarding, asked of Slack now."""

import asyncio

from bot.domain.errors import NotAllowedError
from bot.domain.ids import ConnectionId, SlackUserId
from bot.domain.people import SlackPerson
from bot.domain.tenants import Tenant
from handlers.listening import Turn


async def audited_member(turn: Turn, user: SlackUserId, wanted: str) -> SlackPerson:
    """A full member of the workspace.

    Args:
        wanted: what they came for, for the audit trail.

    Raises:
        NotAllowedError: a guest or alike, who may nothing; that is audited.
    """
    try:
        return await turn.access.member(user)
    except NotAllowedError as error:
        planning = turn.services.offboarding.planning
        workspace_id = turn.access.workspace_id
        await planning.record_refusal(workspace_id, user, error, wanted=wanted)
        raise


async def allowed_tenants(turn: Turn, user: SlackUserId) -> list[Tenant]:
    """The tenants in whose approvals channel somebody is.

    Raises:
        NotAllowedError: a guest or alike, who may nothing; that is audited.
    """
    await audited_member(turn, user, "ask")
    planning = turn.services.offboarding.planning
    tenants = await planning.tenants(turn.access.workspace_id)
    directory = turn.access.directory
    are_members = await asyncio.gather(
        *(directory.is_member(each.approvals_channel, user) for each in tenants)
    )
    return [each for each, is_in in zip(tenants, are_members, strict=True) if is_in]


async def requester_in(
    turn: Turn, connection_id: ConnectionId, user: SlackUserId, wanted: str = "ask"
) -> SlackPerson:
    """Somebody who may ask for an offboarding in this tenant.

    Args:
        wanted: what they came for, for the audit trail.

    Raises:
        NotAllowedError: they may not; that is audited.
        NotFoundError: no such tenant in this workspace.
    """
    planning = turn.services.offboarding.planning
    tenant = await planning.tenant(turn.access.workspace_id, connection_id)
    try:
        return await turn.access.requester(user, tenant)
    except NotAllowedError as error:
        workspace_id = turn.access.workspace_id
        await planning.record_refusal(workspace_id, user, error, wanted=wanted)
        raise
