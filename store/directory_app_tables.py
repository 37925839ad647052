"""Tables of a directory's applications and of who may what."""

from datetime import datetime
from uuid import UUID

from sqlmodel import Field

from store.directory_tables import connection_key
from store.tables import Table
from store.types import Guid, UtcDateTime, long_text


class DirectoryApplicationRow(Table, table=True):
    """An app registration.

    Never holds anything that signs in: Graph does not return a secret's value, and
    only its first three characters, the hint, are kept.
    """

    __tablename__ = "directory_application"

    connection_id: UUID = connection_key()
    id: UUID = Field(primary_key=True, sa_type=Guid)
    client_id: UUID | None = Field(default=None, sa_type=Guid)
    display_name: str | None = None
    sign_in_audience: str | None = None
    credentials: str | None = Field(default=None, sa_type=long_text())
    required_access: str | None = Field(default=None, sa_type=long_text())
    created_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    generation: int


class DirectoryServicePrincipalRow(Table, table=True):
    """An app's identity inside the tenant. Never holds anything that signs in."""

    __tablename__ = "directory_service_principal"

    connection_id: UUID = connection_key()
    id: UUID = Field(primary_key=True, sa_type=Guid)
    client_id: UUID | None = Field(default=None, sa_type=Guid)
    display_name: str | None = None
    kind: str | None = None
    account_enabled: bool | None = None
    owner_tenant_id: UUID | None = Field(default=None, sa_type=Guid)
    credentials: str | None = Field(default=None, sa_type=long_text())
    preferred_signing_key: str | None = None
    app_roles: str | None = Field(default=None, sa_type=long_text())
    generation: int


class DirectoryAppRoleAssignmentRow(Table, table=True):
    """Who holds which app role of which resource. Never holds delegated scopes."""

    __tablename__ = "directory_app_role_assignment"

    connection_id: UUID = connection_key()
    id: str = Field(primary_key=True)
    app_role_id: UUID = Field(sa_type=Guid)
    principal_id: UUID = Field(sa_type=Guid)
    principal_kind: str | None = None
    principal_name: str | None = None
    resource_id: UUID = Field(sa_type=Guid)
    resource_name: str | None = None
    created_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    generation: int


class DirectoryOauthGrantRow(Table, table=True):
    """A delegated permission grant. Never holds a token that was made by it."""

    __tablename__ = "directory_oauth_grant"

    connection_id: UUID = connection_key()
    id: str = Field(primary_key=True)
    client_id: UUID = Field(sa_type=Guid)
    consent_type: str | None = None
    principal_id: UUID | None = Field(default=None, sa_type=Guid)
    resource_id: UUID = Field(sa_type=Guid)
    scopes: str | None = Field(default=None, sa_type=long_text())
    generation: int


class DirectoryRoleDefinitionRow(Table, table=True):
    """A directory role. Never holds the single actions that it allows."""

    __tablename__ = "directory_role_definition"

    connection_id: UUID = connection_key()
    id: UUID = Field(primary_key=True, sa_type=Guid)
    display_name: str | None = None
    is_built_in: bool | None = None
    is_enabled: bool | None = None
    generation: int


class DirectoryRoleAssignmentRow(Table, table=True):
    """Who holds a directory role now. Never holds who could activate one."""

    __tablename__ = "directory_role_assignment"

    connection_id: UUID = connection_key()
    id: str = Field(primary_key=True)
    role_definition_id: UUID = Field(sa_type=Guid)
    principal_id: UUID = Field(sa_type=Guid)
    scope: str | None = None
    generation: int
