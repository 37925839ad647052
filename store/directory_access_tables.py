"""Tables of who answers for what in a directory, who may have which role, and trusts.

Columns carry the names and the order of the rows in `bot.domain.directory_rows` and
`bot.domain.activity_rows`. Everything of a connection is deleted with it.
"""

from datetime import datetime
from uuid import UUID

from sqlmodel import Field

from store.directory_tables import connection_key
from store.tables import Table
from store.types import Guid, UtcDateTime, long_text


class _OwnerColumns(Table):
    """What the tables of owners have in common."""

    connection_id: UUID = connection_key()
    object_id: UUID = Field(primary_key=True, sa_type=Guid)
    owner_id: UUID = Field(primary_key=True, sa_type=Guid)
    owner_kind: str | None = None
    generation: int


class DirectoryGroupOwnerRow(_OwnerColumns, table=True):
    """An owner of a group. Never holds who merely may manage all groups."""

    __tablename__ = "directory_group_owner"
    __table_args__ = ({"sqlite_with_rowid": False},)


class DirectoryApplicationOwnerRow(_OwnerColumns, table=True):
    """An owner of an app registration, who can give it new credentials.

    Never holds who may do so by a directory role.
    """

    __tablename__ = "directory_application_owner"
    __table_args__ = ({"sqlite_with_rowid": False},)


class DirectoryServicePrincipalOwnerRow(_OwnerColumns, table=True):
    """An owner of a service principal. Never holds owners of its registration."""

    __tablename__ = "directory_service_principal_owner"
    __table_args__ = ({"sqlite_with_rowid": False},)


class _RoleScheduleColumns(Table):
    """What the tables of privileged identity management have in common."""

    connection_id: UUID = connection_key()
    id: str = Field(primary_key=True)
    role_definition_id: UUID = Field(sa_type=Guid)
    principal_id: UUID = Field(sa_type=Guid)
    scope: str | None = None
    member_type: str | None = None
    assignment_type: str | None = None
    starts_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    ends_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    generation: int


class DirectoryRoleEligibilityRow(_RoleScheduleColumns, table=True):
    """Who may activate a directory role. Never holds who did."""

    __tablename__ = "directory_role_eligibility"


class DirectoryRoleActivationRow(_RoleScheduleColumns, table=True):
    """Who holds a directory role now and until when, activated or assigned.

    Never holds the reason that was given for an activation.
    """

    __tablename__ = "directory_role_activation"


class DirectoryFederatedCredentialRow(Table, table=True):
    """A trust by which a workload elsewhere signs in as an app registration.

    Never holds a token: who can get one of `issuer` for `subject` needs no secret.
    """

    __tablename__ = "directory_federated_credential"

    connection_id: UUID = connection_key()
    id: UUID = Field(primary_key=True, sa_type=Guid)
    application_id: UUID = Field(sa_type=Guid)
    name: str | None = None
    issuer: str | None = Field(default=None, sa_type=long_text())
    subject: str | None = Field(default=None, sa_type=long_text())
    audiences: str | None = Field(default=None, sa_type=long_text())
    generation: int


class DirectoryIdentityProviderRow(Table, table=True):
    """A social or federated identity provider. Never holds its client secret."""

    __tablename__ = "directory_identity_provider"

    connection_id: UUID = connection_key()
    id: str = Field(primary_key=True)
    display_name: str | None = None
    kind: str | None = None
    provider_type: str | None = None
    generation: int


class DirectoryProvisioningJobRow(Table, table=True):
    """A job that copies people into another app (SCIM), and how it fares.

    Never holds the address or the token by which it reaches that app.
    """

    __tablename__ = "directory_provisioning_job"

    connection_id: UUID = connection_key()
    service_principal_id: UUID = Field(primary_key=True, sa_type=Guid)
    id: str = Field(primary_key=True)
    template: str | None = None
    status: str | None = None
    schedule_state: str | None = None
    quarantine_reason: str | None = None
    quarantined_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    last_result: str | None = None
    last_error: str | None = Field(default=None, sa_type=long_text())
    last_ended_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    steady_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    generation: int
