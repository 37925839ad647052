"""$batch: up to twenty requests in one, each with its own outcome."""

import json
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import msgspec

from bot.graph import setbacks
from bot.graph.errors import GraphError, UnreadableAnswerError
from bot.graph.patience import retry_after
from bot.graph.refusals import read_refusal
from bot.graph.requests import GraphRequest, Json
from bot.graph.setbacks import Setback

MAX_REQUESTS = 20  # Microsoft's limit


class _Item(msgspec.Struct):
    """One answer; its body stays as it came until somebody wants it."""

    id: Any = None
    status: Any = 0
    headers: Any = None
    body: msgspec.Raw = msgspec.Raw(b"null")


class Answers(msgspec.Struct):
    """What a batch is answered with."""

    responses: list[_Item] = []


Send = Callable[[GraphRequest], Awaitable[Answers]]
MayWait = Callable[[timedelta | None], Awaitable[bool]]
Learn = Callable[[GraphRequest, int, Mapping[str, str]], None]


@dataclass(frozen=True)
class BatchAnswer:
    """How one request of a batch ended: with a body, or with an error."""

    request: GraphRequest
    status: int
    body: bytes
    error: GraphError | None = None

    def content(self) -> bytes:
        """Give the body as it came, JSON.

        Raises:
            GraphError: this request failed.
        """
        if self.error is not None:
            raise self.error
        return self.body

    def value(self) -> Json:
        """Give the object in the body; {} where there is none. Raises as `content`."""
        return _object(json.loads(self.content()))


class Batch:
    """Sends many requests in as few calls as Graph allows.

    The outer call's 200 says nothing about the requests inside: each has a status, and
    each that is throttled is sent again, alone, after its own Retry-After.

    Args:
        send: sends the outer call, with all its retries.
        may_wait: waits before another round; False when patience is over.
        granted: the roles of the token, to word refusals.
        learn: is told how each request inside ended, to keep its quota right.
    """

    def __init__(
        self,
        send: Send,
        may_wait: MayWait,
        granted: Callable[[], Awaitable[frozenset[str]]],
        learn: Learn | None = None,
    ) -> None:
        self._send, self._may_wait, self._granted = send, may_wait, granted
        self._learn = learn

    async def run(self, requests: Sequence[GraphRequest]) -> list[BatchAnswer]:
        """Send the requests; the answers come in the same order."""
        ended: dict[int, BatchAnswer] = {}
        waiting = list(range(len(requests)))
        while waiting:
            again: dict[int, tuple[BatchAnswer, Setback]] = {}
            for chunk in _chunks(waiting):
                answers = await self._round({i: requests[i] for i in chunk})
                for index, (answer, setback) in answers.items():
                    if setback is not None and setback.may_retry:
                        again[index] = answer, setback
                    else:
                        ended[index] = answer
            waiting = await self._next_round(again, ended)
        return [ended[index] for index in range(len(requests))]

    async def _next_round(
        self,
        again: Mapping[int, tuple[BatchAnswer, Setback]],
        ended: dict[int, BatchAnswer],
    ) -> list[int]:
        asked = [s.asked for _, s in again.values() if s.asked is not None]
        if again and await self._may_wait(max(asked, default=None)):
            return list(again)
        ended.update({index: answer for index, (answer, _) in again.items()})
        return []

    async def _round(
        self, requests: Mapping[int, GraphRequest]
    ) -> dict[int, tuple[BatchAnswer, Setback | None]]:
        body = {"requests": [_item(i, r) for i, r in requests.items()]}
        only_reads = not any(request.is_write for request in requests.values())
        outer = GraphRequest(
            "POST", "/$batch", needs=None, body=body, only_reads=only_reads
        )
        items = _by_index(await self._send(outer), requests)
        if self._learn is not None:
            for i, request in requests.items():
                self._learn(request, _status(items[i]), _headers(items[i]))
        granted = await self._granted()
        return {i: _judged(requests[i], items[i], granted) for i in requests}


def _chunks(indexes: Sequence[int]) -> Iterable[Sequence[int]]:
    for start in range(0, len(indexes), MAX_REQUESTS):
        yield indexes[start : start + MAX_REQUESTS]


def _item(index: int, request: GraphRequest) -> Json:
    item: Json = {
        "id": str(index),
        "method": request.method,
        "url": request.target,
    }
    headers = request.headers
    if request.body is not None:
        item["body"] = dict(request.body)
        headers = {**headers, "Content-Type": "application/json"}
    return {**item, "headers": headers} if headers else item


_decoder = msgspec.json.Decoder(Answers)


def read_answers(content: bytes) -> Answers:
    """Read a batch's answer; what is odd inside a body is left for its reader.

    Raises:
        ValueError: it is no batch's answer.
    """
    try:
        return _decoder.decode(content)
    except (msgspec.MsgspecError, UnicodeDecodeError):
        told = json.loads(content.decode("utf-8-sig", "replace"), strict=False)
    items = _object(told).get("responses")
    found = [item for item in _list(items) if isinstance(item, dict)]
    for item in found:
        item["body"] = msgspec.Raw(json.dumps(item.get("body")).encode())
    return msgspec.convert({"responses": found}, Answers)


def _by_index(
    answers: Answers, requests: Mapping[int, GraphRequest]
) -> dict[int, _Item]:
    found = {
        int(item.id): item for item in answers.responses if str(item.id).isdecimal()
    }
    if not requests.keys() <= found.keys():
        raise UnreadableAnswerError(
            "Microsoft Graph left requests of a batch unanswered.",
            remedy="Try again; if it happens again, report it.",
        )
    return found


def _judged(
    request: GraphRequest, item: _Item, granted: frozenset[str]
) -> tuple[BatchAnswer, Setback | None]:
    status, body = _status(item), bytes(item.body)
    if 200 <= status < 300:
        return BatchAnswer(request, status, body), None
    headers = _headers(item)
    setback = setbacks.refusal(
        request,
        read_refusal(status, json.loads(body), headers),
        asked=retry_after(headers),
        granted=granted,
    )
    return BatchAnswer(request, status, b"", setback.error), setback


def _status(item: _Item) -> int:
    return int(item.status)


def _headers(item: _Item) -> dict[str, str]:
    headers = _object(item.headers)
    return {str(name).lower(): str(value) for name, value in headers.items()}


def _object(body: Any) -> Json:
    return body if isinstance(body, dict) else {}


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []
