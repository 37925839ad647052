"""Graph's resources, one module each; ROUTES is all that the simulator answers."""

from sandbox.graph.exchange import GraphRequest, Reply
from sandbox.graph.resources import (
    applications,
    assignments,
    delta,
    devices,
    directory_objects,
    grants,
    groups,
    identity_providers,
    logs,
    memberships,
    methods,
    organization,
    provisioning,
    registrations,
    role_schedules,
    roles,
    service_principals,
    usage_reports,
    users,
)
from sandbox.graph.routing import Route


def _batch_is_unwrapped_before(_: GraphRequest) -> Reply:
    raise AssertionError("The pipeline answers $batch itself.")


ROUTES: tuple[Route, ...] = (
    *delta.ROUTES,  # before objects by id, whose paths look alike
    *organization.ROUTES,
    *users.ROUTES,
    *memberships.ROUTES,
    *methods.ROUTES,
    *assignments.ROUTES,
    *groups.ROUTES,
    *roles.ROUTES,
    *directory_objects.ROUTES,
    *applications.ROUTES,
    *service_principals.ROUTES,
    *grants.ROUTES,
    *devices.ROUTES,
    *role_schedules.ROUTES,
    *identity_providers.ROUTES,
    *provisioning.ROUTES,
    *registrations.ROUTES,
    *logs.ROUTES,
    *usage_reports.ROUTES,
    Route("POST", "/$batch", _batch_is_unwrapped_before, ()),
)
