"""Cursor paging, as all of Slack's list methods do it."""

import base64
import binascii
from collections.abc import Mapping, Sequence
from typing import Any, TypeVar

from sandbox.slack.errors import SlackError

T = TypeVar("T")
LIMIT_MOST = 1000


def page(
    items: Sequence[T], args: Mapping[str, Any], *, limit: int
) -> tuple[list[T], str]:
    """Cut one page and return it with the next cursor, empty at the end.

    Raises:
        SlackError: `invalid_cursor` or `invalid_limit`.
    """
    size = _limit(args.get("limit"), limit)
    start = _offset(args.get("cursor"))
    if start > len(items):
        raise SlackError("invalid_cursor")
    end = start + size
    return list(items[start:end]), _cursor(end) if end < len(items) else ""


def _limit(given: Any, default: int) -> int:
    if given in (None, "", 0, "0"):
        return default
    try:
        limit = int(given)
    except ValueError as mistake:
        raise SlackError("invalid_limit") from mistake
    if not 0 < limit <= LIMIT_MOST:
        raise SlackError("invalid_limit")
    return limit


def _cursor(offset: int) -> str:
    return base64.b64encode(f"next:{offset}".encode()).decode()


def _offset(cursor: Any) -> int:
    if not cursor:
        return 0
    try:
        text = base64.b64decode(str(cursor), validate=True).decode()
        return int(text.removeprefix("next:"))
    except (binascii.Error, ValueError) as mistake:
        raise SlackError("invalid_cursor") from mistake
