"""The faults that strike a Graph request before anything is looked at."""

from typing import TYPE_CHECKING

from sandbox.graph.entra import Entra
from sandbox.graph.errors import ConnectionCutError, GraphError

if TYPE_CHECKING:
    from sandbox.graph.pipeline import Incoming


def strike_before(entra: Entra, incoming: "Incoming") -> None:
    """Let the faults strike that come before anything is looked at."""
    strike = entra.faults.strike
    where = (incoming.method, incoming.path)
    if strike("reset_before_apply", *where):
        raise ConnectionCutError
    if incoming.path == "/$batch":
        # Limits count the requests inside, each by itself.
        return
    if fault := strike("throttle", *where):
        raise GraphError(
            429,
            "TooManyRequests",
            "Too many requests.",
            _wait(fault.params["retry_after"])
            | {
                "x-ms-throttle-scope": f"Tenant/ReadWrite//{entra.tenant.id}",
                "x-ms-throttle-information": "ResourceUnitLimitExceeded",
            },
        )
    if fault := strike("unavailable", *where):
        params = fault.params
        raise GraphError(
            int(params["status"]),
            "ServiceUnavailable",
            "The service is temporarily unavailable.",
            _wait(params["retry_after"]),
        )
    if fault := strike("error", *where):
        params = fault.params
        raise GraphError(int(params["status"]), params["code"], params["message"])


def _wait(seconds: object) -> dict[str, str]:
    return {} if seconds is None else {"Retry-After": str(seconds)}
