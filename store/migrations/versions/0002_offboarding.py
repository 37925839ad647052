"""Offboarding requests and their steps."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0002"
down_revision: str | None = "0001"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

TEXT = sa.String()
LONG_TEXT = sa.Text()
WORDS = sa.String(40)
NUMBER = sa.Integer()
INSTANT = sa.DateTime(timezone=True)
GUID = sa.Uuid().with_variant(sa.String(36), "sqlite")

IS_OPEN = sa.text("status IN ('pending', 'approved', 'running')")


def upgrade() -> None:
    """Make the tables."""
    make_offboarding_request()
    index_offboarding_request()
    make_offboarding_step()


def downgrade() -> None:
    """Drop the tables with everything in them."""
    op.drop_table("offboarding_step")
    op.drop_table("offboarding_request")


def make_offboarding_request() -> None:
    """Table offboarding_request."""
    op.create_table(
        "offboarding_request",
        sa.Column("id", GUID, nullable=False),
        sa.Column("workspace_id", TEXT, nullable=False),
        sa.Column("connection_id", GUID, nullable=False),
        sa.Column("requester", TEXT, nullable=False),
        sa.Column("leaver_object_id", GUID, nullable=False),
        sa.Column("leaver_name", TEXT, nullable=False),
        sa.Column("leaver_slack_id", TEXT),
        sa.Column("plan", LONG_TEXT, nullable=False),
        sa.Column("digest", TEXT, nullable=False),
        sa.Column("status", WORDS, nullable=False),
        sa.Column("asked_at", INSTANT, nullable=False),
        sa.Column("expires_at", INSTANT, nullable=False),
        sa.Column("approvals_channel", TEXT, nullable=False),
        sa.Column("reason", LONG_TEXT, nullable=False),
        sa.Column("ticket", TEXT, nullable=False),
        sa.Column("run_at", INSTANT),
        sa.Column("decided_by", TEXT),
        sa.Column("decided_at", INSTANT),
        sa.Column("decision_reason", LONG_TEXT, nullable=False),
        sa.Column("finished_at", INSTANT),
        sa.Column("supersedes", GUID),
        sa.Column("run", NUMBER, nullable=False),
        sa.ForeignKeyConstraint(
            ["connection_id"],
            ["tenant.id"],
            name="fk_offboarding_request_connection_id",
        ),
        sa.ForeignKeyConstraint(
            ["supersedes"],
            ["offboarding_request.id"],
            name="fk_offboarding_request_supersedes",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_offboarding_request"),
    )


def index_offboarding_request() -> None:
    """Its indexes, with the one that keeps a leaver to one open request."""
    op.create_index(
        "ix_offboarding_request_connection_id", "offboarding_request", ["connection_id"]
    )
    op.create_index(
        "ix_offboarding_request_status_expires_at",
        "offboarding_request",
        ["status", "expires_at"],
    )
    op.create_index(
        "ix_offboarding_request_supersedes", "offboarding_request", ["supersedes"]
    )
    op.create_index(
        "uq_offboarding_request_open",
        "offboarding_request",
        ["connection_id", "leaver_object_id"],
        unique=True,
        sqlite_where=IS_OPEN,
        postgresql_where=IS_OPEN,
    )


def make_offboarding_step() -> None:
    """Table offboarding_step."""
    op.create_table(
        "offboarding_step",
        sa.Column("request_id", GUID, nullable=False),
        sa.Column("position", NUMBER, autoincrement=False, nullable=False),
        sa.Column("key", TEXT, nullable=False),
        sa.Column("action", WORDS, nullable=False),
        sa.Column("target_name", TEXT, nullable=False),
        sa.Column("status", WORDS, nullable=False),
        sa.Column("detail", LONG_TEXT, nullable=False),
        sa.Column("graph_request_id", TEXT),
        sa.Column("attempts", NUMBER, nullable=False),
        sa.Column("started_at", INSTANT),
        sa.Column("ended_at", INSTANT),
        sa.ForeignKeyConstraint(
            ["request_id"],
            ["offboarding_request.id"],
            name="fk_offboarding_step_request_id",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("request_id", "position", name="pk_offboarding_step"),
    )
