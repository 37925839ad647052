"""Tables of how a directory is used: devices, sign-ins of people, usage reports.

Columns carry the names and the order of the rows in `bot.domain.directory_rows` and
`bot.domain.activity_rows`. Everything of a connection is deleted with it.
"""

from datetime import date, datetime
from uuid import UUID

from sqlmodel import Field

from store.directory_tables import connection_key
from store.tables import Table
from store.types import Guid, UtcDateTime, long_text


class DirectoryDeviceRow(Table, table=True):
    """A device that is registered with Entra ID, or joined. Never holds its keys."""

    __tablename__ = "directory_device"

    connection_id: UUID = connection_key()
    id: UUID = Field(primary_key=True, sa_type=Guid)
    device_id: UUID | None = Field(default=None, sa_type=Guid)
    display_name: str | None = None
    operating_system: str | None = None
    operating_system_version: str | None = None
    trust_type: str | None = None
    account_enabled: bool | None = None
    is_compliant: bool | None = None
    is_managed: bool | None = None
    last_sign_in_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    registered_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    generation: int


class DirectoryManagedDeviceRow(Table, table=True):
    """A device that is enrolled in Intune.

    Never holds a phone number, a place, or which apps are on it.
    """

    __tablename__ = "directory_managed_device"

    connection_id: UUID = connection_key()
    id: UUID = Field(primary_key=True, sa_type=Guid)
    device_name: str | None = None
    user_id: UUID | None = Field(default=None, sa_type=Guid)
    user_principal_name: str | None = None
    operating_system: str | None = None
    operating_system_version: str | None = None
    compliance: str | None = None
    owner_type: str | None = None
    device_id: UUID | None = Field(default=None, sa_type=Guid)
    serial_number: str | None = None
    last_sync_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    generation: int


class DirectorySignInActivityRow(Table, table=True):
    """When a user signed in last. Never holds from where."""

    __tablename__ = "directory_sign_in_activity"

    connection_id: UUID = connection_key()
    user_id: UUID = Field(primary_key=True, sa_type=Guid)
    last_sign_in_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    last_non_interactive_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    last_successful_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    generation: int


class DirectoryRegistrationRow(Table, table=True):
    """Which authentication methods a user registered.

    Never holds a phone number, an address or a key of one of them.
    """

    __tablename__ = "directory_registration"

    connection_id: UUID = connection_key()
    user_id: UUID = Field(primary_key=True, sa_type=Guid)
    user_principal_name: str | None = None
    is_admin: bool | None = None
    is_mfa_registered: bool | None = None
    is_mfa_capable: bool | None = None
    is_passwordless_capable: bool | None = None
    methods: str | None = Field(default=None, sa_type=long_text())
    updated_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    generation: int


class DirectoryUsageOfficeRow(Table, table=True):
    """When a user was last active in each service of Microsoft 365.

    Never holds what they did there.
    """

    __tablename__ = "directory_usage_office"

    connection_id: UUID = connection_key()
    user_principal_name: str = Field(primary_key=True)
    display_name: str | None = None
    is_deleted: bool | None = None
    exchange_on: date | None = None
    onedrive_on: date | None = None
    sharepoint_on: date | None = None
    teams_on: date | None = None
    yammer_on: date | None = None
    licences: str | None = Field(default=None, sa_type=long_text())
    refreshed_on: date | None = None
    generation: int


class DirectoryUsageTeamsRow(Table, table=True):
    """How much a user did in Teams. Never holds with whom, or what was said."""

    __tablename__ = "directory_usage_teams"

    connection_id: UUID = connection_key()
    user_principal_name: str = Field(primary_key=True)
    is_deleted: bool | None = None
    last_active_on: date | None = None
    team_chats: int | None = None
    private_chats: int | None = None
    calls: int | None = None
    meetings: int | None = None
    refreshed_on: date | None = None
    generation: int


class DirectoryUsageAppsRow(Table, table=True):
    """On what a user used the Microsoft 365 apps. Never holds with which files."""

    __tablename__ = "directory_usage_apps"

    connection_id: UUID = connection_key()
    user_principal_name: str = Field(primary_key=True)
    last_activated_on: date | None = None
    last_active_on: date | None = None
    used_on: str | None = Field(default=None, sa_type=long_text())
    refreshed_on: date | None = None
    generation: int
