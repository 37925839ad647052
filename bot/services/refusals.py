"""Evidence that somebody was told no."""

from bot.domain.audit import AuditAction, AuditEntry
from bot.domain.errors import BotError
from bot.domain.ids import SlackUserId, WorkspaceId
from bot.ports import Clock
from store import audit
from store.engine import Database


class Refusals:
    """Writes down who was refused what, where no request is concerned."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database, self._clock = database, clock

    async def record(
        self,
        workspace_id: WorkspaceId,
        user: SlackUserId,
        error: BotError,
        *,
        wanted: str,
        subject: str = "",
    ) -> None:
        """Write one down.

        Args:
            wanted: what they came for, e.g. "connect a tenant".
            subject: what it was about, "kind:id"; the person themself without.
        """
        entry = AuditEntry(
            at=self._clock.now(),
            workspace_id=workspace_id,
            actor=user,
            action=AuditAction.REFUSED,
            subject=subject or f"person:{user}",
            facts={"wanted": wanted, "why": error.message, "code": error.code},
        )
        async with self._database.sessions.begin() as session:
            await audit.append(session, entry)
