"""Tenants, credentials and alerts for tests, with only what matters named."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid5

from bot.domain.alerts import Alert, AlertKind, AlertStatus, Finding
from bot.domain.clouds import Cloud
from bot.domain.credentials import Credential, CredentialKind, Stage
from bot.domain.ids import (
    AlertId,
    ChannelId,
    ClientId,
    ConnectionId,
    KeyId,
    ObjectId,
    SlackUserId,
    TenantId,
    WorkspaceId,
)
from bot.domain.tenants import SignInKind, Tenant

NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
GUIDS = UUID("11111111-2222-4333-8444-555555555555")


def guid(name: str) -> UUID:
    """A GUID that is the same for the same name."""
    return uuid5(GUIDS, name)


def a_tenant(**changes: Any) -> Tenant:
    """A connected tenant, Contoso."""
    facts: dict[str, Any] = {
        "id": ConnectionId(guid("connection")),
        "workspace_id": WorkspaceId("T0HQ"),
        "name": "Contoso",
        "cloud": Cloud.GLOBAL,
        "tenant_id": TenantId(guid("tenant")),
        "client_id": ClientId(guid("gatehouse client")),
        "sign_in_kind": SignInKind.SECRET,
        "alerts_channel": ChannelId("CALERTS"),
        "approvals_channel": ChannelId("CAPPROVE"),
        "approvers": (SlackUserId("UAMIR"),),
        "connected_by": SlackUserId("UADA"),
        "connected_at": NOW - timedelta(days=1),
        "display_name": "Contoso Ltd",
    }
    return Tenant(**facts | changes)


def a_credential(
    app: str = "Payroll", key: str = "one", *, days: float = 10, **changes: Any
) -> Credential:
    """A client secret that ends so many days after NOW."""
    facts: dict[str, Any] = {
        "app_object_id": ObjectId(guid(app)),
        "client_id": ClientId(guid(f"{app} client")),
        "app_name": app,
        "key_id": KeyId(guid(f"{app}/{key}")),
        "kind": CredentialKind.SECRET,
        "ends_at": NOW + timedelta(days=days),
        "display_name": f"Secret {key}",
        "hint": "aB3",
        "owners": ("Omar Haddad",),
    }
    return Credential(**facts | changes)


def an_alert(finding: Finding, **changes: Any) -> Alert:
    """An open alert for a finding, opened a day before NOW."""
    facts: dict[str, Any] = {
        "id": AlertId(guid(finding.fact_key)),
        "connection_id": ConnectionId(guid("connection")),
        "kind": finding.kind,
        "fact_key": finding.fact_key,
        "status": AlertStatus.OPEN,
        "opened_at": NOW - timedelta(days=1),
        "seen_at": NOW,
        "facts": dict(finding.facts),
        "stage": finding.stage,
        "ends_at": finding.ends_at,
    }
    return Alert(**facts | changes)


def a_finding(
    key: str = "one",
    stage: Stage | None = Stage.SEVEN_DAYS,
    *,
    days: float = 7.5,
    kind: AlertKind = AlertKind.CREDENTIAL_EXPIRY,
    facts: Mapping[str, str] | None = None,
) -> Finding:
    """A finding of a credential that is near its end."""
    ends_at = None if stage is None else NOW + timedelta(days=days)
    return Finding(kind, key, facts or {}, stage, ends_at)
