"""Graph requests to the generated directory: faults, token, limits, an answer."""

import asyncio
import time
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial

from sandbox.bulk.activity import uses_of
from sandbox.bulk.admission import check_access
from sandbox.bulk.batch import joined, requests_of
from sandbox.bulk.delta import answer_delta, begin
from sandbox.bulk.directory import BulkDirectory
from sandbox.bulk.log_pages import answer_log
from sandbox.bulk.objects import (
    answer_inside,
    answer_members,
    answer_object,
    answer_owners,
    answer_roles,
)
from sandbox.bulk.query import Asked, answer_count, answer_list
from sandbox.bulk.targets import Target, target_of
from sandbox.bulk.throttle import Meter, Throttle, cost_of
from sandbox.graph.delta_links import refuse_expired
from sandbox.graph.entra import Entra
from sandbox.graph.errors import GraphError
from sandbox.graph.exchange import GraphRequest, Reply
from sandbox.graph.pipeline import (
    Incoming,
    Notes,
    add_headers,
    answer,
    checked_token,
    graph_request,
    record,
    refusal,
)
from sandbox.graph.resources.usage_reports import redirected
from sandbox.graph.resources.users import ACTIVITY_PAGES, asks_activity
from sandbox.graph.strikes import strike_before
from sandbox.graph.tokens import AccessToken
from sandbox.graph.usage import REPORTS


class BulkService:
    """Answers Graph requests: the directory's own, and all others as usual.

    Args:
        entra: signs apps in, holds what is not generated, and the faults.
        latency: seconds that every request takes before it is answered; those inside
            a batch take it together.
        limit: resource units per ten seconds; None for no throttling.
    """

    def __init__(
        self,
        entra: Entra,
        directory: BulkDirectory,
        *,
        latency: float,
        limit: int | None,
    ) -> None:
        self._entra, self.directory, self.latency = entra, directory, latency
        self._throttle = Throttle(entra.tenant.id, limit)
        self.meter = Meter()

    def refill(self, limit: int | None) -> None:
        """Begin with full buckets of another size."""
        self._throttle = Throttle(self._entra.tenant.id, limit)

    async def __call__(self, incoming: Incoming) -> Reply:
        """Answer one request after its latency."""
        if self.latency:
            await asyncio.sleep(self.latency)
        began = time.thread_time()
        try:
            if incoming.path == "/$batch" and incoming.method == "POST":
                return self._batch(incoming)
            return self._counted(incoming)
        finally:
            self.meter.busy += time.thread_time() - began

    def _counted(self, incoming: Incoming) -> Reply:
        reply = self._answer(incoming)
        self.meter.requests += 1
        self.meter.throttled += reply.status == 429
        self.meter.units += int(reply.headers.get("x-ms-resource-unit", "0"))
        self.meter.sent_bytes += len(reply.raw or b"")
        return reply

    def _answer(self, incoming: Incoming) -> Reply:
        target = target_of(self.directory, incoming)
        if target is None:
            return self._passed_on(incoming)
        return self._recorded(incoming, lambda: self._own(incoming, target))

    def _recorded(self, incoming: Incoming, respond: Callable[[], Reply]) -> Reply:
        """Answer a request, and write it into the journal."""
        entra, notes = self._entra, Notes(cost=_cost(incoming))
        seq, reply = entra.journal.next_seq(), None
        try:
            reply = respond()
        except GraphError as error:
            notes.reason = f"{error.code}: {error.message}"
            reply = refusal(entra, incoming, error)
        finally:
            record(entra, incoming, notes, seq, reply)
        add_headers(incoming, reply, notes)
        return reply

    def _charged(self, incoming: Incoming) -> tuple[AccessToken, dict[str, str]]:
        """Return who asks, and the headers that tell what it cost them."""
        token = checked_token(self._entra, incoming)
        return token, self._throttle.charge(token.client_id, _cost(incoming))

    def _own(self, incoming: Incoming, target: Target) -> Reply:
        strike_before(self._entra, incoming)
        token, headers = self._charged(incoming)
        entra, source = self._entra, target.source
        if source.limit is not None:
            limits, tenant_id = entra.limits, token.tenant_id
            limits.charge(source.limit, token.client_id, tenant_id, entra.now())
        keys = {} if target.period is None else {"period": target.period}
        request = graph_request(entra, incoming, token, keys, entra.tenant)
        check_access(request, target)
        reply = self._drawn(incoming, target, request)
        reply.headers.update(headers)
        return reply

    def _passed_on(self, incoming: Incoming) -> Reply:
        """Let the ordinary simulator answer, which keeps the journal itself."""
        try:
            _, headers = self._charged(incoming)
        except GraphError as error:
            return self._recorded(incoming, partial(_raise, error))
        reply = answer(self._entra, incoming)
        reply.headers.update(headers)
        return reply

    def _drawn(
        self, incoming: Incoming, target: Target, request: GraphRequest
    ) -> Reply:
        source, directory = target.source, self.directory
        eventual = request.headers.get("consistencylevel", "").lower() == "eventual"
        sizes = ACTIVITY_PAGES if asks_activity(request) else source.sizes
        asked = Asked(
            source.segment,
            incoming.options,
            eventual,
            incoming.root,
            source.path,
            sizes,
        )
        if target.period is not None:
            return self._report(source.segment, request)
        if (log := directory.logs.get(source.segment)) is not None:
            return Reply(raw=answer_log(log, asked))
        if target.key is None:
            return Reply(raw=answer_list(directory, asked))
        if target.key == "$count":
            return Reply(text=answer_count(directory, asked))
        if target.key == "delta":
            return Reply(raw=self._changes(incoming, source.segment))
        return Reply(raw=_one(directory, asked, target.key, target.relation))

    def _report(self, function: str, request: GraphRequest) -> Reply:
        report = next(r for r in REPORTS if r.function == function)
        return redirected(request, report, partial(uses_of, self.directory.users))

    def _changes(self, incoming: Incoming, segment: str) -> bytes:
        entra, now = self._entra, self._entra.now()
        options = incoming.options
        begun = begin(self.directory, options, now.timestamp())
        if begun.resumed:
            refuse_expired(
                entra.faults,
                incoming.path,
                incoming.root,
                issued=datetime.fromtimestamp(begun.place.issued, UTC),
                now=now,
            )
        replay = entra.faults.strike("delta_replay", "GET", incoming.path)
        return answer_delta(
            self.directory,
            segment,
            begun.place,
            incoming.root,
            now=now.timestamp(),
            preferred=incoming.lower_headers().get("prefer", ""),
            replay=replay is not None,
        )

    def _batch(self, incoming: Incoming) -> Reply:
        """Answer a batch: each request inside pays for itself."""
        self.meter.batches += 1
        try:
            checked_token(self._entra, incoming)
            inner = requests_of(incoming, self._entra.journal.next_seq())
        except GraphError as error:
            return refusal(self._entra, incoming, error)
        return Reply(raw=joined(inner, self._counted))


def _cost(incoming: Incoming) -> int:
    return cost_of(incoming.path, incoming.options)


def _raise(error: GraphError) -> Reply:
    raise error


def _one(
    directory: BulkDirectory, asked: Asked, key: str, relation: str | None
) -> bytes:
    if relation is None:
        return answer_object(directory, asked, key)
    if relation == "members" and asked.segment == "groups":
        return answer_members(directory, asked, key)
    if relation == "owners":
        return answer_owners(directory, asked, key)
    if relation == "approleassignedto" and asked.segment == "servicePrincipals":
        return answer_roles(directory, asked, key)
    return answer_inside(directory, asked, key, relation)
