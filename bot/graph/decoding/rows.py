"""Rows of decoded objects, in their order."""

from collections.abc import Callable, Iterable
from typing import Any, TypeVar

from bot.domain.directory import DataSet
from bot.domain.rows import DirectoryRow
from bot.graph.decoding.values import NoGuidError
from bot.graph.errors import UnreadableFieldError

T = TypeVar("T")


def rows_of(data_set: DataSet, items: Iterable[Any]) -> list[DirectoryRow]:
    """Turn decoded objects into rows, in their order.

    Raises:
        UnreadableFieldError: a time that UTC cannot write.
    """
    return made(data_set, lambda: [item.row() for item in items])


def made(data_set: DataSet, make: Callable[[], T]) -> T:
    """Make rows; what shows itself as wrong only then is named, too.

    Raises:
        UnreadableFieldError: a time outside the years 1 to 9999, or no GUID.
    """
    try:
        return make()
    except OverflowError as error:
        raise UnreadableFieldError(data_set, "a date", str(error)) from error
    except NoGuidError as error:
        raise UnreadableFieldError(data_set, error.field, "it is no GUID") from error
