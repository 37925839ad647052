"""Directory roles in time: who may activate one, and who holds one until when."""

from collections.abc import Iterator

from sandbox.graph.exchange import GraphRequest, Reply
from sandbox.graph.licences import Plan
from sandbox.graph.query import many
from sandbox.graph.resources import access
from sandbox.graph.routing import Route
from sandbox.graph.schema_activity import ROLE_ACTIVATION, ROLE_ELIGIBILITY
from sandbox.graph.tenant import Json, Tenant

_ELIGIBILITIES = "roleManagement/directory/roleEligibilityScheduleInstances"
_ACTIVATIONS = "roleManagement/directory/roleAssignmentScheduleInstances"


def list_eligibilities(request: GraphRequest) -> Reply:
    """GET /roleManagement/directory/roleEligibilityScheduleInstances."""
    found = request.tenant.role_eligibilities.values()
    return many(request, ROLE_ELIGIBILITY, found, _ELIGIBILITIES)


def activations(tenant: Tenant) -> Iterator[Json]:
    """Yield every active assignment: those without end, then those for a time."""
    for assignment in tenant.role_assignments.values():
        yield {
            **assignment,
            "appScopeId": None,
            "startDateTime": None,
            "endDateTime": None,
            "memberType": "Direct",
            "assignmentType": "Assigned",
            "roleAssignmentOriginId": assignment["id"],
            "roleAssignmentScheduleId": assignment["id"],
        }
    yield from tenant.role_activations.values()


def list_activations(request: GraphRequest) -> Reply:
    """GET /roleManagement/directory/roleAssignmentScheduleInstances."""
    found = activations(request.tenant)
    return many(request, ROLE_ACTIVATION, found, _ACTIVATIONS)


ROUTES = (
    Route(
        "GET",
        f"/{_ELIGIBILITIES}",
        list_eligibilities,
        access.READ_ELIGIBILITIES,
        plan=Plan.P2,
    ),
    Route(
        "GET",
        f"/{_ACTIVATIONS}",
        list_activations,
        access.READ_ACTIVATIONS,
        plan=Plan.P2,
    ),
)
