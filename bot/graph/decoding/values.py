"""Values inside objects: bounded text, UTC times, canonical JSON."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Annotated, Any

import msgspec

# Longer than anything the directory allows (a membership rule has up to 3,072
# characters), so that what is cut was never a name anybody chose.
MAX_TEXT = 4096

Text = Annotated[str, msgspec.Meta(max_length=MAX_TEXT)]


class Wire(msgspec.Struct, rename="camel", gc=False):
    """Base of every object as Graph sends it; unknown fields are passed over."""


_canonical = msgspec.json.Encoder(order="sorted")


def json_text(value: Sequence[Any] | Mapping[str, Any]) -> str:
    """JSON with sorted keys and no spaces: equal values give equal text."""
    return _canonical.encode(value).decode()


def utc(moment: datetime | None) -> datetime | None:
    """The same moment in UTC. Graph's times are UTC where they name no zone.

    Raises:
        OverflowError: a moment that UTC cannot write, before year 1 or after 9999.
    """
    if moment is None or moment.tzinfo is UTC:
        return moment
    if moment.tzinfo is None:
        return moment.replace(tzinfo=UTC)
    return moment.astimezone(UTC)
