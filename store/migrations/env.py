"""What Alembic runs for every command. It is handed a connection, never a URL."""

from typing import Any, Literal

from alembic import context
from sqlalchemy.types import TypeDecorator
from sqlmodel import AutoString

from store import audit_tables, directory_statements, offboarding_tables
from store.tables import Table
from store.types import Guid, UtcDateTime

# Imported so that the one metadata knows their tables too.
KNOWN = (
    audit_tables.AuditEntryRow,
    *directory_statements.TABLES.values(),
    offboarding_tables.OffboardingRequestRow,
)


def include_name(name: str | None, kind: str, parents: object) -> bool:
    """Compare our own tables only: the durable engine's live in the same file."""
    return kind != "table" or name in Table.metadata.tables


def render_item(kind: str, item: Any, autogen: object) -> str | Literal[False]:
    """Write SQLAlchemy's own types into revisions, which must outlive our code."""
    match item:
        case UtcDateTime():
            return "sa.DateTime(timezone=True)"
        case Guid():
            return "sa.Uuid().with_variant(sa.String(36), 'sqlite')"
        case AutoString():
            return "sa.String()"
        case TypeDecorator():
            return f"sa.{item.impl!r}"
        case _:
            return False  # Alembic's own way


def run() -> None:
    """Run within the caller's transaction, so that a failed revision leaves nothing."""
    context.configure(
        connection=context.config.attributes["connection"],
        target_metadata=Table.metadata,
        include_name=include_name,
        render_item=render_item,
        compare_server_default=True,
        transactional_ddl=True,
        render_as_batch=True,  # SQLite alters a table by making it anew
    )
    with context.begin_transaction():
        context.run_migrations()


run()
