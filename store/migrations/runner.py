"""Run the migrations from code; there is no alembic.ini to keep in step."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, text

_HERE = Path(__file__).parent
_LOCK = 0x67617465  # "gate": any number that nothing else in the database locks


def config_for(connection: Connection) -> Config:
    """Alembic's settings, working through an open connection."""
    config = Config()
    # Alembic reads % as the start of a variable; a folder may have one in its name.
    config.set_main_option("script_location", str(_HERE).replace("%", "%%"))
    config.attributes["connection"] = connection
    return config


def upgrade_to_head(connection: Connection) -> None:
    """Bring the tables to the newest revision.

    Replicas that start together take turns: SQLite's transaction holds the write lock
    from its start, and PostgreSQL is asked for a lock that ends with the transaction.
    """
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK})
    command.upgrade(config_for(connection), "head")
