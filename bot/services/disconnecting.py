"""What happens to offboarding requests when their tenant is disconnected."""

from dataclasses import replace
from datetime import datetime

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.domain.audit import AuditAction, AuditEntry
from bot.domain.errors import BotError
from bot.domain.ids import SlackUserId
from bot.domain.offboarding import OffboardingRequest, RequestStatus
from bot.domain.request_records import audit_entry, card_key, outcome
from bot.domain.tenants import Tenant
from store import messages, offboarding

WHY_VOIDED = "the tenant was disconnected"


class OffboardingRunningError(BotError):
    """A tenant cannot be disconnected in the middle of an offboarding."""

    code = "offboarding_running"

    def __init__(self, leaver: str) -> None:
        super().__init__(
            f"The offboarding of {leaver} is running in this tenant.",
            remedy="Wait until its message says that it has ended, then disconnect.",
        )


async def void_open_requests(
    session: AsyncSession, tenant: Tenant, *, by: SlackUserId, at: datetime
) -> list[AuditEntry]:
    """Void what waits for a decision or for its date, and tell those concerned.

    Returns:
        An entry for each, for the caller to append last: writers of the audit trail
        take turns, and one that then waited for a request, which an approver's click
        holds while it waits for its turn, would wait for ever.

    Raises:
        OffboardingRunningError: one is running; none is voided.
    """
    waiting = await offboarding.list_open(session, tenant.id)
    for request in waiting:
        if request.status is RequestStatus.RUNNING:
            raise OffboardingRunningError(request.plan.leaver.display_name)
    return [await _void(session, request, by=by, at=at) for request in waiting]


async def _void(
    session: AsyncSession, request: OffboardingRequest, *, by: SlackUserId, at: datetime
) -> AuditEntry:
    if request.status is RequestStatus.PENDING:
        voided = replace(
            request,
            status=RequestStatus.VOIDED,
            finished_at=at,
            decision_reason=WHY_VOIDED,
        )
        await offboarding.record_decision(session, voided)
    else:
        await offboarding.record_voided(session, request.id, at)
    await messages.touch(session, card_key(request.id))
    await messages.put(session, outcome(request))
    return audit_entry(
        request,
        AuditAction.REQUEST_VOIDED,
        at=at,
        actor=by,
        facts={"reason": WHY_VOIDED},
    )
