"""The proof that a connection works, and what it may do: sign in, then ask Graph."""

from collections.abc import Awaitable, Mapping
from dataclasses import dataclass, field
from typing import TypeVar
from uuid import UUID

from bot.domain.errors import BotError
from bot.domain.ids import ClientId, ObjectId, TenantId
from bot.domain.permissions import PermissionReport
from bot.domain.tenants import AppCredential, Connection, Field
from bot.graph.applications import Application, own_application
from bot.graph.client import GraphClient
from bot.graph.errors import (
    GraphError,
    PermissionMissingError,
    ThrottledError,
    TokenRefusedError,
    UnavailableError,
)
from bot.graph.organization import Organization, organization
from bot.graph.own_credential import OwnCredential, own_credential
from bot.graph.permission_ids import APPLICATION_IDS, DELEGATED_IDS
from bot.graph.service_principals import (
    GRAPH_CLIENT_ID,
    PermissionNames,
    graph_permissions,
)

T = TypeVar("T")

# With these nothing was proven at all; they are no gap in an otherwise good answer.
_FATAL = (UnavailableError, ThrottledError, TokenRefusedError)


class WrongTenantError(BotError):
    """Another tenant answered than the one that was asked."""

    code = "wrong_tenant"
    field = Field.TENANT_ID

    def __init__(self, asked: TenantId, answered: UUID) -> None:
        super().__init__(
            f"Tenant {answered} answered instead of {asked}.",
            remedy="Check the Directory (tenant) ID.",
        )


async def prove(
    graph: GraphClient,
    *,
    tenant_id: TenantId,
    client_id: ClientId,
    credential: AppCredential,
) -> Connection:
    """Sign in with a fresh token and read what can be read.

    A token without roles is a connection too: one that may do nothing yet. What could
    not be read stands in the connection's `problems`.

    Raises:
        SignInError: Microsoft refused the sign-in.
        WrongTenantError: another tenant answered.
        GraphError: Graph is unreachable, throttles, or refuses the token itself.
    """
    granted = await graph.granted(fresh=True)
    reading = _Reading()
    tenant = await reading.part("The tenant's name and domains", organization(graph))
    if tenant is not None and tenant.id != tenant_id:
        raise WrongTenantError(tenant_id, tenant.id)
    app = await reading.part(
        "The app's own registration", own_application(graph, client_id)
    )
    if app is None and not reading.problems:
        reading.problems.append(
            "The app registration is in another tenant, so neither its requested "
            "permissions nor the end of its credentials can be read."
        )
    names = await _permission_names(graph)
    own = own_credential(credential, app, graph.clock.now())
    if own.problem:
        reading.problems.append(own.problem)
    report = _report(granted, app, names)
    return _connection(tenant, app, own, report, tuple(reading.problems))


@dataclass
class _Reading:
    """Reads parts, and collects why some could not be read."""

    problems: list[str] = field(default_factory=list)

    async def part(self, what: str, read: Awaitable[T]) -> T | None:
        try:
            return await read
        except _FATAL:
            raise
        except GraphError as error:
            self.problems.append(f"{what} could not be read: {error.message}")
            return None


async def _permission_names(graph: GraphClient) -> PermissionNames:
    """Read the names of permissions in this cloud, or take those known by heart."""
    by_heart = PermissionNames(dict(APPLICATION_IDS), dict(DELEGATED_IDS))
    try:
        read = await graph_permissions(graph)
    except PermissionMissingError:
        # No gap worth telling: those that Gatehouse asks for are known anyway.
        return by_heart
    return PermissionNames(
        roles={**by_heart.roles, **read.roles},
        scopes={**by_heart.scopes, **read.scopes},
    )


def _report(
    granted: frozenset[str], app: Application | None, names: PermissionNames
) -> PermissionReport:
    if app is None:
        return PermissionReport(granted)
    return PermissionReport(
        granted,
        delegated=_requested(app, "Scope", names.scopes),
        requested=_requested(app, "Role", names.roles),
    )


def _requested(
    app: Application, kind: str, names: Mapping[UUID, str]
) -> frozenset[str]:
    return frozenset(
        names.get(access.id, str(access.id))
        for api in app.required_resource_access
        if api.resource_app_id == GRAPH_CLIENT_ID
        for access in api.resource_access
        if access.type == kind
    )


def _connection(
    tenant: Organization | None,
    app: Application | None,
    own: OwnCredential,
    report: PermissionReport,
    problems: tuple[str, ...],
) -> Connection:
    return Connection(
        display_name=tenant.display_name if tenant else "",
        verified_domains=tenant.verified_domains if tenant else (),
        report=report,
        app_object_id=ObjectId(app.id) if app else None,
        credential_key_id=own.key_id,
        credential_hint=own.hint,
        credential_ends_at=own.ends_at,
        problems=problems,
    )
