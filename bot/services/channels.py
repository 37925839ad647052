"""Channels that are closed to the bot: somebody has to hear of it another way."""

from uuid import UUID

import structlog
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.domain.ids import AlertId, ConnectionId, RequestId
from bot.domain.messages import Message, MessageKind, message_id
from bot.domain.tenants import Tenant
from bot.ports import Clock
from store import alerts, messages, offboarding, tenants
from store.engine import Database

log = structlog.get_logger(__name__)

_OF_CONNECTIONS = (MessageKind.CONNECTION, MessageKind.ALERT_DIGEST)
_OF_ALERTS = (MessageKind.ALERT, MessageKind.ALERT_ESCALATION)


class Channels:
    """Tells who connected a tenant that its messages reach nobody, once a day."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database, self._clock = database, clock

    async def unusable(self, message: Message, reason: str) -> None:
        """Note that a message waits because its channel is closed to the bot.

        Args:
            reason: Slack's word, e.g. "is_archived".
        """
        log.error("channel_unusable", key=message.key, reason=reason)
        async with self._database.sessions.begin() as session:
            tenant = await _tenant_of(session, message)
            if tenant is None or not tenant.connected_by.startswith(("U", "W")):
                return  # connected from the command line: the log is all there is
            notice = self._notice(tenant, message, reason)
            if await messages.find_by_key(session, notice.key) is None:
                await messages.put(session, notice)

    def _notice(self, tenant: Tenant, message: Message, reason: str) -> Message:
        day = self._clock.now().date().isoformat()
        key = f"channel:{tenant.id}:{message.channel}:{day}"
        return Message(
            id=message_id(key),
            workspace_id=tenant.workspace_id,
            kind=MessageKind.CHANNEL_UNUSABLE,
            key=key,
            channel=tenant.connected_by,
            subject_id=tenant.id,
            detail=f"{message.channel} {reason}",
        )


async def _tenant_of(session: AsyncSession, message: Message) -> Tenant | None:
    """The tenant that a channel's message is about; None for direct messages."""
    connection = await _connection_of(session, message)
    return None if connection is None else await tenants.find(session, connection)


async def _connection_of(
    session: AsyncSession, message: Message
) -> ConnectionId | None:
    subject: UUID = message.subject_id
    if message.kind in _OF_CONNECTIONS:
        return ConnectionId(subject)
    if message.kind in _OF_ALERTS:
        return (await alerts.get(session, AlertId(subject))).connection_id
    if message.kind is MessageKind.REQUEST:
        return (await offboarding.get(session, RequestId(subject))).connection_id
    return None
