"""What a request leaves behind each time it moves: messages and audit entries."""

from collections.abc import Mapping
from datetime import datetime

from bot.domain.audit import ITSELF, AuditAction, AuditEntry
from bot.domain.ids import RequestId
from bot.domain.messages import Message, MessageKind, message_id
from bot.domain.offboarding import OffboardingRequest, StepResult


def card_key(request_id: RequestId) -> str:
    """The key of a request's card in the approvals channel."""
    return f"request:{request_id}"


def card(request: OffboardingRequest) -> Message:
    """The card in the approvals channel."""
    key = card_key(request.id)
    return Message(
        id=message_id(key),
        workspace_id=request.workspace_id,
        kind=MessageKind.REQUEST,
        key=key,
        channel=request.approvals_channel,
        subject_id=request.id,
    )


def outcome(request: OffboardingRequest) -> Message:
    """The direct message that tells the requester how this run, or decision, ended."""
    key = f"outcome:{request.id}:{request.run}"
    return Message(
        id=message_id(key),
        workspace_id=request.workspace_id,
        kind=MessageKind.REQUEST_OUTCOME,
        key=key,
        channel=request.requester,
        subject_id=request.id,
    )


def audit_entry(
    request: OffboardingRequest,
    action: AuditAction,
    *,
    at: datetime,
    actor: str = ITSELF,
    facts: Mapping[str, str] | None = None,
) -> AuditEntry:
    """An entry about a request; it always says who leaves and which plan."""
    always = {
        "leaver": str(request.plan.leaver.object_id),
        "connection": str(request.connection_id),
        "plan": request.digest,
        "run": str(request.run),
    }
    return AuditEntry(
        at=at,
        workspace_id=request.workspace_id,
        actor=actor,
        action=action,
        subject=f"request:{request.id}",
        facts={**always, **(facts or {})},
    )


def step_entry(
    request: OffboardingRequest,
    action: AuditAction,
    result: StepResult,
    *,
    at: datetime,
) -> AuditEntry:
    """An entry about one step of a request."""
    facts = {
        "step": result.step.key,
        "status": str(result.status),
        "detail": result.detail,
        "attempt": str(result.attempts),
        "graph_request_id": result.graph_request_id or "",
    }
    return audit_entry(request, action, at=at, facts=facts)
