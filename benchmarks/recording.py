"""What one complete read asked and found, kept in a folder for the floor to repeat."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec

from benchmarks.storage import Page, PlainPage, plain
from bot.domain.directory import DataSet


class Recording:
    """Requests as they were sent, and pages of rows as they are stored.

    Pages are read back one by one, so that whoever repeats them holds few.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._pages = 0

    def add_request(self, request: dict[str, Any]) -> None:
        """Note a request, as `GraphClients` tells it."""
        with self._requests_file.open("a", encoding="utf-8") as file:
            file.write(json.dumps(request) + "\n")

    def add_page(self, page: Page) -> None:
        """Note a page of rows."""
        self._pages += 1
        file = self._folder / f"{self._pages:06d}.page"
        file.write_bytes(msgspec.msgpack.encode(plain(page)))

    def requests(self) -> list[dict[str, Any]]:
        """All requests in the order in which they were sent."""
        lines = self._requests_file.read_text(encoding="utf-8").splitlines()
        return [json.loads(line) for line in lines]

    def pages(self) -> Iterator[PlainPage]:
        """All pages in the order in which they came."""
        for file in sorted(self._folder.glob("*.page")):
            data_set, rows = msgspec.msgpack.decode(file.read_bytes())
            yield DataSet(data_set), rows

    @property
    def _requests_file(self) -> Path:
        return self._folder / "requests.jsonl"
