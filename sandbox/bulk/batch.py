"""$batch over answers that are encoded already."""

import json
from collections.abc import Callable
from dataclasses import dataclass

from sandbox.graph.batch import checked
from sandbox.graph.errors import malformed
from sandbox.graph.exchange import Reply
from sandbox.graph.pipeline import Incoming
from sandbox.graph.tenant import Json


@dataclass(frozen=True)
class Inner:
    """A request of a batch, under its id, and what it waits for."""

    id: str
    incoming: Incoming
    waits_for: tuple[str, ...]


def requests_of(outer: Incoming, seq: int) -> list[Inner]:
    """Return the requests inside a batch; `seq` is its number in the journal.

    Raises:
        GraphError: 400 where the batch itself is malformed.
    """
    try:
        body = json.loads(outer.raw_body)
    except ValueError:
        raise malformed("Unable to read JSON request payload.") from None
    authorization = outer.lower_headers().get("authorization", "")
    return [_inner(item, outer.root, authorization, seq) for item in checked(body)]


def _inner(item: Json, root: str, authorization: str, seq: int) -> Inner:
    named = (item.get("headers") or {}).items()
    headers = {name.title(): str(value) for name, value in named}
    headers["Authorization"] = authorization
    body = item.get("body")
    raw = b"" if body is None else json.dumps(body).encode()
    incoming = Incoming(item["method"].upper(), item["url"], headers, raw, root, seq)
    return Inner(item["id"], incoming, tuple(item.get("dependsOn") or ()))


def joined(inner: list[Inner], send: Callable[[Incoming], Reply]) -> bytes:
    """Send the requests of a batch one by one, and return the batch's JSON."""
    parts: list[bytes] = []
    statuses: dict[str, int] = {}
    for request in inner:
        failed = any(statuses[other] >= 400 for other in request.waits_for)
        reply = _failed_dependency() if failed else send(request.incoming)
        statuses[request.id] = reply.status
        parts.append(_part(request.id, reply))
    return b'{"responses":[' + b",".join(parts) + b"]}"


def _part(identity: str, reply: Reply) -> bytes:
    headers = {"Content-Type": "application/json", **reply.headers}
    head = {"id": identity, "status": reply.status, "headers": headers}
    body = reply.raw
    if body is None:
        body = json.dumps(reply.text if reply.body is None else reply.body).encode()
    return json.dumps(head)[:-1].encode() + b',"body":' + body + b"}"


def _failed_dependency() -> Reply:
    error = {"code": "FailedDependency", "message": "A request it depends on failed."}
    return Reply(424, {"error": error})
