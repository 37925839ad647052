"""What can go wrong in durable work, in a form that outlives the process."""

from collections.abc import Mapping

from bot.domain.errors import BotError


class EngineBusyError(BotError):
    """Something else already runs the workflows of this database."""

    code = "engine_busy"


class StepFailedError(BotError):
    """A step ended with an error.

    The same class is raised when the step has just failed and when its record is read
    after a restart, so a workflow that catches it goes the same way both times.

    Attributes:
        code: the original error's `code`, "unexpected" if it was not told to people.
        kind: the original error's class name.
    """

    code = "step_failed"

    def __init__(self, message: str, *, remedy: str, code: str, kind: str) -> None:
        super().__init__(message, remedy=remedy)
        self.code, self.kind = code, kind

    @classmethod
    def read(cls, record: Mapping[str, str]) -> "StepFailedError":
        """Build it from what `record_of` wrote."""
        return cls(
            record["message"],
            remedy=record["remedy"],
            code=record["code"],
            kind=record["kind"],
        )


def record_of(error: BaseException) -> dict[str, str]:
    """An error as strings that can be stored.

    What an error nobody foresaw says may hold anything, a secret too, so only its
    class is kept; the log has the rest.
    """
    if isinstance(error, StepFailedError):
        kind, code = error.kind, error.code
    else:
        kind, code = type(error).__name__, getattr(error, "code", "unexpected")
    if isinstance(error, BotError):
        message, remedy = error.message, error.remedy
    else:
        code, message = "unexpected", f"An error nobody foresaw: {kind}."
        remedy = "Look for this workflow's ID in the logs."
    return {"kind": kind, "code": code, "message": message, "remedy": remedy}
