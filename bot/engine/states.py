"""Where workflows wait, and how they stand."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any


class Lane(StrEnum):
    """Where a workflow waits its turn, so that scans never hold people up."""

    PROMPT = "prompt"  # somebody waits for it
    BACKGROUND = "background"
    SYNC = "sync"  # a throttled one takes hours, which no scan should wait


@dataclass(frozen=True)
class LaneRules:
    """How eagerly a lane is worked on."""

    poll_every: float  # seconds; half of it is the mean wait between enqueue and start
    at_once: int  # workflows of this lane in one process


LANES = {
    Lane.PROMPT: LaneRules(poll_every=0.2, at_once=16),
    Lane.BACKGROUND: LaneRules(poll_every=1.0, at_once=4),
    Lane.SYNC: LaneRules(poll_every=1.0, at_once=4),
}


class WorkflowStatus(StrEnum):
    """Where a workflow stands."""

    QUEUED = "queued"
    RUNNING = "running"  # or begun, and cut short by a crash
    SUCCEEDED = "succeeded"
    FAILED = "failed"
    CANCELLED = "cancelled"


ENDED = frozenset(
    {WorkflowStatus.SUCCEEDED, WorkflowStatus.FAILED, WorkflowStatus.CANCELLED}
)

STATUS = {  # the engine's own words
    "ENQUEUED": WorkflowStatus.QUEUED,
    "DELAYED": WorkflowStatus.QUEUED,
    "PENDING": WorkflowStatus.RUNNING,
    "SUCCESS": WorkflowStatus.SUCCEEDED,
    "ERROR": WorkflowStatus.FAILED,
    "MAX_RECOVERY_ATTEMPTS_EXCEEDED": WorkflowStatus.FAILED,
    "CANCELLED": WorkflowStatus.CANCELLED,
}


@dataclass(frozen=True)
class WorkflowState:
    """One workflow as it stands; `result` and `error` once it has ended."""

    id: str
    name: str
    status: WorkflowStatus
    result: Any = None
    error: str | None = None


FINAL = [word for word, status in STATUS.items() if status in ENDED]
UNENDED = [word for word, status in STATUS.items() if status not in ENDED]
