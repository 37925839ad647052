"""A sign-in that Microsoft refused, or that could not be tried."""

import json
import re
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from bot.domain.errors import BotError
from bot.domain.tenants import Field, SignInKind
from bot.graph.decoding.cleaning import mended
from bot.graph.signin_words import SIGN_IN_WORDS, SignInWords

_CREDENTIAL_FIELDS = {Field.SECRET, Field.CERTIFICATE}
_CODE = re.compile(r"AADSTS(\d+)")
_DESCRIPTION_MAX = 200


class SignInError(BotError):
    """Signing in failed. The message always carries the code and correlation ID.

    Attributes:
        aadsts: Microsoft's error code, None where none was given.
        field: the field of the connect modal to blame, None where none is.
        correlation_id: what Microsoft's support asks for.
        is_transient: a later try may work by itself.
        retry_after: how long Microsoft asks to wait; None where it does not say.
    """

    code = "sign_in_failed"

    def __init__(
        self,
        words: SignInWords,
        *,
        aadsts: int | None = None,
        correlation_id: str | None = None,
        error: str | None = None,
        retry_after: timedelta | None = None,
    ) -> None:
        reference = _reference(aadsts, correlation_id, error)
        super().__init__(f"{words.message}{reference}", remedy=words.remedy)
        self.brief = words.message
        self.aadsts, self.correlation_id = aadsts, correlation_id
        self.field, self.is_transient = words.field, words.is_transient
        self.retry_after = retry_after


def refused(
    answer: Mapping[str, Any],
    *,
    kind: SignInKind,
    status: int | None = None,
    retry_after: timedelta | None = None,
) -> SignInError:
    """Word an error answer of the login endpoint.

    Args:
        answer: its JSON, as MSAL hands it on or as it came.
        kind: which credential was sent, to blame the field that was filled in.
        status: HTTP status where known; 429 and 5xx are transient.
    """
    answer = mended(dict(answer))  # what it says is stored and shown
    aadsts = _aadsts(answer)
    words = SIGN_IN_WORDS.get(aadsts) if aadsts is not None else None
    if words is None:
        words = _unknown_words(answer, transient=_is_busy(status))
    return SignInError(
        _blaming_what_was_sent(words, kind),
        aadsts=aadsts,
        correlation_id=answer.get("correlation_id"),
        error=answer.get("error"),
        retry_after=retry_after,
    )


def unreachable(host: str) -> SignInError:
    """Word a login endpoint that did not answer at all."""
    return SignInError(
        SignInWords(
            f"Gatehouse cannot reach {host}.",
            "Check that the machine Gatehouse runs on may open https connections "
            "there, and that a proxy's or test cloud's CA is in GATEHOUSE_CA_BUNDLE.",
            is_transient=True,
        )
    )


def unreadable(host: str, status: int | None) -> SignInError:
    """Word an answer that is not Microsoft's: not JSON, or of an unknown shape."""
    told = f"status {status}" if status else "no status"
    return SignInError(
        SignInWords(
            f"{host} answered, but not as Microsoft's sign-in does ({told}).",
            "Check for a proxy or a sign-in portal between Gatehouse and Microsoft.",
            is_transient=_is_busy(status),
        )
    )


def parsed(text: str) -> dict[str, Any] | None:
    """The JSON object of an answer, None where it is none."""
    try:
        value = json.loads(text)
    except ValueError:
        return None
    return value if isinstance(value, dict) else None


def _aadsts(answer: Mapping[str, Any]) -> int | None:
    codes = answer.get("error_codes")
    if isinstance(codes, list) and codes and isinstance(codes[0], int):
        return codes[0]
    found = _CODE.search(str(answer.get("error_description") or ""))
    return int(found.group(1)) if found else None


def _unknown_words(answer: Mapping[str, Any], *, transient: bool) -> SignInWords:
    said = _first_sentence(str(answer.get("error_description") or ""))
    told = f" Microsoft says: {said}" if said else ""
    return SignInWords(
        f"Microsoft refused the sign-in.{told}",
        "Look the code up in Microsoft's list of AADSTS codes, or give it to an "
        "administrator of the tenant.",
        is_transient=transient,
    )


def _first_sentence(description: str) -> str:
    text = description.split("Trace ID:")[0].split("\r")[0]
    return _CODE.sub("", text, count=1).lstrip(": ").strip()[:_DESCRIPTION_MAX]


def _is_busy(status: int | None) -> bool:
    return status is not None and (status == 429 or status >= 500)


def _blaming_what_was_sent(words: SignInWords, kind: SignInKind) -> SignInWords:
    if words.field not in _CREDENTIAL_FIELDS:
        return words
    sent = Field.SECRET if kind is SignInKind.SECRET else Field.CERTIFICATE
    return SignInWords(words.message, words.remedy, sent, words.is_transient)


def _reference(
    aadsts: int | None, correlation_id: str | None, error: str | None
) -> str:
    parts = [f"AADSTS{aadsts}" if aadsts else error or ""]
    if correlation_id:
        parts.append(f"correlation ID {correlation_id}")
    told = ", ".join(part for part in parts if part)
    return f" ({told})" if told else ""
