"""Tables of what was read of a directory: people, groups, plans, and how it stands.

Columns carry the names and the order of the rows in `bot.domain.directory_rows`.
Everything of a connection is deleted with it.
"""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlmodel import Field

from bot.domain.directory import DataSet, Standing
from store.tables import Table
from store.types import Guid, UtcDateTime, long_text, words


def connection_key() -> Any:
    """The column that says whose directory it is; first in every primary key."""
    return Field(
        primary_key=True, sa_type=Guid, foreign_key="tenant.id", ondelete="CASCADE"
    )


class DirectorySyncRow(Table, table=True):
    """Whose turn it is to read a connection's directory, and when it was read last.

    Never holds anything of the directory.
    """

    __tablename__ = "directory_sync"

    connection_id: UUID = connection_key()
    claimed_by: str | None = None  # the workflow that reads now
    claimed_until: datetime | None = Field(default=None, sa_type=UtcDateTime)
    started_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    ended_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class DataSetRow(Table, table=True):
    """How one data set of a directory stands, and where its reading goes on.

    Never holds anything that signs in: a delta link only works with a token.
    """

    __tablename__ = "data_set"

    connection_id: UUID = connection_key()
    data_set: DataSet = Field(primary_key=True, sa_type=words(DataSet))
    standing: Standing = Field(sa_type=words(Standing))
    rows: int
    reason: str = Field(sa_type=long_text())
    read_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    started_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    due_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    delta_link: str | None = Field(default=None, sa_type=long_text())
    generation: int
    pages_done: int
    rows_done: int
    mark: str | None = Field(default=None, sa_type=long_text())
    resource_units: int  # what the present or last read cost of Graph's quota


class DirectoryOrganizationRow(Table, table=True):
    """The tenant itself, as Entra describes it. Never holds contact data."""

    __tablename__ = "directory_organization"

    connection_id: UUID = connection_key()
    id: UUID = Field(primary_key=True, sa_type=Guid)
    display_name: str | None = None
    verified_domains: str | None = Field(default=None, sa_type=long_text())
    plans: str | None = Field(default=None, sa_type=long_text())
    on_premises_sync_enabled: bool | None = None
    created_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    generation: int


class DirectoryUserRow(Table, table=True):
    """A user. Never holds a password, phone number or authentication method."""

    __tablename__ = "directory_user"

    connection_id: UUID = connection_key()
    id: UUID = Field(primary_key=True, sa_type=Guid)
    display_name: str | None = None
    user_principal_name: str | None = None
    mail: str | None = None
    account_enabled: bool | None = None
    user_type: str | None = None
    job_title: str | None = None
    department: str | None = None
    company_name: str | None = None
    usage_location: str | None = None
    on_premises_sync_enabled: bool | None = None
    employee_id: str | None = None
    manager_id: UUID | None = Field(default=None, sa_type=Guid)
    licences: str | None = Field(default=None, sa_type=long_text())
    created_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    generation: int


class DirectoryGroupRow(Table, table=True):
    """A group. Never holds its messages or files."""

    __tablename__ = "directory_group"

    connection_id: UUID = connection_key()
    id: UUID = Field(primary_key=True, sa_type=Guid)
    display_name: str | None = None
    mail: str | None = None
    mail_enabled: bool | None = None
    security_enabled: bool | None = None
    group_types: str | None = Field(default=None, sa_type=long_text())
    membership_rule: str | None = Field(default=None, sa_type=long_text())
    is_assignable_to_role: bool | None = None
    on_premises_sync_enabled: bool | None = None
    assigned_licences: str | None = Field(default=None, sa_type=long_text())
    visibility: str | None = None
    created_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    generation: int


class DirectoryMembershipRow(Table, table=True):
    """A direct member of a group. Never holds what follows through nested groups.

    No index begins with the member: keeping one made writing four times slower (86,000
    rows/s against 18,000, measured on SQLite), and a scan takes 20 ms a 200,000 rows.
    """

    __tablename__ = "directory_membership"
    # It is hardly more than its key, which would otherwise be stored twice.
    __table_args__ = ({"sqlite_with_rowid": False},)

    connection_id: UUID = connection_key()
    group_id: UUID = Field(primary_key=True, sa_type=Guid)
    member_id: UUID = Field(primary_key=True, sa_type=Guid)
    member_kind: str | None = None
    generation: int


class DirectorySubscribedSkuRow(Table, table=True):
    """A licence that the tenant has. Never holds prices or orders."""

    __tablename__ = "directory_subscribed_sku"

    connection_id: UUID = connection_key()
    id: str = Field(primary_key=True)
    sku_id: UUID = Field(sa_type=Guid)
    name: str | None = None
    status: str | None = None
    enabled: int | None = None
    consumed: int | None = None
    generation: int
