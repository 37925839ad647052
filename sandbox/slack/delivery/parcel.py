"""One payload on its way to the app, and what comes back."""

from dataclasses import dataclass
from typing import Protocol

from sandbox.slack.errors import Json


@dataclass(frozen=True)
class Parcel:
    """A payload. `kind` is the Socket Mode envelope type.

    `retry` counts redeliveries of the same event, `retry_reason` says why.
    """

    kind: str
    payload: Json
    accepts_response: bool = False
    retry: int = 0
    retry_reason: str = ""

    @property
    def label(self) -> str:
        """Return the payload's own type, for the log: `view_submission`, ..."""
        if self.kind == "events_api":
            return str(self.payload["event"]["type"])
        return str(self.payload.get("type", self.kind))


@dataclass(frozen=True)
class Answer:
    """What the app answered. `error` is what Slack's client would report.

    One of `operation_timeout`, `dispatch_failed` and `app_not_connected`, or None.
    """

    acked: bool
    payload: Json | None = None
    error: str | None = None
    may_retry: bool = True


class Transport(Protocol):
    """How payloads reach the app: over Socket Mode, or by HTTP POST."""

    @property
    def connected(self) -> bool:
        """Whether anybody is there to deliver to."""
        ...

    async def send(self, parcel: Parcel) -> Answer:
        """Deliver one parcel and wait for its ack."""
        ...

    async def close(self) -> None:
        """Let go of connections."""
        ...
