"""One tenant's Graph: each call names its permission and gives typed errors."""

import copy
from collections.abc import AsyncGenerator, AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager, nullcontext
from dataclasses import replace
from datetime import timedelta
from typing import Any

import httpx

from bot.domain.ids import TenantId
from bot.domain.permissions import AppRole
from bot.graph.batching import Answers, Batch, BatchAnswer, read_answers
from bot.graph.caller import Caller, OnRequest, read_object
from bot.graph.clouds import CloudHosts
from bot.graph.errors import UnreadableAnswerError
from bot.graph.links import checked_link, stray_link
from bot.graph.patience import STEADY, Patience
from bot.graph.quota import Quota
from bot.graph.requests import NOTHING, GraphRequest, Json
from bot.graph.tokens import SignIn
from bot.graph.turns import Priority
from bot.ports import Clock


class GraphClient:
    """Calls Graph as one app in one tenant.

    Args:
        patience: how long calls may be tried again.
        priority: Graph's order under throttling; limits stay the same.
        on_request: is handed every request that is sent, as {"method", "url", "body",
            "headers"} without what signs in.
        quota: what the tenant lets this app ask; None to ask without counting.
    """

    def __init__(
        self,
        hosts: CloudHosts,
        sign_in: SignIn,
        http: httpx.AsyncClient,
        clock: Clock,
        *,
        patience: Patience = STEADY,
        priority: Priority = "normal",
        on_request: OnRequest | None = None,
        quota: Quota | None = None,
    ) -> None:
        self._caller = Caller(
            hosts, sign_in, http, clock, patience, priority, on_request, quota
        )

    @property
    def hosts(self) -> CloudHosts:
        """Where this tenant's cloud lives."""
        return self._caller.hosts

    @property
    def tenant_id(self) -> TenantId:
        """The tenant that it signs in to."""
        return self._caller.sign_in.tenant_id

    @property
    def clock(self) -> Clock:
        """The clock by which it waits."""
        return self._caller.clock

    @property
    def quota(self) -> Quota | None:
        """What the tenant lets this app ask."""
        return self._caller.quota

    def with_patience(self, patience: Patience) -> "GraphClient":
        """The same client, for callers who can wait less or more."""
        return self._changed(patience=patience)

    def with_priority(self, priority: Priority) -> "GraphClient":
        """The same client, for calls that matter more or less under throttling."""
        return self._changed(priority=priority)

    async def granted(self, *, fresh: bool = False) -> frozenset[str]:
        """The application permissions in the token; empty when nothing is consented.

        Args:
            fresh: ask for a new token, which knows of consent given since.

        Raises:
            SignInError: no token could be had.
        """
        tries = self._caller.new_tries()
        return (await self._caller.token(tries, force=fresh)).roles

    async def clock_skew(self) -> timedelta:
        """How far Microsoft's clock is ahead of this machine's, to about a second.

        Raises:
            GraphError, SignInError: no answer came.
        """
        return await self._caller.clock_skew()

    async def get(
        self,
        path: str,
        *,
        needs: AppRole | None,
        params: Mapping[str, str] = NOTHING,
        advanced: bool = False,
    ) -> Json:
        """Read one object.

        Raises:
            GraphError: refused, gone, throttled or unreachable.
            SignInError: no token could be had.
        """
        return await self.send(
            GraphRequest("GET", path, needs, params, is_advanced=advanced)
        )

    async def items(
        self,
        path: str,
        *,
        needs: AppRole | None,
        params: Mapping[str, str] = NOTHING,
        advanced: bool = False,
    ) -> AsyncIterator[Json]:
        """Yield the objects of a collection, page after page.

        Raises:
            ForeignLinkError: a next link leaves the cloud's Graph, or goes in circles.
            GraphError, SignInError: as `get`; what was yielded is then incomplete.
        """
        request = GraphRequest("GET", path, needs, params, is_advanced=advanced)
        url: str | None = self._caller.url(request)
        seen: set[str] = set()
        while url is not None:
            seen.add(url)
            page = await self._caller.answer(request, url, read_object)
            for item in _values(page):
                yield item
            url = self._next_url(page, seen)

    async def post(
        self,
        path: str,
        *,
        needs: AppRole | None,
        body: Mapping[str, Any] | None = None,
    ) -> Json:
        """Create something or run an action.

        Raises:
            UnknownOutcomeError: the answer was lost; read back before repeating.
            GraphError, SignInError: as `get`; nothing was changed.
        """
        return await self.send(GraphRequest("POST", path, needs, body=body))

    async def patch(
        self, path: str, *, needs: AppRole | None, body: Mapping[str, Any]
    ) -> None:
        """Change properties. Raises as `post`."""
        await self.send(GraphRequest("PATCH", path, needs, body=body))

    async def delete(self, path: str, *, needs: AppRole | None) -> None:
        """Delete a membership (its path ends in /$ref) or an authentication method.

        Raises:
            ForbiddenDeleteError: anything else; nothing was sent.
            UnknownOutcomeError, GraphError, SignInError: as `post`.
        """
        await self.send(GraphRequest("DELETE", path, needs))

    async def batch(self, requests: Sequence[GraphRequest]) -> list[BatchAnswer]:
        """Send many requests in calls of twenty; answers come in the same order.

        Raises:
            UnknownOutcomeError: a batch with writes got no answer.
            GraphError, SignInError: a whole call failed.
        """
        tries = self._caller.new_tries()

        async def may_wait(asked: timedelta | None) -> bool:
            tries.made += 1
            return await self._caller.waited(tries, asked)

        learn = None if self.quota is None else self.quota.learn
        batch = Batch(self._send_batch, may_wait, self.granted, learn)
        return await batch.run(requests)

    async def send(self, request: GraphRequest) -> Json:
        """Send a request that was put together elsewhere. Raises as `get` or `post`.

        Returns:
            The JSON object answered, {} for an answer without a body.
        """
        return await self._caller.answer(
            request, self._caller.url(request), read_object
        )

    async def answered(
        self, request: GraphRequest, link: str | None = None
    ) -> httpx.Response:
        """Send a read and give its success undecoded; raises as `get`.

        Args:
            link: a next or delta link of the same list, to be asked instead.

        Raises:
            ForeignLinkError: the link leads away from this cloud's Graph.
        """
        url = self._caller.url(request)
        if link is not None:
            url = checked_link(self.hosts, link)
        return await self._caller.answered(request, url)

    async def redirected(self, request: GraphRequest) -> str:
        """Send a read that is answered by an address; give it, unfollowed.

        Raises:
            UnreadableAnswerError: none came.
            GraphError, SignInError: as `get`.
        """
        answer = await self._caller.answered(request, self._caller.url(request))
        if address := answer.headers.get("Location", ""):
            return str(address)
        raise UnreadableAnswerError(
            "Microsoft Graph did not tell where a download lies.",
            remedy="Look for a proxy between Gatehouse and Microsoft.",
            status=answer.status_code,
        )

    @asynccontextmanager
    async def stream(self, address: str) -> AsyncGenerator[httpx.Response]:
        """Open another host's address, without anything that signs in."""
        # Of what can be packed, gzip grows least: a piece of 64 KiB to 64 MiB.
        headers = {"Accept-Encoding": "gzip", "User-Agent": "Gatehouse"}
        caller, quota = self._caller, self.quota
        place = nullcontext() if quota is None else quota.place(caller.priority)
        async with place, caller.http.stream("GET", address, headers=headers) as answer:
            yield answer

    async def _send_batch(self, request: GraphRequest) -> Answers:
        url = self._caller.url(request)
        return await self._caller.answer(request, url, read_answers)

    def _changed(self, **changes: Any) -> "GraphClient":
        changed = copy.copy(self)
        changed._caller = replace(self._caller, **changes)
        return changed

    def _next_url(self, page: Json, seen: set[str]) -> str | None:
        link = page.get("@odata.nextLink")
        if link is None:
            return None
        if link in seen:
            raise stray_link(str(link))
        return checked_link(self.hosts, str(link))


def _values(page: Json) -> list[Json]:
    values = page.get("value")
    if not isinstance(values, list):
        raise UnreadableAnswerError(
            "Microsoft Graph answered a list in a shape of its own.",
            remedy="Look for a proxy between Gatehouse and Microsoft.",
        )
    return values
