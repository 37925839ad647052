"""Faults that tests and the page switch on: what Slack does on a bad day."""

import copy
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from sandbox.slack.errors import ControlError, Json


@dataclass
class Fault:
    """One fault. `params` are its settings; `n` counts down where it is present."""

    name: str
    label: str
    description: str
    params: Json = field(default_factory=dict)
    on: bool = False

    def to_json(self) -> Json:
        """Describe the fault for the page's switches."""
        return {
            "name": self.name,
            "label": self.label,
            "description": self.description,
            "on": self.on,
            "params": dict(self.params),
        }


CATALOGUE = (
    Fault(
        "duplicate_deliveries",
        "Deliver everything twice",
        "Each event, command and click arrives twice, the event ID unchanged.",
    ),
    Fault(
        "retry_with_attempt_zero",
        "Retries look like first attempts",
        "Redelivered events carry retry_attempt 0 instead of their number.",
    ),
    Fault(
        "rate_limit",
        "Rate limit (429)",
        "The next n calls of a method are refused; an empty method means all.",
        {"method": "chat.postMessage", "n": 1, "retry_after": 1},
    ),
    Fault(
        "server_error",
        "Server errors",
        "The next n calls are answered with an HTTP error status.",
        {"method": "", "n": 1, "status": 503},
    ),
    Fault(
        "fatal_error",
        "Fatal error after the work",
        "The next n posts are stored and yet answered with fatal_error.",
        {"n": 1},
    ),
    Fault(
        "reset_after_post",
        "Connection lost after posting",
        "The next n messages are stored, then the connection is reset.",
        {"n": 1},
    ),
    Fault(
        "disconnect_socket",
        "Disconnect Socket Mode",
        "Sends a disconnect frame on every connection and closes it, once.",
        {"reason": "refresh_requested"},
    ),
    Fault(
        "dead_ticket",
        "Dead Socket Mode tickets",
        "The next n connection attempts are refused whatever their ticket.",
        {"n": 3},
    ),
    Fault(
        "no_pong",
        "No pongs",
        "The server stops answering pings, as a half-dead connection does.",
    ),
    Fault(
        "slow_api",
        "Slow Web API",
        "Every call waits before it is answered.",
        {"ms": 500},
    ),
    Fault(
        "ack_only_same_socket",
        "Acks count on their own connection only",
        "An ack that arrives on another connection than its envelope is ignored.",
    ),
    Fault(
        "token_revoked",
        "Bot token revoked",
        "Every call with the bot token fails with token_revoked.",
    ),
    Fault(
        "missing_scope",
        "Missing scope",
        "One scope counts as not granted.",
        {"scope": "chat:write"},
    ),
    Fault(
        "no_plan_blocks",
        "Plan blocks are not known",
        "Messages with plan or task_card blocks are refused with invalid_blocks.",
    ),
    Fault(
        "clock_skew",
        "Clock skew (HTTP mode)",
        "Request timestamps and signatures are off by this many seconds.",
        {"seconds": 360},
    ),
)


class Faults:
    """The catalogue with its switches."""

    def __init__(self) -> None:
        self._faults = {fault.name: copy.deepcopy(fault) for fault in CATALOGUE}

    def all(self) -> list[Fault]:
        """Return every fault, on or off."""
        return list(self._faults.values())

    def is_on(self, name: str) -> bool:
        """Whether a fault is on."""
        return self._faults[name].on

    def param(self, name: str, key: str) -> Any:
        """Return one setting of a fault."""
        return self._faults[name].params[key]

    def set(self, name: str, on: bool, params: Mapping[str, Any] | None = None) -> None:
        """Switch a fault and change its settings.

        Raises:
            ControlError: no fault has that name, or it has no such setting.
        """
        fault = self._faults.get(name)
        if fault is None:
            raise ControlError("unknown_fault", f"Pick one of {sorted(self._faults)}.")
        unknown = set(params or {}) - set(fault.params)
        if unknown:
            raise ControlError("unknown_param", f"{name} has no {sorted(unknown)}.")
        fault.params |= params or {}
        fault.on = on

    def strikes(self, name: str, *, method: str = "") -> bool:
        """Whether a counted fault hits this call; the count goes down when it does."""
        fault = self._faults[name]
        wanted = fault.params.get("method", "")
        if not fault.on or wanted not in ("", method):
            return False
        fault.params["n"] -= 1
        if fault.params["n"] <= 0:
            fault.on = False
            fault.params["n"] = 1
        return True
