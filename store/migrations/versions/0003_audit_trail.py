"""The audit trail, and the triggers that keep it as it was written."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0003"
down_revision: str | None = "0002"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

TEXT = sa.String()
LONG_TEXT = sa.Text()
NUMBER = sa.Integer()
INSTANT = sa.DateTime(timezone=True)

REFUSED = "the audit trail is append-only"
OFF_STEP = "the head of the audit trail moves one entry at a time"


def upgrade() -> None:
    """Make the tables, and the head of a chain that has no entry yet."""
    make_audit_entry()
    head = make_audit_head()
    op.bulk_insert(head, [{"id": 1, "number": 0, "hash": "0" * 64}])
    if op.get_bind().dialect.name == "sqlite":
        guard_on_sqlite()
    else:
        guard_on_postgres()


def downgrade() -> None:
    """Drop the tables with everything in them; their triggers go with them."""
    op.drop_table("audit_head")
    op.drop_table("audit_entry")
    if op.get_bind().dialect.name != "sqlite":
        op.execute("DROP FUNCTION audit_refuse_change()")
        op.execute("DROP FUNCTION audit_refuse_step_back()")


def make_audit_entry() -> None:
    """Table audit_entry."""
    op.create_table(
        "audit_entry",
        sa.Column("number", NUMBER, autoincrement=False, nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("workspace_id", TEXT, nullable=False),
        sa.Column("actor", TEXT, nullable=False),
        sa.Column("action", TEXT, nullable=False),
        sa.Column("subject", TEXT, nullable=False),
        sa.Column("facts", LONG_TEXT, nullable=False),
        sa.Column("previous_hash", TEXT, nullable=False),
        sa.Column("hash", TEXT, nullable=False),
        sa.PrimaryKeyConstraint("number", name="pk_audit_entry"),
    )
    op.create_index("ix_audit_entry_at", "audit_entry", ["at"])
    op.create_index("ix_audit_entry_subject", "audit_entry", ["subject"])
    op.create_index("ix_audit_entry_workspace_id", "audit_entry", ["workspace_id"])


def make_audit_head() -> sa.Table:
    """Table audit_head."""
    return op.create_table(
        "audit_head",
        sa.Column("id", NUMBER, autoincrement=False, nullable=False),
        sa.Column("number", NUMBER, nullable=False),
        sa.Column("hash", TEXT, nullable=False),
        sa.CheckConstraint("id = 1", name="ck_audit_head_one_row"),
        sa.PrimaryKeyConstraint("id", name="pk_audit_head"),
    )


def guard_on_sqlite() -> None:
    """Refuse to change or delete entries, and to set the head back.

    REPLACE deletes without calling a delete trigger, so only the next number goes in.
    """
    off_number = "NEW.number <> (SELECT number + 1 FROM audit_head)"
    off_step = "NEW.number <> OLD.number + 1"
    refuse_on_sqlite("audit_entry", "UPDATE", REFUSED)
    refuse_on_sqlite("audit_entry", "DELETE", REFUSED)
    refuse_on_sqlite("audit_entry", "INSERT", REFUSED, when=off_number)
    refuse_on_sqlite("audit_head", "DELETE", REFUSED)
    refuse_on_sqlite("audit_head", "UPDATE", OFF_STEP, when=off_step)


def refuse_on_sqlite(table: str, event: str, reason: str, *, when: str = "1") -> None:
    """Make a trigger that ends the statement with an error."""
    name = f"{table}_{event.lower()}"
    op.execute(
        f"CREATE TRIGGER {name} BEFORE {event} ON {table} WHEN {when} "
        f"BEGIN SELECT RAISE(ABORT, '{reason}'); END"
    )


def guard_on_postgres() -> None:
    """The same; TRUNCATE goes round row triggers, so it has one of its own."""
    make_function("audit_refuse_change", f"RAISE EXCEPTION '{REFUSED}';")
    make_function(
        "audit_refuse_step_back",
        "IF NEW.number <> OLD.number + 1 THEN "
        f"RAISE EXCEPTION '{OFF_STEP}'; END IF; RETURN NEW;",
    )
    make_trigger("audit_entry", "UPDATE OR DELETE", "ROW", "audit_refuse_change")
    make_trigger("audit_entry", "TRUNCATE", "STATEMENT", "audit_refuse_change")
    make_trigger("audit_head", "DELETE", "ROW", "audit_refuse_change")
    make_trigger("audit_head", "TRUNCATE", "STATEMENT", "audit_refuse_change")
    make_trigger("audit_head", "UPDATE", "ROW", "audit_refuse_step_back")


def make_function(name: str, body: str) -> None:
    """Make a trigger function."""
    op.execute(
        f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN {body} END $$"
    )


def make_trigger(table: str, event: str, each: str, function: str) -> None:
    """Call the function before an event on the table."""
    name = f"{table}_{event.split()[0].lower()}"
    op.execute(
        f"CREATE TRIGGER {name} BEFORE {event} ON {table} "
        f"FOR EACH {each} EXECUTE FUNCTION {function}()"
    )
