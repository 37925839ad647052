"""Erasing what was read of a directory after its tenant was disconnected."""

from uuid import UUID

import structlog
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.domain.ids import ConnectionId
from bot.engine import Engine, Lane
from store import directory_erasing, tenants
from store.directory_erasing import ROWS_AT_ONCE
from store.engine import Database

log = structlog.get_logger(__name__)

ERASE = "erase"


class Erase:
    """Erases directories, a few rows in each transaction."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def run(self, connection_id: str) -> int:
        """Erase all rows of a disconnected tenant's directory; returns how many.

        Cut short and run again, it goes on with what is left. A tenant that is
        connected keeps what was read of it.
        """
        id, erased = ConnectionId(UUID(connection_id)), 0
        async with self._database.snapshots() as session:
            found = await tenants.find(session, id)
        if found is not None and found.is_connected:
            return 0
        while True:
            async with self._database.sessions.begin() as session:
                count = await directory_erasing.erase(session, id)
            erased += count
            if count < ROWS_AT_ONCE:
                log.info("directory_erased", connection_id=connection_id, rows=erased)
                return erased


class EraseWorkflow:
    """Registers the workflow."""

    def __init__(self, engine: Engine, database: Database) -> None:
        self._engine, self._erase = engine, Erase(database)

    def register(self) -> None:
        """Make the workflow known; before the engine starts."""
        self._engine.workflow(ERASE, lane=Lane.BACKGROUND)(self.run)

    async def run(self, connection_id: str) -> int:
        """Erase one directory. One step: it repeats itself without harm."""
        erased: int = await self._engine.step(ERASE, self._erase.run, connection_id)
        return erased


def workflow_id(connection_id: ConnectionId, slot: str) -> str:
    """The ID that makes one asking happen once."""
    return f"{ERASE}:{connection_id}:{slot}"


async def ask_to_erase(
    engine: Engine, session: AsyncSession, connection_id: ConnectionId, slot: str
) -> None:
    """Queue the erasing of a directory in the transaction that disconnects it."""
    await engine.enqueue(
        session,
        ERASE,
        str(connection_id),
        workflow_id=workflow_id(connection_id, slot),
    )
