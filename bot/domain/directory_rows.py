"""The rows of each data set, as plain tuples: decoded once, stored as they are.

IDs are UUIDs, times aware UTC datetimes; None is "not set, or not told". Lists and
nested values are JSON text, canonical (sorted keys, no spaces), so that equal means
equal. A field that a narrow permission hides arrives as None and never overwrites a
stored name.
"""

from datetime import datetime
from typing import NamedTuple
from uuid import UUID


class OrganizationRow(NamedTuple):
    """The tenant itself."""

    id: UUID
    display_name: str | None
    verified_domains: str | None  # JSON list, the default domain first
    plans: str | None  # JSON list of [servicePlanId, service] of enabled plans
    on_premises_sync_enabled: bool | None
    created_at: datetime | None


class UserRow(NamedTuple):
    """One user. `manager_id` is None also where no manager may be read."""

    id: UUID
    display_name: str | None
    user_principal_name: str | None
    mail: str | None
    account_enabled: bool | None
    user_type: str | None  # Member or Guest
    job_title: str | None
    department: str | None
    company_name: str | None
    usage_location: str | None
    on_premises_sync_enabled: bool | None
    employee_id: str | None
    manager_id: UUID | None
    licences: str | None  # JSON list of [skuId, group id or null]
    created_at: datetime | None


class GroupRow(NamedTuple):
    """One group with what decides whether its membership can be changed here."""

    id: UUID
    display_name: str | None
    mail: str | None
    mail_enabled: bool | None
    security_enabled: bool | None
    group_types: str | None  # JSON list
    membership_rule: str | None
    is_assignable_to_role: bool | None
    on_premises_sync_enabled: bool | None
    assigned_licences: str | None  # JSON list of SKU ids that the group assigns
    visibility: str | None
    created_at: datetime | None


class MembershipRow(NamedTuple):
    """A direct member of a group."""

    group_id: UUID
    member_id: UUID
    member_kind: str | None  # user, group, servicePrincipal, device, …


class OwnerRow(NamedTuple):
    """An owner of a group, an app registration or a service principal."""

    object_id: UUID
    owner_id: UUID
    owner_kind: str | None  # user, servicePrincipal, …


class DeviceRow(NamedTuple):
    """A device that is registered with Entra ID, or joined."""

    id: UUID
    device_id: UUID | None  # what Intune and the device itself call it
    display_name: str | None
    operating_system: str | None
    operating_system_version: str | None
    trust_type: str | None  # AzureAd, ServerAd, Workplace
    account_enabled: bool | None
    is_compliant: bool | None
    is_managed: bool | None
    last_sign_in_at: datetime | None  # approximate, to some days
    registered_at: datetime | None


class ApplicationRow(NamedTuple):
    """An app registration. `credentials` never holds a secret's value."""

    id: UUID
    client_id: UUID | None
    display_name: str | None
    sign_in_audience: str | None
    credentials: str | None  # JSON list of {keyId, kind, hint, displayName, endsAt}
    required_access: str | None  # JSON list of requiredResourceAccess
    created_at: datetime | None


class ServicePrincipalRow(NamedTuple):
    """An app's identity inside the tenant."""

    id: UUID
    client_id: UUID | None
    display_name: str | None
    kind: str | None  # servicePrincipalType
    account_enabled: bool | None
    owner_tenant_id: UUID | None  # appOwnerOrganizationId
    credentials: str | None  # JSON list as above, with usage
    preferred_signing_key: str | None  # thumbprint
    app_roles: str | None  # JSON list of {id, value, allowed}


class AppRoleAssignmentRow(NamedTuple):
    """Who holds which app role of which resource."""

    id: str  # opaque, not a GUID
    app_role_id: UUID
    principal_id: UUID
    principal_kind: str | None
    principal_name: str | None
    resource_id: UUID
    resource_name: str | None
    created_at: datetime | None


class OauthGrantRow(NamedTuple):
    """A delegated permission grant."""

    id: str  # opaque
    client_id: UUID  # the service principal's object ID
    consent_type: str | None  # AllPrincipals or Principal
    principal_id: UUID | None
    resource_id: UUID
    scopes: str | None  # JSON list


class RoleDefinitionRow(NamedTuple):
    """A directory role."""

    id: UUID
    display_name: str | None
    is_built_in: bool | None
    is_enabled: bool | None


class RoleAssignmentRow(NamedTuple):
    """Who holds a directory role, and over what."""

    id: str  # opaque
    role_definition_id: UUID
    principal_id: UUID
    scope: str | None  # directoryScopeId, "/" for the whole directory


class SubscribedSkuRow(NamedTuple):
    """A licence that the tenant has."""

    id: str  # "<tenant>_<sku>"
    sku_id: UUID
    name: str | None  # skuPartNumber
    status: str | None  # capabilityStatus
    enabled: int | None
    consumed: int | None
