"""What happens to a Graph request: faults, token, route, permission, handler."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qsl
from uuid import uuid4

from sandbox.graph.audit_trail import note_write
from sandbox.graph.batch import run_batch
from sandbox.graph.entra import Entra
from sandbox.graph.errors import ConnectionCutError, GraphError, denied, malformed
from sandbox.graph.exchange import GraphRequest, Reply
from sandbox.graph.licences import require_plan
from sandbox.graph.resources import ROUTES
from sandbox.graph.routing import Route, decoded, find, unknown_path
from sandbox.graph.strikes import strike_before
from sandbox.graph.tenant import Tenant, timestamp
from sandbox.graph.tokens import GRAPH_ROOTS, AccessToken

_READS = ("GET", "HEAD")
# POSTs that only look things up.
_READING_POSTS = ("/directoryobjects/getbyids",)


@dataclass(frozen=True)
class Incoming:
    """A request as it came: `target` is the raw path after /v1.0 with its query.

    `headers` keep the names as sent; `batch` is the journal's number of the $batch
    that carried the request.
    """

    method: str
    target: str
    headers: Mapping[str, str]
    raw_body: bytes
    root: str
    batch: int | None = None

    @property
    def path(self) -> str:
        """Return the decoded path, without the query."""
        return decoded(self.target.partition("?")[0])

    @property
    def options(self) -> dict[str, str]:
        """Return the query options, decoded."""
        pairs = parse_qsl(self.target.partition("?")[2], keep_blank_values=True)
        return dict(pairs)

    @property
    def is_write(self) -> bool:
        """Tell whether the request means to change something."""
        return (
            self.method not in _READS
            and self.path.lower() not in _READING_POSTS
            and self.path != "/$batch"
        )

    def lower_headers(self) -> dict[str, str]:
        """Return the headers under lower-case names."""
        return {name.lower(): value for name, value in self.headers.items()}


def answer(entra: Entra, incoming: Incoming) -> Reply:
    """Answer one Graph request, and write it into the journal.

    Raises:
        ConnectionCutError: a fault breaks the connection instead.
    """
    seq, notes = entra.journal.next_seq(), Notes()
    reply: Reply | None = None
    try:
        reply = _answered(entra, incoming, notes, seq)
    except GraphError as error:
        notes.reason = f"{error.code}: {error.message}"
        reply = refusal(entra, incoming, error)
    finally:
        record(entra, incoming, notes, seq, reply)
    add_headers(incoming, reply, notes)
    return reply


@dataclass
class Notes:
    """What the journal tells about a request beside the request itself."""

    needs: tuple[str, ...] = ()
    reason: str | None = None
    cost: int = 1


def _answered(entra: Entra, incoming: Incoming, notes: Notes, seq: int) -> Reply:
    strike_before(entra, incoming)
    token = checked_token(entra, incoming)
    route, keys = find(ROUTES, incoming.method, incoming.path)
    notes.needs, notes.cost = route.needs, _cost(route, incoming.options)
    tenant = entra.get_tenant(token.tenant_id)
    if tenant.cloud in route.absent_from:
        raise unknown_path(incoming.path)
    if route.limit is not None:
        entra.limits.charge(route.limit, token.client_id, tenant.id, entra.now())
    request = graph_request(entra, incoming, token, keys, tenant)
    if route.needs and not request.has(*route.needs) and not route.free_when(request):
        raise denied()
    if route.plan is not None:
        require_plan(request, route.plan)
    if incoming.path == "/$batch":
        return _batch(entra, incoming, request, seq)
    if incoming.is_write:
        return _written(entra, incoming, route, request, notes)
    return route.handler(request)


def checked_token(entra: Entra, incoming: Incoming) -> AccessToken:
    """Return the token of a request.

    Raises:
        GraphError: 401 for none, or one that is not good here.
    """
    authorization = incoming.lower_headers().get("authorization")
    if entra.faults.strike("reject_tokens", incoming.method, incoming.path):
        authorization = "Bearer rejected"
    here = incoming.root.removesuffix("/v1.0")
    audiences = {here, *(GRAPH_ROOTS[cloud] for cloud in entra.clouds())}
    return entra.tokens.check(
        authorization, audiences=frozenset(audiences), now=entra.now()
    )


def graph_request(
    entra: Entra,
    incoming: Incoming,
    token: AccessToken,
    keys: Mapping[str, str],
    tenant: Tenant,
) -> GraphRequest:
    """Return a request whose token was accepted, as handlers take it."""
    return GraphRequest(
        method=incoming.method,
        path=incoming.path,
        keys=keys,
        options=incoming.options,
        headers=incoming.lower_headers(),
        body=_json_body(incoming.raw_body),
        token=token,
        tenant=_visible(entra, incoming, tenant),
        faults=entra.faults,
        changes=entra.changes,
        downloads=entra.downloads,
        now=entra.now(),
        root=incoming.root,
    )


def _json_body(raw: bytes) -> Any:
    if not raw.strip():
        return None
    try:
        return json.loads(raw)
    except ValueError:
        raise malformed("Unable to read JSON request payload.") from None


def _visible(entra: Entra, incoming: Incoming, tenant: Tenant) -> Tenant:
    """Return the tenant that the request may see: an older one while reads lag."""
    if incoming.is_write or not entra.faults.is_on("read_lag"):
        return tenant
    params = entra.faults.params("read_lag")
    names_an_object = len(incoming.path.strip("/").split("/")) == 2
    if names_an_object and not params["objects"]:
        return tenant
    lag = timedelta(seconds=float(params["seconds"]))
    return entra.history.as_of(tenant, entra.now() - lag)


def _written(
    entra: Entra,
    incoming: Incoming,
    route: Route,
    request: GraphRequest,
    notes: Notes,
) -> Reply:
    """Carry out a write, under the faults that are about writes.

    A refused write leaves the tenant as it was: handlers check before they change.
    """
    where = (incoming.method, incoming.path)
    if entra.faults.strike("concurrency_violation", *where):
        raise GraphError(
            409,
            "Directory_ConcurrencyViolation",
            "A conflicting object with one or more of the specified property values "
            "is being changed at the same time. Retry the request.",
        )
    before = request.tenant.clone()
    reply = route.handler(request)
    if entra.faults.strike("silent_no_apply", *where):
        request.tenant.restore(before)
        notes.reason = "fault: answered as done, nothing changed"
        return reply
    note_write(request, route.template, before)
    entra.history.record(before, entra.now())
    entra.tenant_changed()
    if entra.faults.strike("reset_after_apply", *where):
        notes.reason = "fault: applied, then the connection broke"
        raise ConnectionCutError
    return reply


def _batch(entra: Entra, incoming: Incoming, request: GraphRequest, seq: int) -> Reply:
    def send(method: str, target: str, headers: Mapping[str, str], body: Any) -> Reply:
        inner = {name.title(): value for name, value in headers.items()}
        inner["Authorization"] = request.headers["authorization"]
        raw = b"" if body is None else json.dumps(body).encode()
        return answer(entra, Incoming(method, target, inner, raw, incoming.root, seq))

    return run_batch(request.body, send)


def _cost(route: Route, options: Mapping[str, str]) -> int:
    """Return the resource units of a request, at least one; none for other services."""
    if route.limit is not None or route.cost == 0:
        return 0
    few = options.get("$top", "").isdigit() and int(options["$top"]) < 20
    return max(1, route.cost - ("$select" in options) + ("$expand" in options) - few)


def refusal(entra: Entra, incoming: Incoming, error: GraphError) -> Reply:
    """Return how a refusal looks to the caller."""
    request_id = str(uuid4())
    client_id = incoming.lower_headers().get("client-request-id", request_id)
    inner = {
        "date": timestamp(entra.now()).removesuffix("Z"),
        "request-id": request_id,
        "client-request-id": client_id,
    }
    body = {"code": error.code, "message": error.message, "innerError": inner}
    headers = {**error.headers, "request-id": request_id}
    return Reply(error.status, {"error": body}, headers=headers)


def add_headers(incoming: Incoming, reply: Reply, notes: Notes) -> None:
    """Add the headers that every answer carries."""
    request_id = reply.headers.setdefault("request-id", str(uuid4()))
    sent = incoming.lower_headers().get("client-request-id", request_id)
    reply.headers.setdefault("client-request-id", sent)
    if notes.cost:
        reply.headers.setdefault("x-ms-resource-unit", str(notes.cost))


def record(
    entra: Entra, incoming: Incoming, notes: Notes, seq: int, reply: Reply | None
) -> None:
    """Write a request and what became of it into the journal."""
    try:
        body = _json_body(incoming.raw_body)
    except GraphError:
        body = incoming.raw_body.decode(errors="replace")
    entra.journal.write(
        seq=seq,
        at=entra.now(),
        service="graph",
        method=incoming.method,
        url=f"{GRAPH_ROOTS[entra.tenant.cloud]}/v1.0{incoming.target}",
        headers=incoming.headers,
        body=body,
        status=None if reply is None else reply.status,
        needs=notes.needs,
        reason=notes.reason or (None if reply else "fault: the connection broke"),
        batch=incoming.batch,
    )
