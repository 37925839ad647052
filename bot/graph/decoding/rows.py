"""Rows of decoded objects, one for each key."""

from collections.abc import Callable, Hashable, Iterable
from typing import Any, TypeVar

from bot.domain.directory import DataSet
from bot.domain.directory_rows import DirectoryRow
from bot.graph.errors import UnreadableFieldError

T = TypeVar("T")


def key_of(data_set: DataSet, row: DirectoryRow) -> Hashable:
    """What tells a row from others: its ID, or group and member."""
    return row[:2] if data_set is DataSet.MEMBERSHIPS else row[0]


def rows_of(data_set: DataSet, items: Iterable[Any]) -> list[DirectoryRow]:
    """Turn decoded objects into rows, in their order.

    Raises:
        UnreadableFieldError: a time that UTC cannot write.
    """
    return made(data_set, lambda: [item.row() for item in items])


def made(data_set: DataSet, make: Callable[[], T]) -> T:
    """Make rows; a time outside the years 1 to 9999 is a field nobody can read.

    Raises:
        UnreadableFieldError: there was one.
    """
    try:
        return make()
    except OverflowError as error:
        raise UnreadableFieldError(data_set, "a date", str(error)) from error
