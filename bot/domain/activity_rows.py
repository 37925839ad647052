"""The rows of what happens in a directory: devices in use, sign-ins, reports, logs.

Values are as in `bot.domain.directory_rows`.
"""

from datetime import date, datetime
from typing import NamedTuple
from uuid import UUID


class FederatedCredentialRow(NamedTuple):
    """A trust that lets a workload sign in as an app. It has no end."""

    id: UUID
    application_id: UUID
    name: str | None
    issuer: str | None
    subject: str | None
    audiences: str | None  # JSON list


class RoleScheduleRow(NamedTuple):
    """Who may activate a directory role, or holds it for a time (PIM)."""

    id: str  # opaque
    role_definition_id: UUID
    principal_id: UUID
    scope: str | None  # directoryScopeId, "/" for the whole directory
    member_type: str | None  # Direct, Group, Inherited
    assignment_type: str | None  # Assigned or Activated; None for what is eligible
    starts_at: datetime | None
    ends_at: datetime | None  # None is without end


class IdentityProviderRow(NamedTuple):
    """A social or federated identity provider. Its secret is never kept."""

    id: str  # opaque, some read like "Google-OAUTH"
    display_name: str | None
    kind: str | None  # socialIdentityProvider, builtInIdentityProvider, …
    provider_type: str | None  # Google, Facebook, AADSignup, …


class ProvisioningJobRow(NamedTuple):
    """A job that copies people into another app (SCIM), and how it fares."""

    service_principal_id: UUID
    id: str  # opaque
    template: str | None  # templateId
    status: str | None  # Active, Paused, Quarantine, NotConfigured, …
    schedule_state: str | None  # Active, Paused, Disabled
    quarantine_reason: str | None
    quarantined_at: datetime | None
    last_result: str | None  # Succeeded, Failed, …: of the last execution
    last_error: str | None  # code and message of the last execution
    last_ended_at: datetime | None
    steady_at: datetime | None  # last time all was in step; None is never


class SignInActivityRow(NamedTuple):
    """When a user signed in last; a user who never did has no row or no times."""

    user_id: UUID
    last_sign_in_at: datetime | None  # interactive, tried
    last_non_interactive_at: datetime | None
    last_successful_at: datetime | None


class RegistrationRow(NamedTuple):
    """Which authentication methods a user registered."""

    user_id: UUID
    user_principal_name: str | None
    is_admin: bool | None
    is_mfa_registered: bool | None
    is_mfa_capable: bool | None
    is_passwordless_capable: bool | None
    methods: str | None  # JSON list of methodsRegistered
    updated_at: datetime | None


class ManagedDeviceRow(NamedTuple):
    """A device that is enrolled in Intune."""

    id: UUID
    device_name: str | None
    user_id: UUID | None
    user_principal_name: str | None
    operating_system: str | None
    operating_system_version: str | None
    compliance: str | None  # complianceState
    owner_type: str | None  # company or personal
    device_id: UUID | None  # azureADDeviceId
    serial_number: str | None
    last_sync_at: datetime | None


class UsageOfficeRow(NamedTuple):
    """When a user was last active in each service of Microsoft 365.

    Where the tenant conceals names, `user_principal_name` is a hash without "@".
    """

    user_principal_name: str
    display_name: str | None
    is_deleted: bool | None
    exchange_on: date | None
    onedrive_on: date | None
    sharepoint_on: date | None
    teams_on: date | None
    yammer_on: date | None
    licences: str | None  # JSON list of product names
    refreshed_on: date | None  # the day that the report is of


class UsageTeamsRow(NamedTuple):
    """What a user did in Teams in the report's period."""

    user_principal_name: str
    is_deleted: bool | None
    last_active_on: date | None
    team_chats: int | None
    private_chats: int | None
    calls: int | None
    meetings: int | None
    refreshed_on: date | None


class UsageAppsRow(NamedTuple):
    """On what a user used the Microsoft 365 apps."""

    user_principal_name: str
    last_activated_on: date | None
    last_active_on: date | None
    used_on: str | None  # JSON list of Windows, Mac, Mobile, Web
    refreshed_on: date | None


class DirectoryAuditRow(NamedTuple):
    """One change in the directory. Old and new values are not kept."""

    id: str  # opaque
    at: datetime
    activity: str | None  # activityDisplayName
    category: str | None
    result: str | None
    result_reason: str | None
    initiated_by: str | None  # the person's principal name, or the app's name
    initiator_id: str | None  # object ID of the person or the service principal
    targets: str | None  # JSON list of {id, name, type}
    correlation_id: str | None


class SignInRow(NamedTuple):
    """One interactive sign-in."""

    id: str  # opaque
    at: datetime
    user_id: UUID | None
    user_principal_name: str | None
    client_id: UUID | None  # the app's
    app_name: str | None
    resource_name: str | None
    ip_address: str | None
    error_code: int | None  # 0 is success
    failure_reason: str | None
    conditional_access: str | None
    correlation_id: str | None


class ProvisioningLogRow(NamedTuple):
    """One object that a provisioning job created, changed, left alone or failed on."""

    id: str  # opaque
    at: datetime
    job_id: str | None
    service_principal_id: UUID | None
    service_principal_name: str | None
    action: str | None  # provisioningAction
    result: str | None  # success, failure, skipped, warning
    error_code: str | None
    reason: str | None
    source_id: str | None
    source_name: str | None
    target_name: str | None
