"""What the durable engine is told about the database and itself."""

import logging

from dbos import DBOSClient, DBOSConfig

from bot.engine.serializer import JsonSerializer
from store.engine import Database

NAME = "gatehouse"
SCHEMA = "engine"  # on PostgreSQL; SQLite has none, and the table names differ anyway
MAX_THREADS = 32  # for the engine's own database calls; workflows run on the loop
POOL_SIZE = 5


def url_of(database: Database) -> str:
    """The store's own database, for the engine's synchronous driver."""
    driver = "sqlite" if database.is_sqlite else database.url.drivername
    return database.url.set(drivername=driver).render_as_string(hide_password=False)


def config_of(database: Database, executor_id: str, app_version: str) -> DBOSConfig:
    """Settings for a launch: no telemetry, no conductor, no pickle."""
    return DBOSConfig(
        name=NAME,
        system_database_url=url_of(database),
        dbos_system_schema=SCHEMA,
        # The default is a hash of the code: any change would orphan pending work.
        application_version=app_version,
        executor_id=executor_id,
        serializer=JsonSerializer(),
        max_executor_threads=MAX_THREADS,
        sys_db_pool_size=POOL_SIZE,
        enable_otlp=False,
        log_level="WARNING",
        # Its thread looks for the end only as often as it looks for messages.
        notification_listener_polling_interval_sec=0.5,
    )


def client_of(database: Database) -> DBOSClient:
    """For what needs no running engine: enqueueing, asking, deleting."""
    return DBOSClient(
        system_database_url=url_of(database),
        dbos_system_schema=SCHEMA,
        serializer=JsonSerializer(),
        system_database_pool_size=POOL_SIZE,
        application_name=NAME,
        lazy=True,
    )


def quieten() -> None:
    """Send the engine's log lines to our own log instead of its console handler.

    It adds that handler, and cuts itself off from the root, only where it finds none.
    """
    logger = logging.getLogger("dbos")
    if not logger.handlers:
        logger.addHandler(logging.NullHandler())
