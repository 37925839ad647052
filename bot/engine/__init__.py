"""The thin port to the durable engine: workflows that outlive the process.

Nothing outside this package knows which engine it is.
"""

from bot.engine.errors import EngineBusyError, StepFailedError
from bot.engine.port import Engine
from bot.engine.states import Lane, WorkflowState, WorkflowStatus

__all__ = [
    "Engine",
    "EngineBusyError",
    "Lane",
    "StepFailedError",
    "WorkflowState",
    "WorkflowStatus",
]
