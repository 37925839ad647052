"""From a message in the outbox to its drawing: load the subject, ask the view."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.domain.alerts import Alert, AlertStatus
from bot.domain.errors import NotFoundError
from bot.domain.ids import AlertId, ConnectionId, RequestId
from bot.domain.messages import Message, MessageKind
from bot.domain.offboarding import OffboardingRequest, StepResult
from bot.domain.tenants import Tenant, TenantStatus
from bot.notify import Draw
from bot.views.alerts import alert_message, digest_message, escalation_message
from bot.views.channels import channel_unusable_message
from bot.views.errors import error_message
from bot.views.requests import outcome_message, request_message
from bot.views.tenants import connection_message, forgotten_alert_message
from bot.views.text import Drawing
from bot.workflows.alert_record import card_key
from store import alerts, messages, offboarding, tenants
from store.engine import Database
from store.plans import PlanTamperedError

DrawRequest = Callable[[OffboardingRequest, tuple[StepResult, ...], Tenant], Drawing]


class Drawings:
    """Draws every kind of message from what is stored now.

    Each method returns None, or raises NotFoundError, where the subject is gone.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    def by_kind(self) -> Mapping[MessageKind, Draw]:
        """What the sender asks for each kind."""
        return {
            MessageKind.CONNECTION: self.connection,
            MessageKind.ALERT: self.alert,
            MessageKind.ALERT_DIGEST: self.digest,
            MessageKind.ALERT_ESCALATION: self.escalation,
            MessageKind.CHANNEL_UNUSABLE: self.channel_unusable,
            MessageKind.REQUEST: self.request,
            MessageKind.REQUEST_OUTCOME: self.outcome,
        }

    async def connection(self, message: Message) -> Drawing | None:
        """The outcome of connecting a tenant, or of checking it again."""
        async with self._database.snapshots() as session:
            tenant = await tenants.find(session, ConnectionId(message.subject_id))
        if tenant is None:
            return None
        return replace(connection_message(tenant), channel=tenant.alerts_channel)

    async def alert(self, message: Message) -> Drawing | None:
        """An alert's card."""
        async with self._database.snapshots() as session:
            try:
                found = await _alert_with_tenant(session, message.subject_id)
            except NotFoundError:
                # Buttons that lead nowhere must not stay; what was never posted may.
                return None if message.ts is None else forgotten_alert_message()
        if found is None:
            return None
        _, tenant = found
        return replace(alert_message(*found), channel=tenant.alerts_channel)

    async def digest(self, message: Message) -> Drawing | None:
        """What one scan opened beyond its cards, and still has none."""
        opened_at = datetime.fromisoformat(message.detail)
        async with self._database.snapshots() as session:
            tenant = await tenants.get(session, ConnectionId(message.subject_id))
            opened = await alerts.list_opened_at(session, tenant.id, opened_at)
            keys = {card_key(alert.id): alert for alert in opened}
            with_card = await messages.known_keys(session, keys)
        if tenant.status is TenantStatus.DISCONNECTED:
            return None
        waiting = [
            alert
            for key, alert in keys.items()
            if key not in with_card and alert.status is not AlertStatus.RESOLVED
        ]
        return replace(digest_message(waiting, tenant), channel=tenant.alerts_channel)

    async def escalation(self, message: Message) -> Drawing | None:
        """A reply in an alert's thread."""
        async with self._database.snapshots() as session:
            found = await _alert_with_tenant(session, message.subject_id)
        return None if found is None else escalation_message(*found, message.detail)

    async def channel_unusable(self, message: Message) -> Drawing | None:
        """A word to who connected a tenant that its channel is closed to the bot."""
        async with self._database.snapshots() as session:
            tenant = await tenants.get(session, ConnectionId(message.subject_id))
        return channel_unusable_message(tenant, message.detail)

    async def request(self, message: Message) -> Drawing | None:
        """A request's card in the approvals channel."""
        return await self._of_request(message, request_message)

    async def outcome(self, message: Message) -> Drawing | None:
        """What the requester is told alone."""
        return await self._of_request(message, outcome_message)

    async def _of_request(self, message: Message, draw: DrawRequest) -> Drawing | None:
        """A request drawn; one whose stored plan was edited shows just that."""
        try:
            async with self._database.snapshots() as session:
                request = await offboarding.get(session, RequestId(message.subject_id))
                steps = await offboarding.steps(session, request.id)
                tenant = await tenants.find(session, request.connection_id)
        except PlanTamperedError as error:
            return error_message(error)
        return None if tenant is None else draw(request, steps, tenant)


async def _alert_with_tenant(
    session: AsyncSession, subject_id: UUID
) -> tuple[Alert, Tenant] | None:
    alert = await alerts.get(session, AlertId(subject_id))
    tenant = await tenants.find(session, alert.connection_id)
    return None if tenant is None else (alert, tenant)
