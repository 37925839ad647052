"""One process a name: two under one name would run each other's workflows again.

The engine resumes at its start whatever is pending under its own executor ID. So on
PostgreSQL a process keeps a lock on that name for as long as it lives.
"""

from datetime import timedelta

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.engine.errors import EngineBusyError
from store.engine import Database

_PLACE = 0x6E616D65  # "name": keeps these locks apart from others on two numbers

_TAKE = text("SELECT pg_try_advisory_lock(:place, hashtext(:name))")
_IS_ALIVE = text(
    "SELECT count(*) FROM replica WHERE executor_id = :name AND seen_at >= now() - :ago"
)


class ReplicaName:
    """The lock on a name, which the server releases when the process ends."""

    def __init__(self, database: Database, name: str, dead_after: timedelta) -> None:
        self._database, self._name, self._dead_after = database, name, dead_after
        self._connection: AsyncConnection | None = None

    async def take(self) -> None:
        """Take the name.

        Raises:
            EngineBusyError: a process that gives signs of life has it.
        """
        engine = self._database.engine.execution_options(isolation_level="AUTOCOMMIT")
        connection = await engine.connect()
        values = {"place": _PLACE, "name": self._name}
        if (await connection.execute(_TAKE, values)).scalar_one():
            self._connection = connection
            return
        # A host that lost its power keeps its connection for hours, but is silent.
        ago = {"name": self._name, "ago": self._dead_after}
        is_alive = (await connection.execute(_IS_ALIVE, ago)).scalar_one()
        await connection.close()
        if is_alive:
            raise EngineBusyError(
                f"Another process runs on this database as {self._name}.",
                remedy="Give each replica its own GATEHOUSE_REPLICA_ID.",
            )

    async def release(self) -> None:
        """Give the name back; does nothing when it is not held."""
        if self._connection is not None:
            # Not back to the pool: the lock lives as long as the connection.
            await self._connection.invalidate()
            await self._connection.close()
            self._connection = None
