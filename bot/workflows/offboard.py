"""The durable run of an approved offboarding.

Contain first, clean up next, what cannot be undone last; every step of it is a
checkpoint, so that a crash costs at most one step's repetition, which reads before it
writes. Nothing is ever done that is not in the approved plan.
"""

from typing import Any, TypedDict

import structlog

from bot.engine import Engine
from bot.ports import Clock
from bot.workflows.carrying import Pace
from bot.workflows.offboard_recheck import Recheck
from bot.workflows.offboard_steps import Steps
from bot.workflows.run_record import RunRecord
from bot.workflows.tenant_graphs import TenantGraphs
from store.engine import Database

log = structlog.get_logger(__name__)

OFFBOARD = "offboard"


def workflow_id(request_id: object, run: int) -> str:
    """The ID that makes one run of one request happen once."""
    return f"{OFFBOARD}:{request_id}:{run}"


class Ended(TypedDict):
    """What one step tells the workflow.

    `later`: it was refused for its place in the order alone, so it comes again.
    `stops`: why nothing after it can work; "" if it can.
    """

    later: bool
    stops: str


class OffboardWorkflow:
    """Registers the workflow and holds what its steps work with."""

    def __init__(
        self,
        engine: Engine,
        database: Database,
        tenant_graphs: TenantGraphs,
        clock: Clock,
        pace: Pace | None = None,
    ) -> None:
        self._engine = engine
        record = RunRecord(database, clock)
        self._record = record
        self._recheck = Recheck(record, database, tenant_graphs, clock)
        self._steps = Steps(record, tenant_graphs, clock, pace or Pace())

    def register(self) -> None:
        """Make the workflow known; before the engine starts."""
        self._engine.workflow(OFFBOARD)(self.run)

    async def run(self, request_id: str, run: int) -> None:
        """Carry out one run of one request.

        Args:
            run: 0 for the first; "Retry failed steps" begins the next.
        """
        if not await self._step("open", self._record.open, request_id, run):
            log.info("run_not_opened", request_id=request_id, run=run)
            return
        found = await self._step("recheck", self._recheck.check, request_id, run)
        if found["voided"]:
            return
        stops = found["stops"]
        later, stops = await self._pass(request_id, run, found["todo"], stops, False)
        # The second pass: methods that go only when all others are gone.
        _, stops = await self._pass(request_id, run, later, stops, True)
        if stops:
            await self._step("stop", self._record.stop, request_id, run, stops)
        await self._step("finish", self._record.finish, request_id, run)

    async def _pass(
        self, request_id: str, run: int, todo: list[int], stops: str, is_last: bool
    ) -> tuple[list[int], str]:
        """Do steps in order, until the first that no other could follow.

        Returns:
            Positions that have to come again, and why the run stops ("" if not).
        """
        later: list[int] = []
        for position in todo:
            if stops:
                break
            ended = await self._one(request_id, run, position, is_last)
            stops = ended["stops"]
            if ended["later"]:
                later.append(position)
        return later, stops

    async def _one(
        self, request_id: str, run: int, position: int, is_last: bool
    ) -> Ended:
        """Begin a step, and unless that ended it, carry it out.

        Two checkpoints: what was so before our first write must survive a crash, or
        our own work would later be taken for somebody else's.
        """
        name = f"{position}{'-again' if is_last else ''}"
        begun = await self._step(
            f"begin-{name}", self._steps.begin, request_id, run, position
        )
        if begun["ended"] is not None:
            ended: Ended = begun["ended"]
            return ended
        before = begun["before"]
        done: Ended = await self._step(
            f"do-{name}", self._steps.do, request_id, run, position, before, is_last
        )
        return done

    async def _step(self, name: str, work: Any, *args: Any) -> Any:
        return await self._engine.step(name, work, *args)
