"""What a registration requests of Microsoft Graph, set against what is granted."""

from collections.abc import Iterable
from uuid import UUID

from bot.domain.permissions import PermissionReport
from bot.graph.applications import Application
from bot.graph.known_roles import KNOWN_ROLES, KNOWN_SCOPES
from bot.graph.service_principals import GRAPH_CLIENT_ID, PermissionNames


def permission_report(
    granted: frozenset[str],
    application: Application | None,
    names: PermissionNames | None,
) -> PermissionReport:
    """Put together what one connection may do.

    Args:
        granted: names in the token's `roles` claim.
        application: the registration that signs in, None where it was not read.
        names: of all permissions of Graph in this cloud, None where they were not
            read; most that Gatehouse uses are known anyway.
    """
    if application is None:
        return PermissionReport(granted)
    roles = {id: str(role) for id, role in KNOWN_ROLES.items()}
    scopes = {id: str(role) for id, role in KNOWN_SCOPES.items()}
    if names is not None:
        roles, scopes = roles | names.roles, scopes | names.scopes
    return PermissionReport(
        granted,
        delegated=_named(requested_ids(application, "Scope"), scopes),
        requested=_named(requested_ids(application, "Role"), roles),
    )


def requested_ids(application: Application, kind: str) -> list[UUID]:
    """IDs of the permissions requested of Graph; `kind` is "Role" or "Scope"."""
    return [
        access.id
        for api in application.required_resource_access
        if api.resource_app_id == GRAPH_CLIENT_ID
        for access in api.resource_access
        if access.type == kind
    ]


def _named(ids: Iterable[UUID], names: dict[UUID, str]) -> frozenset[str]:
    return frozenset(names[each] for each in ids if each in names)
