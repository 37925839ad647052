"""Values inside objects: bounded text, UTC times, canonical JSON."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Annotated, Any
from uuid import UUID

import msgspec

# Longer than anything the directory allows (a membership rule has up to 3,072
# characters), so that what is cut was never a name anybody chose.
MAX_TEXT = 4096

# PostgreSQL indexes no key of more than some 2,700 bytes, and a character has up to 4.
# The longest that anybody documents is a principal name, of 113 characters.
MAX_KEY = 512

Text = Annotated[str, msgspec.Meta(max_length=MAX_TEXT)]
Key = Annotated[str, msgspec.Meta(max_length=MAX_KEY)]  # by which rows are told apart
# What a database's integer holds; Microsoft declares the same.
Int32 = Annotated[int, msgspec.Meta(ge=-(2**31), le=2**31 - 1)]


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


def happened(moment: datetime | None) -> datetime | None:
    """The same moment in UTC; None for one in year 1, as Graph writes "never".

    Raises:
        OverflowError: as `utc`.
    """
    told = utc(moment)
    return None if told is None or told.year == 1 else told


class NoGuidError(ValueError):
    """A text that should be a GUID is none; `field` names it as Graph does."""

    def __init__(self, field: str) -> None:
        super().__init__(f"{field} is no GUID")
        self.field = field


def guid(told: str | None, field: str) -> UUID | None:
    """A GUID that Graph documents as text; None for "" and for the one of zeros.

    Raises:
        NoGuidError: it is anything else.
    """
    if not told:
        return None
    try:
        read = UUID(told)
    except ValueError as error:
        raise NoGuidError(field) from error
    return read if read.int else None


def kind_of(odata_type: str | None) -> str | None:
    """The type of an object without its namespace, "user" of "#microsoft.graph.user".

    Some services leave the "#" out.
    """
    if odata_type is None:
        return None
    return odata_type.removeprefix("#").removeprefix("microsoft.graph.")
