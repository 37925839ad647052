"""Objects encoded once and kept in a file, so that a page is a copy of bytes."""

import os
import tempfile
from array import array
from bisect import bisect_left
from typing import NamedTuple

from sandbox.bulk.collection import Collection, Fields

_BLOCK = 1_024  # objects encoded at a time


class Page(NamedTuple):
    """Objects as JSON, comma between them; `after` is where the next page begins."""

    value: bytes
    after: int | None


class _Block(NamedTuple):
    """Where a run of objects stands in the file: `ends[n]` bytes after `start`."""

    start: int
    ends: "array[int]"
    numbers: "array[int]"


class EncodedRows:
    """One drawing of one collection, encoded block by block when first asked for.

    The file has no name and goes when this object does.
    """

    def __init__(self, collection: Collection, fields: Fields) -> None:
        self._collection, self._fields = collection, fields
        self._file = tempfile.TemporaryFile()  # noqa: SIM115  # open as long as we are
        self._blocks: dict[int, _Block] = {}
        self._size = 0

    def close(self) -> None:
        """Give the file back."""
        self._file.close()

    def warm(self) -> None:
        """Encode everything now."""
        for which in range(0, self._collection.size, _BLOCK):
            self._block(which // _BLOCK)

    def read(self, numbers: range, limit: int) -> Page:
        """Return at most `limit` objects of a run of numbers."""
        at, left, pieces = numbers.start, limit, []
        while at < numbers.stop and left > 0:
            block = self._block(at // _BLOCK)
            first = bisect_left(block.numbers, at)
            last = min(first + left, bisect_left(block.numbers, numbers.stop))
            if last > first:
                pieces.append(self._bytes(block, first, last))
            left -= last - first
            full = left == 0 and last > first
            at = block.numbers[last - 1] + 1 if full else (at // _BLOCK + 1) * _BLOCK
        more = self._collection.count(range(at, numbers.stop)) if at else len(numbers)
        return Page(b",".join(pieces), at if more and at < numbers.stop else None)

    def _bytes(self, block: _Block, first: int, last: int) -> bytes:
        low, high = block.ends[first], block.ends[last] - 1  # without the last comma
        return os.pread(self._file.fileno(), high - low, block.start + low)

    def _block(self, which: int) -> _Block:
        found = self._blocks.get(which)
        if found is None:
            found = self._blocks[which] = self._encoded(which)
        return found

    def _encoded(self, which: int) -> _Block:
        first = which * _BLOCK
        run = range(first, min(first + _BLOCK, self._collection.size))
        numbers, ends, rows = array("I"), array("I", [0]), []
        size = 0
        for number in self._collection.live(run):
            row = self._collection.row(number, self._fields).encode()
            size += len(row) + 1
            numbers.append(number)
            ends.append(size)
            rows.append(row)
        os.pwrite(self._file.fileno(), b",".join([*rows, b""]), self._size)
        block = _Block(self._size, ends, numbers)
        self._size += size
        return block
