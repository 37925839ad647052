"""Apps, what they hold and what they may do, from Graph's objects to rows."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from bot.domain.directory_rows import (
    ApplicationRow,
    AppRoleAssignmentRow,
    OauthGrantRow,
    ServicePrincipalRow,
)
from bot.graph.decoding.values import Key, Text, Wire, json_text, utc


class _Secret(Wire):
    key_id: UUID | None = None
    hint: Text | None = None  # the value's first three characters
    display_name: Text | None = None
    end_date_time: datetime | None = None
    custom_key_identifier: Text | None = None


class _Key(Wire):
    key_id: UUID | None = None
    display_name: Text | None = None
    end_date_time: datetime | None = None
    usage: Text | None = None
    custom_key_identifier: Text | None = None


def _credentials(secrets: list[_Secret] | None, keys: list[_Key] | None) -> str | None:
    """Secrets and certificates as JSON; only facts about them, never a value."""
    if secrets is None and keys is None:
        return None
    held = [_fact("secret", s, hint=s.hint) for s in secrets or ()]
    held += [_fact("certificate", k, usage=k.usage) for k in keys or ()]
    return json_text(sorted(held, key=lambda fact: (fact["keyId"], fact["kind"])))


def _fact(kind: str, held: _Secret | _Key, **more: str | None) -> dict[str, Any]:
    ends_at = utc(held.end_date_time)
    return {
        "keyId": "" if held.key_id is None else str(held.key_id),
        "kind": kind,
        "displayName": held.display_name,
        "endsAt": None if ends_at is None else ends_at.isoformat(),
        "identifier": held.custom_key_identifier,
        "hint": None,
        **more,
    }


class _Access(Wire):
    id: UUID | None = None
    type: Text | None = None


class _RequiredAccess(Wire):
    resource_app_id: Text | None = None
    resource_access: list[_Access] | None = None


def _required(resources: list[_RequiredAccess] | None) -> str | None:
    if resources is None:
        return None
    told = [
        {
            "resourceAppId": resource.resource_app_id or "",
            "resourceAccess": _accesses(resource.resource_access or ()),
        }
        for resource in resources
    ]
    return json_text(sorted(told, key=lambda one: str(one["resourceAppId"])))


def _accesses(accesses: Iterable[_Access]) -> list[dict[str, str]]:
    told = [{"id": str(a.id), "type": a.type or ""} for a in accesses if a.id]
    return sorted(told, key=lambda one: (one["id"], one["type"]))


class ApplicationWire(Wire):
    """An `application`."""

    id: UUID
    app_id: UUID | None = None
    display_name: Text | None = None
    sign_in_audience: Text | None = None
    password_credentials: list[_Secret] | None = None
    key_credentials: list[_Key] | None = None
    required_resource_access: list[_RequiredAccess] | None = None
    created_date_time: datetime | None = None

    def row(self) -> ApplicationRow:
        """The registration as stored."""
        return ApplicationRow(
            self.id,
            self.app_id,
            self.display_name,
            self.sign_in_audience,
            _credentials(self.password_credentials, self.key_credentials),
            _required(self.required_resource_access),
            utc(self.created_date_time),
        )


class _AppRole(Wire):
    id: UUID | None = None
    value: Text | None = None
    allowed_member_types: list[Text] | None = None


def _app_roles(roles: list[_AppRole] | None) -> str | None:
    if roles is None:
        return None
    told = [
        {
            "id": str(role.id),
            "value": role.value,
            "allowed": sorted(role.allowed_member_types or ()),
        }
        for role in roles
        if role.id is not None
    ]
    return json_text(sorted(told, key=lambda one: str(one["id"])))


class ServicePrincipalWire(Wire):
    """A `servicePrincipal`."""

    id: UUID
    app_id: UUID | None = None
    display_name: Text | None = None
    service_principal_type: Text | None = None
    account_enabled: bool | None = None
    app_owner_organization_id: UUID | None = None
    password_credentials: list[_Secret] | None = None
    key_credentials: list[_Key] | None = None
    preferred_token_signing_key_thumbprint: Text | None = None
    app_roles: list[_AppRole] | None = None

    def row(self) -> ServicePrincipalRow:
        """The service principal as stored."""
        return ServicePrincipalRow(
            self.id,
            self.app_id,
            self.display_name,
            self.service_principal_type,
            self.account_enabled,
            self.app_owner_organization_id,
            _credentials(self.password_credentials, self.key_credentials),
            self.preferred_token_signing_key_thumbprint,
            _app_roles(self.app_roles),
        )


class AppRoleAssignmentWire(Wire):
    """An `appRoleAssignment`."""

    id: Key
    app_role_id: UUID
    principal_id: UUID
    resource_id: UUID
    principal_type: Text | None = None
    principal_display_name: Text | None = None
    resource_display_name: Text | None = None
    created_date_time: datetime | None = None

    def row_in(self, _: UUID) -> AppRoleAssignmentRow:
        """The assignment as stored; it names its resource itself."""
        return AppRoleAssignmentRow(
            self.id,
            self.app_role_id,
            self.principal_id,
            self.principal_type,
            self.principal_display_name,
            self.resource_id,
            self.resource_display_name,
            utc(self.created_date_time),
        )


class ResourceWithAssignmentsWire(Wire):
    """A service principal with the first assignments of its roles, at most twenty."""

    id: UUID
    app_role_assigned_to: list[AppRoleAssignmentWire] | None = None

    @property
    def owned(self) -> list[AppRoleAssignmentWire] | None:
        """The assignments that came with it; None where none were asked for."""
        return self.app_role_assigned_to


class OauthGrantWire(Wire):
    """An `oAuth2PermissionGrant`."""

    id: Key
    client_id: UUID
    resource_id: UUID
    consent_type: Text | None = None
    principal_id: UUID | None = None
    scope: Text | None = None  # separated by spaces, at times with one in front

    def row(self) -> OauthGrantRow:
        """The grant as stored."""
        scopes = self.scope
        return OauthGrantRow(
            self.id,
            self.client_id,
            self.consent_type,
            self.principal_id,
            self.resource_id,
            None if scopes is None else json_text(sorted(set(scopes.split()))),
        )
