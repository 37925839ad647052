"""The slow way through a page that the quick decoder refused.

What is odd but harmless is mended: names of megabytes are clipped, halves of surrogate
pairs and broken UTF-8 replaced, NUL taken out (PostgreSQL stores none), dates of more
than six fractions cut. What is wrong stays wrong, for the decoder to name.
"""

import json
import re
from typing import Any

from bot.graph.decoding.values import MAX_TEXT

_LONE_SURROGATE = re.compile("[\ud800-\udfff]")
_SEVEN_FRACTIONS = re.compile(r"(?<=\d\.\d{6})\d+(?=Z|[+-]\d\d:\d\d)")
_INSTANT = re.compile(r"\d{4}-\d\d-\d\dT[\d:.]+(?:Z|[+-]\d\d:\d\d)")


def needs_cleaning(body: bytes) -> bool:
    """Whether a body holds what decodes well but must not be stored: NUL."""
    return b"\\u0000" in body


def cleaned(body: bytes) -> Any:
    """Parse leniently, then mend all text.

    Raises:
        ValueError: no JSON: a page of a proxy, a body that was cut, or nested without
            end.
    """
    try:
        return mended(json.loads(body.decode("utf-8-sig", "replace"), strict=False))
    except RecursionError as error:
        raise ValueError("nested too deeply") from error


def mended(value: Any) -> Any:
    """The same JSON with its text mended; what is whole stays equal."""
    if isinstance(value, str):
        return _text(value)
    if isinstance(value, list):
        return [mended(one) for one in value]
    if isinstance(value, dict):
        return {key: _field(key, one) for key, one in value.items()}
    return value


def _field(key: str, value: Any) -> Any:
    # A link is followed letter by letter or not at all.
    return value if key.startswith("@odata.") else mended(value)


def _text(text: str) -> str:
    if _INSTANT.fullmatch(text):
        return _SEVEN_FRACTIONS.sub("", text)
    whole = _LONE_SURROGATE.sub("\N{REPLACEMENT CHARACTER}", text.replace("\0", ""))
    return whole if len(whole) <= MAX_TEXT else f"{whole[: MAX_TEXT - 1]}…"
