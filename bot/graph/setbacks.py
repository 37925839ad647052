"""What a failed try means: which error it is, and whether another try may be made."""

import ssl
from collections.abc import Collection
from dataclasses import dataclass
from datetime import timedelta

import httpx

from bot.graph import refusals
from bot.graph.errors import (
    GraphError,
    ThrottledError,
    UnavailableError,
    UnknownOutcomeError,
)
from bot.graph.refusals import Refusal
from bot.graph.requests import GraphRequest

# Nothing was sent in these cases, so a write may be tried again too.
_NEVER_SENT = (
    httpx.ConnectError,
    httpx.ConnectTimeout,
    httpx.PoolTimeout,
    httpx.ProxyError,
    httpx.UnsupportedProtocol,
)
_FAILING = frozenset({500, 502, 503, 504})


@dataclass(frozen=True)
class Setback:
    """A try that failed; `asked` is the wait that Graph asked for."""

    error: GraphError
    may_retry: bool
    asked: timedelta | None = None


def no_answer(request: GraphRequest, error: httpx.TransportError) -> Setback:
    """Judge a connection that gave no answer."""
    if request.is_write and not isinstance(error, _NEVER_SENT):
        return Setback(outcome_unknown(), may_retry=False)
    return Setback(_unreachable(error), may_retry=True)


def garbled(request: GraphRequest) -> Setback:
    """Judge an answer whose packed body cannot be unpacked."""
    if request.is_write:
        return Setback(outcome_unknown(), may_retry=False)
    error = UnavailableError(
        "Answers from Microsoft Graph come damaged.",
        remedy="Look for a proxy that changes packed answers between Gatehouse and "
        "Microsoft.",
    )
    return Setback(error, may_retry=True)


def refusal(
    request: GraphRequest,
    answer: Refusal,
    *,
    asked: timedelta | None,
    granted: Collection[str],
) -> Setback:
    """Judge an answer that is not a success."""
    if answer.status == 429:
        throttled = ThrottledError(asked, request_id=answer.request_id)
        return Setback(throttled, may_retry=True, asked=asked)
    if answer.status == 409:
        return Setback(_at_the_same_time(answer), may_retry=True, asked=asked)
    if answer.status in _FAILING:
        return _failing(request, answer, asked)
    error = refusals.refused(
        answer, needs=request.needs, granted=granted, is_write=request.is_write
    )
    return Setback(error, may_retry=False)


def _failing(
    request: GraphRequest, answer: Refusal, asked: timedelta | None
) -> Setback:
    # 503 is said before anything is done; after the others a write may have been.
    if request.is_write and answer.status != 503:
        return Setback(outcome_unknown(answer), may_retry=False)
    return Setback(refusals.failing(answer), may_retry=True, asked=asked)


def outcome_unknown(answer: Refusal | None = None) -> GraphError:
    """Word a write of which nobody can say whether it was carried out."""
    return UnknownOutcomeError(
        "Microsoft Graph's answer to a change was lost: it may be done or not.",
        remedy="Look at the object's present state before repeating the change.",
        status=answer.status if answer else None,
        graph_code=answer.code if answer else "",
        request_id=answer.request_id if answer else None,
    )


def _unreachable(error: httpx.TransportError) -> GraphError:
    remedy = "Check that Gatehouse may open https connections to Microsoft Graph."
    if isinstance(error.__cause__, ssl.SSLError) or "CERTIFICATE" in str(error):
        remedy = (
            "Gatehouse does not trust the certificate it was shown: name the CA of "
            "your proxy or test cloud in GATEHOUSE_CA_BUNDLE."
        )
    return UnavailableError("Microsoft Graph cannot be reached.", remedy=remedy)


def _at_the_same_time(answer: Refusal) -> GraphError:
    return UnavailableError(
        "Somebody else keeps changing the same object.",
        remedy="Try again in a minute.",
        **answer.facts,
    )
