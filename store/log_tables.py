"""Tables of a directory's logs: entries come by windows of time and go with age.

Columns carry the names and the order of the rows in `bot.domain.activity_rows`.
Everything of a connection is deleted with it.
"""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Index
from sqlmodel import Field

from store.directory_tables import connection_key
from store.tables import Table
from store.types import Guid, UtcDateTime, long_text


class DirectoryAuditRow(Table, table=True):
    """One change in the directory, as Entra's own audit log tells it.

    Never holds old and new values, which may be anything, secrets too.
    """

    __tablename__ = "directory_audit"
    __table_args__ = (Index(None, "connection_id", "at"),)

    connection_id: UUID = connection_key()
    id: str = Field(primary_key=True)
    at: datetime = Field(sa_type=UtcDateTime)
    activity: str | None = None
    category: str | None = None
    result: str | None = None
    result_reason: str | None = Field(default=None, sa_type=long_text())
    initiated_by: str | None = None
    initiator_id: str | None = None
    targets: str | None = Field(default=None, sa_type=long_text())
    correlation_id: str | None = None
    generation: int


class DirectorySignInRow(Table, table=True):
    """One interactive sign-in. Never holds the place or the device."""

    __tablename__ = "directory_sign_in"
    __table_args__ = (Index(None, "connection_id", "at"),)

    connection_id: UUID = connection_key()
    id: str = Field(primary_key=True)
    at: datetime = Field(sa_type=UtcDateTime)
    user_id: UUID | None = Field(default=None, sa_type=Guid)
    user_principal_name: str | None = None
    client_id: UUID | None = Field(default=None, sa_type=Guid)
    app_name: str | None = None
    resource_name: str | None = None
    ip_address: str | None = None
    error_code: int | None = None
    failure_reason: str | None = Field(default=None, sa_type=long_text())
    conditional_access: str | None = None
    correlation_id: str | None = None
    generation: int


class DirectoryProvisioningLogRow(Table, table=True):
    """What a provisioning job did with one object. Never holds changed values."""

    __tablename__ = "directory_provisioning_log"
    __table_args__ = (Index(None, "connection_id", "at"),)

    connection_id: UUID = connection_key()
    id: str = Field(primary_key=True)
    at: datetime = Field(sa_type=UtcDateTime)
    job_id: str | None = None
    service_principal_id: UUID | None = Field(default=None, sa_type=Guid)
    service_principal_name: str | None = None
    action: str | None = None
    result: str | None = None
    error_code: str | None = None
    reason: str | None = Field(default=None, sa_type=long_text())
    source_id: str | None = None
    source_name: str | None = None
    target_name: str | None = None
    generation: int
