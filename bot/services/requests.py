"""Reading a request the way every story does: within the acting person's workspace."""

from dataclasses import dataclass

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.domain.errors import NotFoundError
from bot.domain.ids import RequestId, WorkspaceId
from bot.domain.offboarding import OffboardingRequest, StepResult
from bot.domain.tenants import Tenant
from store import offboarding


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
        NotFoundError: it does not, or there is none.
    """
    request = await offboarding.get(session, request_id)
    if request.workspace_id != workspace_id:
        raise no_such_request()
    return request


def no_such_request() -> NotFoundError:
    """The same words whether it never was or belongs to others."""
    return NotFoundError("There is no such request.", remedy="Ask anew with /offboard.")
