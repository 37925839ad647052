"""What a tenant has bought, and what Graph answers where that is not enough.

`organization.assignedPlans` is the only place where it is written: what a caller reads
there is what decides. Plan ids are the same everywhere. Source: Microsoft's list of
product names and service plan identifiers.
"""

from enum import StrEnum

from sandbox.graph.errors import GraphError
from sandbox.graph.exchange import GraphRequest
from sandbox.graph.tenant import Json, Tenant


class Plan(StrEnum):
    """A service plan that opens a part of Graph."""

    P1 = "AAD_PREMIUM"
    P2 = "AAD_PREMIUM_P2"
    INTUNE = "INTUNE_A"


PLAN_IDS = {
    Plan.P1: "41781fb2-bc02-4b7c-bd55-b576c07bb09d",
    Plan.P2: "eec0eb4f-6444-4f95-aba0-50c24d67f998",
    Plan.INTUNE: "c1ec4a95-1f05-45b3-a911-aa3fa01094f5",
}
_SERVICES = {Plan.P1: "AADPremiumService", Plan.P2: "AADPremiumService"}
# The larger plan holds the smaller one.
_ENOUGH = {
    Plan.P1: (Plan.P1, Plan.P2),
    Plan.P2: (Plan.P2,),
    Plan.INTUNE: (Plan.INTUNE,),
}
_NO_PREMIUM = GraphError(
    403,
    "Authentication_RequestFromNonPremiumTenantOrB2CTenant",
    "Neither tenant is B2C or tenant doesn't have premium license",
)
_REFUSALS = {
    Plan.P1: _NO_PREMIUM,
    Plan.P2: GraphError(
        400,
        "AadPremiumLicenseRequired",
        "The tenant needs to have Microsoft Entra ID P2 or Microsoft Entra ID "
        "Governance license.",
    ),
    Plan.INTUNE: GraphError(
        400, "BadRequest", "Request not applicable to target tenant."
    ),
}


def assigned_plan(plan: Plan) -> Json:
    """Return how the tenant tells that it has a plan."""
    return {
        "assignedDateTime": "2024-03-01T09:00:00Z",
        "capabilityStatus": "Enabled",
        "service": _SERVICES.get(plan, "SCO"),
        "servicePlanId": PLAN_IDS[plan],
    }


def plans_of(tenant: Tenant) -> set[Plan]:
    """Return the plans that a tenant has."""
    enabled = {
        plan["servicePlanId"]
        for plan in tenant.organization["assignedPlans"]
        if plan["capabilityStatus"] == "Enabled"
    }
    return {plan for plan, plan_id in PLAN_IDS.items() if plan_id in enabled}


def set_plan(tenant: Tenant, plan: Plan, *, on: bool) -> None:
    """Buy a plan, or let it end."""
    others = [
        assigned
        for assigned in tenant.organization["assignedPlans"]
        if assigned["servicePlanId"] != PLAN_IDS[plan]
    ]
    tenant.organization["assignedPlans"] = others + (
        [assigned_plan(plan)] if on else []
    )


def require_plan(request: GraphRequest, plan: Plan) -> None:
    """Refuse a tenant without a plan, in the words of that part of Graph.

    The fault `without_plans` takes plans away that the tenant seems to have.

    Raises:
        GraphError: 400 or 403.
    """
    hidden = set()
    if request.faults.is_on("without_plans"):
        hidden = set(str(request.faults.params("without_plans")["plans"]).split())
    held = {held for held in plans_of(request.tenant) if held.value not in hidden}
    if held.isdisjoint(_ENOUGH[plan]):
        refusal = _REFUSALS[plan]
        raise GraphError(refusal.status, refusal.code, refusal.message)
