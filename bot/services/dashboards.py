"""Reads what the dashboard and /entra status show."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.domain.credentials import Credential
from bot.domain.dashboard import TenantOverview, WorkspaceOverview
from bot.domain.ids import WorkspaceId
from bot.domain.offboarding import RequestStatus
from bot.domain.tenants import Tenant
from store import alerts, credentials, data_sets, offboarding, tenants


async def workspace_overview(
    session: AsyncSession, workspace_id: WorkspaceId, *, now: datetime
) -> WorkspaceOverview:
    """Every connected tenant of the workspace with its numbers."""
    found = await tenants.list_for_workspace(session, workspace_id)
    directories = await data_sets.list_of(session, [tenant.id for tenant in found])
    return WorkspaceOverview(
        now,
        [
            replace(
                await _overview(session, tenant, now), directory=directories[tenant.id]
            )
            for tenant in found
        ],
    )


async def _overview(
    session: AsyncSession, tenant: Tenant, now: datetime
) -> TenantOverview:
    requests = await offboarding.list_open(session, tenant.id)
    ending = await credentials.list_ending(session, [tenant.id])
    return TenantOverview(
        tenant=tenant,
        open_alerts=len(await alerts.list_open(session, tenant.id)),
        next_ending=_soonest(ending, now),
        pending_requests=sum(
            request.status is RequestStatus.PENDING for request in requests
        ),
    )


def _soonest(ending: Sequence[Credential], now: datetime) -> Credential | None:
    """The first that has not ended. What is over already has its alert."""
    ahead = (each for each in ending if each.ends_at > now and not each.never_ends)
    return next(ahead, None)
