"""Whom to tell of a delivery from Slack whose work was cut short."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0005"
down_revision: str | None = "0004"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    """Add who waits for the end of the work, and which replica does it."""
    op.add_column("inbound_delivery", sa.Column("unended_for", sa.String()))
    op.add_column("inbound_delivery", sa.Column("replica", sa.String()))


def downgrade() -> None:
    """Forget both."""
    op.drop_column("inbound_delivery", "replica")
    op.drop_column("inbound_delivery", "unended_for")
