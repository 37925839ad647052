"""Tenants and what is watched in them, messages, deliveries and replicas."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "0001"
down_revision: str | None = None
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

# The types as they were at this revision, whatever the code's own become.
TEXT = sa.String()
LONG_TEXT = sa.Text()
WORDS = sa.String(40)
NUMBER = sa.Integer()
INSTANT = sa.DateTime(timezone=True)
GUID = sa.Uuid().with_variant(sa.String(36), "sqlite")
PLAIN_JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
IS_CONNECTED = sa.text("status <> 'disconnected'")
IS_UNRESOLVED = sa.text("status <> 'resolved'")

NEWEST_FIRST = (
    "replica",
    "inbound_delivery",
    "message",
    "alert",
    "credential",
    "tenant",
)


def upgrade() -> None:
    """Make the tables."""
    make_tenant()
    make_credential()
    make_alert()
    make_message()
    make_inbound_delivery()
    make_replica()


def downgrade() -> None:
    """Drop the tables with everything in them."""
    for table in NEWEST_FIRST:
        op.drop_table(table)


def make_tenant() -> None:
    """Table tenant."""
    op.create_table(
        "tenant",
        sa.Column("id", GUID, nullable=False),
        sa.Column("workspace_id", TEXT, nullable=False),
        sa.Column("name", TEXT, nullable=False),
        sa.Column("cloud", WORDS, nullable=False),
        sa.Column("tenant_id", GUID, nullable=False),
        sa.Column("client_id", GUID, nullable=False),
        sa.Column("sign_in_kind", WORDS, nullable=False),
        sa.Column("credential_encrypted", LONG_TEXT, nullable=False),
        sa.Column("alerts_channel", TEXT, nullable=False),
        sa.Column("approvals_channel", TEXT, nullable=False),
        sa.Column("approvers", PLAIN_JSON, nullable=False),
        sa.Column("connected_by", TEXT, nullable=False),
        sa.Column("connected_at", INSTANT, nullable=False),
        sa.Column("status", WORDS, nullable=False),
        sa.Column("display_name", TEXT, nullable=False),
        sa.Column("verified_domains", PLAIN_JSON, nullable=False),
        sa.Column("app_object_id", GUID),
        sa.Column("credential_key_id", GUID),
        sa.Column("credential_hint", TEXT),
        sa.Column("credential_ends_at", INSTANT),
        sa.Column("granted", PLAIN_JSON, nullable=False),
        sa.Column("delegated", PLAIN_JSON),
        sa.Column("requested", PLAIN_JSON),
        sa.Column("problems", PLAIN_JSON, nullable=False),
        sa.Column("checked_at", INSTANT),
        sa.Column("last_scan_at", INSTANT),
        sa.PrimaryKeyConstraint("id", name="pk_tenant"),
    )
    op.create_index("ix_tenant_status", "tenant", ["status"])
    op.create_index(
        "uq_tenant_connected",
        "tenant",
        ["workspace_id", "tenant_id", "client_id"],
        unique=True,
        sqlite_where=IS_CONNECTED,
        postgresql_where=IS_CONNECTED,
    )


def make_credential() -> None:
    """Table credential."""
    op.create_table(
        "credential",
        sa.Column("connection_id", GUID, nullable=False),
        sa.Column("app_object_id", GUID, nullable=False),
        sa.Column("key_id", GUID, nullable=False),
        sa.Column("client_id", GUID, nullable=False),
        sa.Column("app_name", TEXT, nullable=False),
        sa.Column("kind", WORDS, nullable=False),
        sa.Column("ends_at", INSTANT, nullable=False),
        sa.Column("starts_at", INSTANT),
        sa.Column("display_name", TEXT, nullable=False),
        sa.Column("hint", TEXT, nullable=False),
        sa.Column("owners", PLAIN_JSON, nullable=False),
        sa.Column("synced_at", INSTANT, nullable=False),
        sa.ForeignKeyConstraint(
            ["connection_id"],
            ["tenant.id"],
            name="fk_credential_connection_id",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint(
            "connection_id", "app_object_id", "key_id", name="pk_credential"
        ),
    )
    op.create_index("ix_credential_ends_at", "credential", ["ends_at"])


def make_alert() -> None:
    """Table alert."""
    op.create_table(
        "alert",
        sa.Column("id", GUID, nullable=False),
        sa.Column("connection_id", GUID, nullable=False),
        sa.Column("kind", WORDS, nullable=False),
        sa.Column("fact_key", TEXT, nullable=False),
        sa.Column("status", WORDS, nullable=False),
        sa.Column("stage", NUMBER),
        sa.Column("ends_at", INSTANT),
        sa.Column("facts", PLAIN_JSON, nullable=False),
        sa.Column("opened_at", INSTANT, nullable=False),
        sa.Column("seen_at", INSTANT, nullable=False),
        sa.Column("acknowledged_by", TEXT),
        sa.Column("acknowledged_at", INSTANT),
        sa.Column("snoozed_by", TEXT),
        sa.Column("snoozed_until", INSTANT),
        sa.Column("resolved_at", INSTANT),
        sa.Column("resolution", LONG_TEXT),
        sa.ForeignKeyConstraint(
            ["connection_id"],
            ["tenant.id"],
            name="fk_alert_connection_id",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_alert"),
    )
    op.create_index("ix_alert_connection_id", "alert", ["connection_id"])
    op.create_index(
        "uq_alert_unresolved",
        "alert",
        ["connection_id", "fact_key"],
        unique=True,
        sqlite_where=IS_UNRESOLVED,
        postgresql_where=IS_UNRESOLVED,
    )


def make_message() -> None:
    """Table message."""
    op.create_table(
        "message",
        sa.Column("id", GUID, nullable=False),
        sa.Column("workspace_id", TEXT, nullable=False),
        sa.Column("kind", WORDS, nullable=False),
        sa.Column("key", TEXT, nullable=False),
        sa.Column("channel", TEXT, nullable=False),
        sa.Column("subject_id", GUID, nullable=False),
        sa.Column("detail", TEXT, nullable=False),
        sa.Column("thread_of", GUID),
        sa.Column("wanted", NUMBER, nullable=False),
        sa.Column("sent", NUMBER, nullable=False),
        sa.Column("wanted_at", INSTANT, nullable=False),
        sa.Column("posted_channel", TEXT),
        sa.Column("ts", TEXT),
        sa.Column("attempts", NUMBER, nullable=False),
        sa.Column("next_attempt_at", INSTANT),
        sa.Column("leased_until", INSTANT),
        sa.Column("sent_at", INSTANT),
        sa.Column("last_error", LONG_TEXT),
        sa.ForeignKeyConstraint(
            ["thread_of"], ["message.id"], name="fk_message_thread_of"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_message"),
        sa.UniqueConstraint("key", name="uq_message_key"),
    )
    op.create_index("ix_message_subject_id", "message", ["subject_id"])
    op.create_index("ix_message_thread_of", "message", ["thread_of"])


def make_inbound_delivery() -> None:
    """Table inbound_delivery."""
    op.create_table(
        "inbound_delivery",
        sa.Column("key", TEXT, nullable=False),
        sa.Column("seen_at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("key", name="pk_inbound_delivery"),
    )
    op.create_index("ix_inbound_delivery_seen_at", "inbound_delivery", ["seen_at"])


def make_replica() -> None:
    """Table replica."""
    op.create_table(
        "replica",
        sa.Column("executor_id", TEXT, nullable=False),
        sa.Column("seen_at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("executor_id", name="pk_replica"),
    )
    op.create_index("ix_replica_seen_at", "replica", ["seen_at"])
