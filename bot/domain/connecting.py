"""How a connection's proof, a rotation or new settings change a tenant."""

from dataclasses import replace
from datetime import datetime
from uuid import uuid4

from bot.domain.ids import ConnectionId, SlackUserId
from bot.domain.tenants import (
    AppCredential,
    ConnectInput,
    Connection,
    Tenant,
    TenantSettings,
    TenantStatus,
)


def new_tenant(
    wanted: ConnectInput, connection: Connection, *, by: SlackUserId, at: datetime
) -> Tenant:
    """A tenant that is about to be stored, with what its proof found out."""
    tenant = Tenant(
        id=ConnectionId(uuid4()),
        workspace_id=wanted.workspace_id,
        name=wanted.name,
        cloud=wanted.cloud,
        tenant_id=wanted.tenant_id,
        client_id=wanted.client_id,
        sign_in_kind=wanted.credential.kind,
        alerts_channel=wanted.alerts_channel,
        approvals_channel=wanted.approvals_channel,
        approvers=wanted.approvers,
        connected_by=by,
        connected_at=at,
    )
    return proven(tenant, connection, at=at)


def rotated(
    tenant: Tenant, credential: AppCredential, connection: Connection, at: datetime
) -> Tenant:
    """Nothing that was known of the old credential may be told of the new one."""
    return replace(
        proven(tenant, connection, at=at),
        sign_in_kind=credential.kind,
        credential_key_id=connection.credential_key_id,
        credential_hint=connection.credential_hint,
        credential_ends_at=connection.credential_ends_at,
    )


def proven(tenant: Tenant, connection: Connection, *, at: datetime) -> Tenant:
    """The tenant as a proof found it; what could not be read keeps its last value."""
    return replace(
        tenant,
        status=TenantStatus.ACTIVE,
        display_name=connection.display_name or tenant.display_name,
        verified_domains=connection.verified_domains or tenant.verified_domains,
        app_object_id=connection.app_object_id or tenant.app_object_id,
        credential_key_id=connection.credential_key_id or tenant.credential_key_id,
        credential_hint=connection.credential_hint or tenant.credential_hint,
        credential_ends_at=connection.credential_ends_at or tenant.credential_ends_at,
        granted=connection.report.granted,
        delegated=connection.report.delegated,
        requested=connection.report.requested,
        problems=connection.problems,
        checked_at=at,
    )


def failing(tenant: Tenant, why: str, *, at: datetime) -> Tenant:
    """The tenant after Entra refused its sign-in."""
    return replace(tenant, status=TenantStatus.FAILING, problems=(why,), checked_at=at)


def changed_by(tenant: Tenant, settings: TenantSettings) -> Tenant:
    """The tenant with other settings."""
    return replace(
        tenant,
        name=settings.name,
        alerts_channel=settings.alerts_channel,
        approvals_channel=settings.approvals_channel,
        approvers=settings.approvers,
    )


def differences(before: TenantSettings, after: TenantSettings) -> dict[str, str]:
    """What changed, each as "old -> new"."""
    pairs = ((name, old, vars(after)[name]) for name, old in vars(before).items())
    return {
        name: f"{_listed(old)} -> {_listed(new)}"
        for name, old, new in pairs
        if old != new
    }


def credential_facts(
    credential: AppCredential, connection: Connection
) -> dict[str, str]:
    """What the audit trail tells of a credential that was put in."""
    ends_at = connection.credential_ends_at
    return {
        "sign_in_with": credential.kind,
        "key_id": str(connection.credential_key_id or ""),
        "ends_at": ends_at.isoformat() if ends_at else "",
    }


def _listed(value: object) -> str:
    return ", ".join(value) if isinstance(value, tuple) else str(value)
