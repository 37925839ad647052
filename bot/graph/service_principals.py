"""Service principals: our own, and Microsoft Graph's with the names of permissions."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from bot.domain.ids import ClientId, ObjectId
from bot.domain.permissions import AppRole
from bot.graph.client import GraphClient
from bot.graph.errors import ObjectNotFoundError
from bot.graph.model import GraphModel

GRAPH_CLIENT_ID = UUID("00000003-0000-0000-c000-000000000000")  # the same everywhere


class ServicePrincipal(GraphModel):
    """An app's identity inside one tenant."""

    id: UUID  # object ID
    app_id: UUID  # client ID
    display_name: str | None = None
    account_enabled: bool | None = None


class AppRoleAssignment(GraphModel):
    """An application permission that was granted: whose, and its ID there."""

    resource_id: UUID
    app_role_id: UUID


@dataclass(frozen=True)
class PermissionNames:
    """The names of an API's permissions by ID: application ones and delegated ones."""

    roles: dict[UUID, str]
    scopes: dict[UUID, str]


async def own_service_principal(
    graph: GraphClient, client_id: ClientId
) -> ServicePrincipal | None:
    """Read the service principal that signs in; needs no permission, being our own."""
    try:
        body = await graph.get(
            f"/servicePrincipals(appId='{client_id}')",
            params={"$select": "id,appId,displayName,accountEnabled"},
            needs=AppRole.APPLICATION_READ_ALL,
        )
    except ObjectNotFoundError:
        return None
    return ServicePrincipal.model_validate(body)


async def graph_permissions(graph: GraphClient) -> PermissionNames:
    """Read the names of all permissions that Microsoft Graph has in this cloud.

    Raises:
        PermissionMissingError: the app may not read service principals.
        GraphError, SignInError: as every call.
    """
    body = await graph.get(
        f"/servicePrincipals(appId='{GRAPH_CLIENT_ID}')",
        params={"$select": "id,appRoles,oauth2PermissionScopes"},
        needs=AppRole.APPLICATION_READ_ALL,
    )
    return PermissionNames(
        roles=_names(body.get("appRoles")),
        scopes=_names(body.get("oauth2PermissionScopes")),
    )


async def own_grants(
    graph: GraphClient, service_principal_id: ObjectId
) -> tuple[AppRoleAssignment, ...]:
    """Read which application permissions were granted to the app, of all APIs."""
    return tuple(
        [
            AppRoleAssignment.model_validate(item)
            async for item in graph.items(
                f"/servicePrincipals/{service_principal_id}/appRoleAssignments",
                params={"$top": "999"},
                needs=AppRole.APPLICATION_READ_ALL,
            )
        ]
    )


async def own_permissions(
    graph: GraphClient, client_id: ClientId, names: PermissionNames
) -> frozenset[str]:
    """Read which permissions of Microsoft Graph were granted to the app, by name.

    For tokens that do not tell: Microsoft calls them opaque to clients.
    """
    principal = await own_service_principal(graph, client_id)
    if principal is None:
        return frozenset()
    grants = await own_grants(graph, ObjectId(principal.id))
    return frozenset(
        names.roles[grant.app_role_id]
        for grant in grants
        if grant.app_role_id in names.roles
    )


def _names(permissions: Any) -> dict[UUID, str]:
    listed = permissions if isinstance(permissions, list) else []
    return {UUID(item["id"]): item["value"] for item in listed if item.get("value")}
