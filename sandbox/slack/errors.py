"""The two ways in which the simulated Slack says no."""

from typing import Any

Json = dict[str, Any]


class SlackError(Exception):
    """A Web API method's refusal: HTTP 200 with `ok` false, as Slack answers.

    Args:
        code: Slack's own error name, e.g. `channel_not_found`.
        details: further members of the answer, e.g. `needed` and `provided`.
    """

    def __init__(self, code: str, **details: Any) -> None:
        super().__init__(code)
        self.code = code
        self.details = details

    def answer(self) -> Json:
        """Return the body of the answer."""
        return {"ok": False, "error": self.code, **self.details}


class ControlError(Exception):
    """A person's act, or a test's, that Slack's own client would not allow.

    Args:
        code: short name for programs, e.g. `not_in_channel`.
        message: what to do instead, for whoever pressed the button.
        status: HTTP status of the control API's answer, 4xx.
    """

    def __init__(self, code: str, message: str, *, status: int = 400) -> None:
        super().__init__(f"{code}: {message}")
        self.code, self.message, self.status = code, message, status

    def answer(self) -> Json:
        """Return the body of the answer."""
        return {"ok": False, "error": self.code, "message": self.message}


def invalid_arguments(*messages: str) -> SlackError:
    """Refuse arguments the way Slack does, one line for each mistake."""
    lines = [f"[ERROR] {message}" for message in messages]
    return SlackError("invalid_arguments", response_metadata={"messages": lines})
