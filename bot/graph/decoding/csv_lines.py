"""CSV that comes in pieces: whole lines out, and never the whole file in memory."""

import codecs
import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from io import StringIO

from bot.domain.directory import DataSet
from bot.graph.decoding.values import MAX_TEXT
from bot.graph.errors import UnreadableFieldError, UnreadablePageError

LONGEST_LINE = 1_000_000  # characters; what goes on and on is no report
_TRUTHS = {"true": True, "yes": True, "false": False, "no": False}
_MOST = 2**31 - 1  # what a database's integer holds


@dataclass(frozen=True)
class Line:
    """A line of a report.

    Attributes:
        columns: the place of each column, by its name in the first line.
    """

    data_set: DataSet
    columns: Mapping[str, int]
    values: Sequence[str]

    def text(self, name: str) -> str | None:
        """A text, clipped; None where it is empty or the column is not there."""
        place = self.columns.get(name)
        value = "" if place is None else self.values[place].strip()
        return (
            value if len(value) <= MAX_TEXT else f"{value[: MAX_TEXT - 1]}…"
        ) or None

    def day(self, name: str) -> date | None:
        """A day, as 2026-02-28.

        Raises:
            UnreadableFieldError: something else.
        """
        value = self.text(name)
        try:
            return None if value is None else date.fromisoformat(value)
        except ValueError as error:
            raise self._unreadable(name, "a date was expected") from error

    def number(self, name: str) -> int | None:
        """A whole number from 0 on. Raises as `day`."""
        value = self.text(name)
        if value is None:
            return None
        if value.isascii() and value.isdigit() and int(value) <= _MOST:
            return int(value)
        raise self._unreadable(name, "a number was expected")

    def truth(self, name: str) -> bool | None:
        """True or False, Yes or No. Raises as `day`."""
        value = self.text(name)
        if value is None:
            return None
        if (told := _TRUTHS.get(value.lower())) is None:
            raise self._unreadable(name, "True or False was expected")
        return told

    def _unreadable(self, name: str, what: str) -> UnreadableFieldError:
        return UnreadableFieldError(self.data_set, name, what)


class CsvLines:
    """Takes a file piece by piece and gives its lines.

    Args:
        key: the column that every file of the data set has.
    """

    def __init__(self, data_set: DataSet, key: str) -> None:
        self._data_set, self._key = data_set, key
        self._decoder = codecs.getincrementaldecoder("utf-8-sig")("replace")
        self._rest = ""
        self._columns: dict[str, int] | None = None

    def take(self, piece: bytes, *, is_last: bool = False) -> list[Line]:
        """Give the lines that are whole with this piece.

        Raises:
            UnreadablePageError: this is no such report, or it was cut off.
        """
        # PostgreSQL stores no NUL.
        told = self._decoder.decode(piece, final=is_last).replace("\0", "")
        text = self._rest + told
        end = len(text) if is_last else _end_of_lines(text)
        self._rest = text[end:]
        if len(self._rest) > LONGEST_LINE:
            raise UnreadablePageError(self._data_set)
        lines = [self._line(values) for values in self._split(text[:end])]
        if is_last and self._columns is None:
            raise UnreadablePageError(self._data_set)
        return [line for line in lines if line is not None]

    def _split(self, text: str) -> list[list[str]]:
        try:
            return [line for line in csv.reader(StringIO(text, newline="")) if line]
        except csv.Error as error:
            raise UnreadablePageError(self._data_set) from error

    def _line(self, values: list[str]) -> Line | None:
        """A line; None for the first, which names the columns."""
        if self._columns is None:
            self._columns = {name.strip(): i for i, name in enumerate(values)}
            if self._key not in self._columns:
                raise UnreadablePageError(self._data_set)
            return None
        if len(values) != len(self._columns):
            raise UnreadablePageError(self._data_set)
        return Line(self._data_set, self._columns, values)


def _end_of_lines(text: str) -> int:
    """Where the last line ends that is whole; a quoted value may hold line ends."""
    end = at = quotes = 0
    for line in text.split("\n")[:-1]:
        at += len(line) + 1
        quotes += line.count('"')
        if quotes % 2 == 0:
            end = at
    return end
