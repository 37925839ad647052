"""Sends one request until it is answered, refused for good, or patience runs out."""

import json
from collections.abc import Callable, Mapping
from contextlib import AbstractAsyncContextManager, nullcontext
from dataclasses import dataclass
from datetime import timedelta
from email.utils import parsedate_to_datetime
from typing import TypeVar
from uuid import uuid4

import httpx
import structlog

from bot.graph import setbacks
from bot.graph.clouds import CloudHosts
from bot.graph.errors import GraphError, UnreadableAnswerError
from bot.graph.patience import STEADY, Patience, Tries, retry_after
from bot.graph.quota import Quota
from bot.graph.refusals import Refusal, lacks, read_refusal
from bot.graph.requests import VERSION, GraphRequest, Json
from bot.graph.setbacks import Setback
from bot.graph.signin_errors import SignInError
from bot.graph.signin_words import RETRIED_ONCE
from bot.graph.tokens import SignIn, Token
from bot.graph.turns import Priority
from bot.ports import Clock

log = structlog.get_logger(__name__)

T = TypeVar("T")

OnRequest = Callable[[Json], None]

# A consent given a moment ago is in no token issued before it.
_STALE_AFTER = timedelta(seconds=60)


@dataclass(frozen=True)
class Caller:
    """Everything one tenant's calls share.

    Attributes:
        patience: how long a call may be tried again.
        priority: Graph's order under throttling; limits stay the same.
        on_request: is handed every request that is sent, as {"method", "url", "body",
            "headers"} without what signs in.
        quota: what the tenant lets this app ask; None to ask without counting.
    """

    hosts: CloudHosts
    sign_in: SignIn
    http: httpx.AsyncClient
    clock: Clock
    patience: Patience = STEADY
    priority: Priority = "normal"
    on_request: OnRequest | None = None
    quota: Quota | None = None

    def url(self, request: GraphRequest) -> str:
        """The request's absolute address."""
        return f"{self.hosts.graph}{VERSION}{request.target}"

    def new_tries(self) -> Tries:
        """Begin to count a call's tries."""
        return Tries(self.patience, self.clock.now())

    async def answer(
        self, request: GraphRequest, url: str, read: Callable[[bytes], T]
    ) -> T:
        """Send a request to an address and give what its answer says.

        Args:
            read: reads the body; its ValueError says that it is not Graph's.

        Raises:
            GraphError: refused, gone, throttled, unreachable, or of unknown outcome.
            SignInError: no token could be had.
        """
        response = await self.answered(request, url)
        try:
            return read(response.content)
        except ValueError as error:
            raise _unreadable(request, response) from error

    async def answered(self, request: GraphRequest, url: str) -> httpx.Response:
        """Send a request to an address and give the success that it ends in.

        Its body is read and unpacked, but nobody has looked whether it is Graph's.

        Raises: as `answer`.
        """
        tries, refused_tokens = self.new_tries(), 0
        call_id = str(uuid4())
        token = await self.token(tries)
        while True:
            tries.made += 1
            response = await self._sent(request, url, token, call_id, tries)
            if response is None:
                continue
            if response.is_success or (request.redirects and response.is_redirect):
                return response
            answer = _refusal(response)
            if refused_tokens == 0 and self._is_stale(token, request, answer):
                refused_tokens += 1
                token = await self.token(tries, after=token)
                continue
            asked = retry_after(response.headers)
            await self._pause_or_raise(
                tries,
                setbacks.refusal(request, answer, asked=asked, granted=token.roles),
            )

    async def _sent(
        self,
        request: GraphRequest,
        url: str,
        token: Token,
        call_id: str,
        tries: Tries,
    ) -> httpx.Response | None:
        """Send once. None after a lost connection and a pause: try again."""
        try:
            async with self._turn(request, tries):
                response = await self._exchange(request, url, token, call_id)
        except httpx.TransportError as error:
            await self._pause_or_raise(tries, setbacks.no_answer(request, error), error)
            return None
        except httpx.DecodingError as error:
            await self._pause_or_raise(tries, setbacks.garbled(request), error)
            return None
        if self.quota is not None:
            self.quota.learn(request, response.status_code, response.headers)
        log.debug(
            "graph_answered",
            tenant_id=str(self.sign_in.tenant_id),
            method=request.method,
            path=request.path,
            status=response.status_code,
            request_id=response.headers.get("request-id"),
            client_request_id=call_id,
            tries=tries.made,
        )
        return response

    def _turn(
        self, request: GraphRequest, tries: Tries
    ) -> AbstractAsyncContextManager[None]:
        if self.quota is None:
            return nullcontext()
        left = tries.time_left(self.clock.now())
        return self.quota.turn(request, self.priority, left)

    async def _exchange(
        self, request: GraphRequest, url: str, token: Token, call_id: str
    ) -> httpx.Response:
        headers = self._headers(request, call_id)
        self._record(request, url, headers)
        return await self.http.request(
            request.method,
            url,
            json=request.body,
            headers={**headers, "Authorization": f"Bearer {token.value}"},
            timeout=self._time_limit(),
        )

    def _headers(self, request: GraphRequest, call_id: str) -> dict[str, str]:
        return {
            "Accept": "application/json",
            "User-Agent": "Gatehouse",
            "client-request-id": call_id,
            "x-ms-throttle-priority": self.priority,
            **request.headers,
        }

    def _time_limit(self) -> httpx.Timeout:
        seconds = self.patience.answer_within.total_seconds()
        return httpx.Timeout(seconds, connect=min(seconds, 10.0))

    def _record(
        self, request: GraphRequest, url: str, headers: Mapping[str, str]
    ) -> None:
        if self.on_request is None:
            return
        line: Json = {"method": request.method, "url": url, "headers": dict(headers)}
        if request.body is not None:
            line["body"] = dict(request.body)
        self.on_request(line)

    def _is_stale(self, token: Token, request: GraphRequest, answer: Refusal) -> bool:
        """Whether a fresh token may help: refused, or from before a consent."""
        if answer.status == 401:
            return True
        is_old = self.clock.now() - token.issued_at > _STALE_AFTER
        return answer.status == 403 and is_old and lacks(request.needs, token.roles)

    async def clock_skew(self) -> timedelta:
        """How far Microsoft's clock is ahead of ours, to about a second.

        Raises: as `answer`, for what keeps any answer from coming.
        """
        request = GraphRequest("GET", "/organization", None, {"$select": "id"})
        tries, response = self.new_tries(), None
        token = await self.token(tries)
        while response is None:
            tries.made += 1
            response = await self._sent(
                request, self.url(request), token, str(uuid4()), tries
            )
        # Refusals carry the date as well, so no permission is needed.
        return parsedate_to_datetime(response.headers["Date"]) - self.clock.now()

    async def token(
        self, tries: Tries, *, force: bool = False, after: Token | None = None
    ) -> Token:
        """Give a token; transient refusals are tried again.

        Args:
            force: a fresh one.
            after: another one than this, which Graph refused.

        Raises:
            SignInError: refused for good, or patience ran out.
        """
        failures = 0
        while True:
            try:
                if after is not None:
                    return await self.sign_in.token_after(after)
                return await self.sign_in.token(force)
            except SignInError as error:
                failures += 1
                once = error.aadsts in RETRIED_ONCE and failures == 1
                if not (error.is_transient or once):
                    raise
                tries.made += 1
                if not await self.waited(tries, error.retry_after):
                    raise

    async def _pause_or_raise(
        self, tries: Tries, setback: Setback, cause: Exception | None = None
    ) -> None:
        if setback.may_retry and await self.waited(tries, setback.asked):
            return
        raise setback.error from cause

    async def waited(self, tries: Tries, asked: timedelta | None) -> bool:
        """Wait before another try; False at once where there may be none."""
        wait = tries.wait_before_next(self.clock.now(), asked)
        if wait is None:
            return False
        log.info(
            "graph_waits",
            tenant_id=str(self.sign_in.tenant_id),
            seconds=round(wait.total_seconds(), 2),
            tries=tries.made,
        )
        await self.clock.sleep(wait)
        return True


def read_object(content: bytes) -> Json:
    """The JSON object in a body; {} where there is none.

    Raises:
        ValueError: no JSON, or no object.
    """
    try:
        body = json.loads(content) if content else {}
    except RecursionError as error:
        raise ValueError("nested too deeply") from error
    if not isinstance(body, dict):
        raise ValueError("no JSON object")
    return body


def _unreadable(request: GraphRequest, response: httpx.Response) -> GraphError:
    if request.is_write:
        return setbacks.outcome_unknown()
    return UnreadableAnswerError(
        "An answer came that is not Microsoft Graph's.",
        remedy="Look for a proxy or a sign-in portal between Gatehouse and Microsoft.",
        status=response.status_code,
        request_id=response.headers.get("request-id"),
    )


def _refusal(response: httpx.Response) -> Refusal:
    try:
        body = response.json()
    except (ValueError, RecursionError):
        body = None  # a gateway's page instead of Graph's JSON; the status is enough
    return read_refusal(response.status_code, body, response.headers)
