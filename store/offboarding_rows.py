"""Offboarding requests as rows, and back."""

from dataclasses import fields
from typing import Any

from bot.domain.errors import NotFoundError
from bot.domain.ids import (
    ChannelId,
    ConnectionId,
    RequestId,
    SlackUserId,
    WorkspaceId,
)
from bot.domain.offboarding import OffboardingRequest
from store.offboarding_tables import OffboardingRequestRow
from store.plans import read_plan, write_plan


class RequestNotFoundError(NotFoundError):
    """There is no request with this ID."""

    def __init__(self) -> None:
        super().__init__("There is no such request.", remedy="Ask anew with /offboard.")


_FIELDS = tuple(field.name for field in fields(OffboardingRequest))


def columns(request: OffboardingRequest) -> dict[str, Any]:
    """A request as column values."""
    leaver = request.plan.leaver
    return {name: getattr(request, name) for name in _FIELDS} | {
        "plan": write_plan(request.plan),
        "leaver_object_id": leaver.object_id,
        "leaver_name": leaver.display_name,
    }


def request_of(row: OffboardingRequestRow) -> OffboardingRequest:
    """A row as a request.

    Raises:
        PlanTamperedError: the stored plan is not what its digest says.
    """
    return OffboardingRequest(
        id=RequestId(row.id),
        workspace_id=WorkspaceId(row.workspace_id),
        connection_id=ConnectionId(row.connection_id),
        requester=SlackUserId(row.requester),
        plan=read_plan(row.plan, digest=row.digest),
        digest=row.digest,
        status=row.status,
        asked_at=row.asked_at,
        expires_at=row.expires_at,
        approvals_channel=ChannelId(row.approvals_channel),
        reason=row.reason,
        ticket=row.ticket,
        run_at=row.run_at,
        leaver_slack_id=_user(row.leaver_slack_id),
        decided_by=_user(row.decided_by),
        decided_at=row.decided_at,
        decision_reason=row.decision_reason,
        finished_at=row.finished_at,
        supersedes=None if row.supersedes is None else RequestId(row.supersedes),
        run=row.run,
    )


def _user(id: str | None) -> SlackUserId | None:
    return None if id is None else SlackUserId(id)
