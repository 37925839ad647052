"""Reading a request the way every story does: within the acting person's workspace."""

from dataclasses import dataclass

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.domain.ids import RequestId, WorkspaceId
from bot.domain.offboarding import OffboardingRequest, StepResult
from bot.domain.tenants import Tenant
from store import offboarding
from store.offboarding_rows import RequestNotFoundError


@dataclass(frozen=True)
class RequestState:
    """A request with its steps and its tenant, as they stand now."""

    request: OffboardingRequest
    steps: tuple[StepResult, ...]
    tenant: Tenant


async def of_workspace(
    session: AsyncSession, request_id: RequestId, workspace_id: WorkspaceId
) -> OffboardingRequest:
    """Read a request, if it belongs to this workspace.

    Raises:
        RequestNotFoundError: it does not, or there is none; in the same words.
    """
    request = await offboarding.get(session, request_id)
    if request.workspace_id != workspace_id:
        raise RequestNotFoundError
    return request
