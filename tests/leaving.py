"""Leavers, plans and requests for tests, with only what matters named."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from bot.domain.ids import (
    ChannelId,
    ObjectId,
    RequestId,
    SlackUserId,
    TenantId,
    WorkspaceId,
)
from bot.domain.offboarding import (
    OffboardingRequest,
    RequestStatus,
    StepResult,
    StepStatus,
)
from bot.domain.people import SlackPerson
from bot.domain.plans import Action, Leaver, Plan, PlannedStep, in_order
from tests.watching import NOW, a_tenant, guid

RUTH = SlackUserId("URUTH")  # asks
AMIR = SlackUserId("UAMIR")  # approves
NORA = SlackUserId("UNORA")  # approves
DANA = SlackUserId("UDANA")  # leaves
LEE = SlackUserId("ULEE")  # neither
WORKSPACE = WorkspaceId("T0HQ")
TENANT = a_tenant(approvers=(AMIR, NORA))

DISABLE = PlannedStep(Action.DISABLE_ACCOUNT)
REVOKE = PlannedStep(Action.REVOKE_SESSIONS)


def a_person(user: SlackUserId = AMIR, **changes: Any) -> SlackPerson:
    """A full member of the workspace."""
    name = user.removeprefix("U").title()
    email = f"{name.lower()}@contoso.example"
    facts: dict[str, Any] = {"workspace_id": WORKSPACE, "name": name, "email": email}
    return SlackPerson(user, **facts | changes)


def a_group(name: str, **changes: Any) -> PlannedStep:
    """The step that takes the leaver out of a group."""
    facts: dict[str, Any] = {"target_id": str(guid(name)), "target_name": name}
    return PlannedStep(
        Action.REMOVE_GROUPS, **facts | {"variety": "security"} | changes
    )


def a_method(name: str, **changes: Any) -> PlannedStep:
    """The step that removes an authentication method."""
    facts: dict[str, Any] = {"target_id": str(guid(name)), "target_name": name}
    return PlannedStep(
        Action.REMOVE_METHODS, **facts | {"variety": "fido2Methods"} | changes
    )


def a_leaver(**changes: Any) -> Leaver:
    """Dana, whose account is ordinary."""
    facts: dict[str, Any] = {
        "object_id": ObjectId(guid("dana")),
        "display_name": "Dana Cole",
        "user_principal_name": "dana@contoso.example",
        "addresses": ("dana@contoso.example",),
    }
    return Leaver(**facts | changes)


def a_plan(*steps: PlannedStep, **changes: Any) -> Plan:
    """A plan for Dana with these steps, in their order."""
    facts: dict[str, Any] = {
        "tenant_id": TenantId(TENANT.tenant_id),
        "leaver": a_leaver(),
        "actions": tuple(Action),
        "steps": in_order(steps),
        "read_at": NOW,
    }
    return Plan(**facts | changes)


def a_request(plan: Plan | None = None, **changes: Any) -> OffboardingRequest:
    """A pending request of Ruth's."""
    plan = plan or a_plan(DISABLE, REVOKE, a_group("CRM Users"))
    facts: dict[str, Any] = {
        "id": RequestId(guid("request")),
        "workspace_id": WORKSPACE,
        "connection_id": TENANT.id,
        "requester": RUTH,
        "plan": plan,
        "digest": plan.digest,
        "status": RequestStatus.PENDING,
        "asked_at": NOW,
        "expires_at": NOW + timedelta(hours=24),
        "approvals_channel": ChannelId("CAPPROVE"),
        "reason": "Last day on Friday",
        "ticket": "HR-1234",
    }
    return OffboardingRequest(**facts | changes)


def results(
    plan: Plan, *statuses: StepStatus, detail: str = ""
) -> tuple[StepResult, ...]:
    """The plan's steps; blocked ones as such, the others with these states in turn."""
    given = list(statuses) or [StepStatus.PENDING]
    found = []
    for position, step in enumerate(plan.steps):
        if step.blocked is not None:
            status, told = StepStatus.BLOCKED, step.blocked
        else:
            status = given.pop(0) if len(given) > 1 else given[0]
            told = detail
        found.append(StepResult(step, position, status, told))
    return tuple(found)


def many(steps: int) -> Sequence[PlannedStep]:
    """So many groups, with long names."""
    return [a_group(f"Group {each:03} of the organization") for each in range(steps)]
