"""The doors to what only administrators, or only full members, may do."""

from bot.domain.errors import NotAllowedError
from bot.domain.ids import SlackUserId, WorkspaceId
from handlers.listening import Turn


async def admin_only(
    turn: Turn, user: SlackUserId, workspace_id: WorkspaceId, what: str
) -> None:
    """Let administrators through; a refusal is written down before it is told.

    Args:
        what: what they wanted to do, for the audit trail.

    Raises:
        NotAllowedError: they may not; the remedy says who may.
    """
    try:
        await turn.access.admin(user)
    except NotAllowedError as error:
        await turn.services.tenants.record_refusal(workspace_id, user, what, error)
        raise


async def members_only(turn: Turn, user: SlackUserId, what: str) -> None:
    """Let full members through; a refusal is written down before it is told.

    Args:
        what: what they wanted to see or do, for the audit trail.

    Raises:
        NotAllowedError: a guest or alike, or of another workspace.
    """
    try:
        await turn.access.member(user)
    except NotAllowedError as error:
        workspace_id = turn.access.workspace_id
        await turn.services.tenants.record_refusal(workspace_id, user, what, error)
        raise
