"""The durable workflow around a sync; who reads the directory is handed in."""

from collections.abc import Sequence
from typing import Protocol

from bot.engine import Engine, Lane, StepFailedError
from bot.workflows.sync import SYNC, Sync
from bot.workflows.sync_record import TurnLostError


class Reads(Protocol):
    """What reads a directory: `Sync` itself, or a process of its own."""

    async def read(
        self, connection_id: str, by: str, granted: Sequence[str]
    ) -> dict[str, str]:
        """See `Sync.read`."""
        ...


class SyncWorkflow:
    """Registers the workflow.

    Args:
        reads: where directories are read; None for within this process.
    """

    def __init__(self, engine: Engine, sync: Sync, reads: Reads | None = None) -> None:
        self._engine, self._sync = engine, sync
        self._reads: Reads = reads or sync

    def register(self) -> None:
        """Make the workflow known; before the engine starts."""
        self._engine.workflow(SYNC, lane=Lane.SYNC)(self.run)

    async def run(self, connection_id: str, by: str) -> dict[str, str]:
        """Bring a directory up to date.

        Reading is one step: how far it is stands in the database, page by page, and a
        step that runs again goes on from there.

        Args:
            by: this workflow's ID, which has the turn until its end.

        Returns:
            How each data set stands; nothing where another sync has the turn.
        """
        begun = await self._engine.step("begin", self._sync.begin, connection_id, by)
        if not begun["has_turn"]:
            return {}
        standings: dict[str, str] = {}
        why = ""
        try:
            standings = await self._engine.step(
                "read", self._reads.read, connection_id, by, begun["granted"]
            )
        except StepFailedError as error:
            if error.code == TurnLostError.code:
                return {}
            # The step logged it; the alerts and the turn are settled all the same.
            why = f"{error.message} {error.remedy}"
        await self._engine.step("end", self._sync.end, connection_id, by, why)
        return standings
