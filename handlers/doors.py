"""The doors to what only some may do. Whom one turns away is written down first."""

from bot.domain.errors import NotAllowedError
from bot.domain.ids import ConnectionId, SlackUserId
from bot.domain.people import SlackPerson
from handlers.listening import Turn


async def admin_only(turn: Turn, user: SlackUserId, wanted: str) -> None:
    """Let administrators through.

    Args:
        wanted: what they came for, for the audit trail.

    Raises:
        NotAllowedError: they may not; the remedy says who may.
    """
    try:
        await turn.access.admin(user)
    except NotAllowedError as error:
        await _turn_away(turn, user, error, wanted)
        raise


async def members_only(turn: Turn, user: SlackUserId, wanted: str) -> None:
    """Let full members through.

    Args:
        wanted: what they came for, for the audit trail.

    Raises:
        NotAllowedError: a guest or alike, or of another workspace.
    """
    try:
        await turn.access.member(user)
    except NotAllowedError as error:
        await _turn_away(turn, user, error, wanted)
        raise


async def requester_in(
    turn: Turn, connection_id: ConnectionId, user: SlackUserId, wanted: str = "ask"
) -> SlackPerson:
    """Let through who may ask for an offboarding in this tenant.

    Args:
        wanted: what they came for, for the audit trail.

    Raises:
        NotAllowedError: they may not.
        NotFoundError: no such tenant in this workspace.
    """
    planning = turn.services.offboarding.planning
    tenant = await planning.tenant(turn.access.workspace_id, connection_id)
    try:
        return await turn.access.requester(user, tenant)
    except NotAllowedError as error:
        await _turn_away(turn, user, error, wanted)
        raise


async def _turn_away(
    turn: Turn, user: SlackUserId, error: NotAllowedError, wanted: str
) -> None:
    workspace_id = turn.access.workspace_id
    await turn.services.refusals.record(workspace_id, user, error, wanted=wanted)
