"""One page of a collection: its objects, and where the next page is."""

import re
from typing import Any, Generic, TypeVar

import msgspec

from bot.domain.directory import DataSet
from bot.graph.decoding.cleaning import cleaned, needs_cleaning
from bot.graph.errors import UnreadableFieldError, UnreadablePageError
from bot.graph.requests import Json

T = TypeVar("T")

_PLACE = re.compile(r"(?P<what>.*?)(?: - at `(?P<path>.*)`)?", re.DOTALL)
_MISSING = re.compile(r"Object missing required field `(?P<name>.*?)`")
_BEFORE_FIELD = re.compile(r"^\$\.?(value\[(\d+|\.\.\.)\]\.?)?")
_MAX_WHAT = 120


class Page(msgspec.Struct, Generic[T]):
    """A page as sent; links are opaque."""

    value: list[T]
    next_link: str | None = msgspec.field(name="@odata.nextLink", default=None)
    delta_link: str | None = msgspec.field(name="@odata.deltaLink", default=None)


class PageDecoder(Generic[T]):
    """Decodes the pages of one data set.

    Args:
        item: the type of the objects in a page.
    """

    def __init__(self, data_set: DataSet, item: type[T]) -> None:
        self.data_set = data_set
        self._shape: Any = Page[item]  # type: ignore[valid-type]  # known when run
        self._quick = msgspec.json.Decoder(self._shape)

    def decode(self, body: bytes) -> Page[T]:
        """Decode a page.

        Raises:
            UnreadableFieldError: a field has another type than Graph documents.
            UnreadablePageError: the body is not Graph's, or was cut.
        """
        if needs_cleaning(body):
            return self._mended(body)
        try:
            page: Page[T] = self._quick.decode(body)
        except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
            return self._mended(body)
        return page

    def _mended(self, body: bytes) -> Page[T]:
        try:
            told = cleaned(body)
        except ValueError as error:
            raise UnreadablePageError(self.data_set) from error
        if not isinstance(told, dict):
            raise UnreadablePageError(self.data_set)
        return self._converted(told)

    def _converted(self, told: Json) -> Page[T]:
        try:
            page: Page[T] = msgspec.convert(told, self._shape)
        except msgspec.ValidationError as error:
            raise unreadable_field(self.data_set, error) from error
        return page


def unreadable_field(data_set: DataSet, error: Exception) -> UnreadableFieldError:
    """Name the field that a decoder stumbled over."""
    parts = _PLACE.fullmatch(str(error))
    what, path = (parts["what"], parts["path"] or "$") if parts else (str(error), "$")
    if missing := _MISSING.match(what):
        path, what = f"{path}.{missing['name']}", "it is missing"
    field = _BEFORE_FIELD.sub("", path)
    return UnreadableFieldError(data_set, field or "value", what[:_MAX_WHAT])
