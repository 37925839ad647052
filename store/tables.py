"""Tables of the connected tenants, of what is watched in them, and of messages.

Offboarding and the audit trail have their own modules. Every table of the product
derives from `Table`, so that one metadata knows them all and nothing else.
"""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Index, MetaData, text
from sqlmodel import Field, SQLModel

from bot.domain.alerts import AlertKind, AlertStatus
from bot.domain.clouds import Cloud
from bot.domain.credentials import CredentialKind, Stage
from bot.domain.messages import MessageKind
from bot.domain.tenants import SignInKind, TenantStatus
from store.types import Guid, UtcDateTime, long_text, number, plain_json, words

NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


class Table(SQLModel):
    """Base of our tables; its metadata is what the migrations must arrive at."""

    metadata = MetaData(naming_convention=NAMES)


class TenantRow(Table, table=True):
    """One connected tenant of one workspace, with what signs in to it, encrypted.

    Never holds a secret, certificate or private key in the clear, nor a token.
    A disconnected tenant stays as a name and IDs for the audit trail, with an empty
    ciphertext.
    """

    __tablename__ = "tenant"
    __table_args__ = (
        Index(
            "uq_tenant_connected",
            "workspace_id",
            "tenant_id",
            "client_id",
            unique=True,
            sqlite_where=text("status <> 'disconnected'"),
            postgresql_where=text("status <> 'disconnected'"),
        ),
    )

    id: UUID = Field(primary_key=True, sa_type=Guid)  # ours: the connection
    workspace_id: str
    name: str
    cloud: Cloud = Field(sa_type=words(Cloud))
    tenant_id: UUID = Field(sa_type=Guid)  # Entra's
    client_id: UUID = Field(sa_type=Guid)
    sign_in_kind: SignInKind = Field(sa_type=words(SignInKind))
    credential_encrypted: str = Field(sa_type=long_text())
    alerts_channel: str
    approvals_channel: str
    approvers: list[str] = Field(sa_type=plain_json())
    connected_by: str
    connected_at: datetime = Field(sa_type=UtcDateTime)
    status: TenantStatus = Field(sa_type=words(TenantStatus), index=True)
    display_name: str
    verified_domains: list[str] = Field(sa_type=plain_json())
    app_object_id: UUID | None = Field(default=None, sa_type=Guid)
    credential_key_id: UUID | None = Field(default=None, sa_type=Guid)
    credential_hint: str | None = None  # a secret's first three characters
    credential_ends_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    granted: list[str] = Field(sa_type=plain_json())
    delegated: list[str] | None = Field(default=None, sa_type=plain_json())
    requested: list[str] | None = Field(default=None, sa_type=plain_json())
    problems: list[str] = Field(sa_type=plain_json())  # what a check could not read
    checked_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    last_scan_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class CredentialRow(Table, table=True):
    """A client secret or certificate of an app registration, as the last scan saw it.

    Never holds anything that signs in: Graph does not return a secret's value, and
    only its first three characters, the hint, are kept.
    """

    __tablename__ = "credential"

    connection_id: UUID = Field(
        primary_key=True, sa_type=Guid, foreign_key="tenant.id", ondelete="CASCADE"
    )
    app_object_id: UUID = Field(primary_key=True, sa_type=Guid)
    key_id: UUID = Field(primary_key=True, sa_type=Guid)
    client_id: UUID = Field(sa_type=Guid)
    app_name: str
    kind: CredentialKind = Field(sa_type=words(CredentialKind))
    ends_at: datetime = Field(sa_type=UtcDateTime, index=True)
    starts_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    display_name: str
    hint: str
    owners: list[str] = Field(sa_type=plain_json())
    synced_at: datetime = Field(sa_type=UtcDateTime)


class AlertRow(Table, table=True):
    """A fact that people were told of, open until it is resolved.

    Never holds a credential's value; `facts` has names, IDs, hints and remedies.
    """

    __tablename__ = "alert"
    __table_args__ = (
        Index(
            "uq_alert_unresolved",
            "connection_id",
            "fact_key",
            unique=True,
            sqlite_where=text("status <> 'resolved'"),
            postgresql_where=text("status <> 'resolved'"),
        ),
    )

    id: UUID = Field(primary_key=True, sa_type=Guid)
    connection_id: UUID = Field(
        sa_type=Guid, foreign_key="tenant.id", ondelete="CASCADE", index=True
    )
    kind: AlertKind = Field(sa_type=words(AlertKind))
    fact_key: str
    status: AlertStatus = Field(sa_type=words(AlertStatus))
    stage: Stage | None = Field(default=None, sa_type=number(Stage))
    ends_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    facts: dict[str, str] = Field(sa_type=plain_json())
    opened_at: datetime = Field(sa_type=UtcDateTime)
    seen_at: datetime = Field(sa_type=UtcDateTime)
    acknowledged_by: str | None = None
    acknowledged_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    snoozed_by: str | None = None
    snoozed_until: datetime | None = Field(default=None, sa_type=UtcDateTime)
    resolved_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    resolution: str | None = Field(default=None, sa_type=long_text())


class MessageRow(Table, table=True):
    """A message that people rely on, due while `wanted` is ahead of `sent`.

    Never holds the message's words: they are drawn anew from its subject at every
    send, so what is shown cannot be older than what is stored.
    """

    __tablename__ = "message"

    id: UUID = Field(primary_key=True, sa_type=Guid)
    workspace_id: str
    kind: MessageKind = Field(sa_type=words(MessageKind))
    key: str = Field(unique=True)
    channel: str
    subject_id: UUID = Field(sa_type=Guid, index=True)
    detail: str
    thread_of: UUID | None = Field(
        default=None, sa_type=Guid, foreign_key="message.id", index=True
    )
    wanted: int
    sent: int
    wanted_at: datetime = Field(sa_type=UtcDateTime)  # oldest change not yet sent
    posted_channel: str | None = None
    ts: str | None = None
    attempts: int
    next_attempt_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    leased_until: datetime | None = Field(default=None, sa_type=UtcDateTime)
    sent_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    last_error: str | None = Field(default=None, sa_type=long_text())


class InboundDeliveryRow(Table, table=True):
    """A delivery from Slack that was begun, so that its double is not.

    Never holds the payload, only the key that Slack gives each delivery, and until its
    work has ended who is to be told if that never comes.
    """

    __tablename__ = "inbound_delivery"

    key: str = Field(primary_key=True)
    seen_at: datetime = Field(sa_type=UtcDateTime, index=True)
    unended_for: str | None = None
    replica: str | None = None


class ReplicaRow(Table, table=True):
    """A running process of the bot and its last sign of life.

    Never holds addresses or secrets, only the name that the process runs work under.
    """

    __tablename__ = "replica"

    executor_id: str = Field(primary_key=True)
    seen_at: datetime = Field(sa_type=UtcDateTime, index=True)
