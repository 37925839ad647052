"""The request log: what the app asked of login and Graph, and what it was told."""

import json
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from sandbox.graph.tenant import Json, timestamp

KEPT = 5_000
_REDACTED = {"authorization", "cookie"}
_UNTOLD = {"host", "accept", "accept-encoding", "connection", "content-length"}


@dataclass(frozen=True)
class Entry:
    """One request. `needs` are the permissions of which one was wanted.

    `service` is "graph" or "login"; a request inside a $batch carries the `seq` of the
    batch in `batch`. `reason` says why it was refused or what fault struck it.
    """

    seq: int
    at: str
    service: str
    method: str
    url: str
    headers: dict[str, str]
    body: Any
    status: int | None
    needs: tuple[str, ...]
    reason: str | None
    batch: int | None

    def to_json(self) -> Json:
        """Return the entry as the control interface shows it."""
        return asdict(self)


class Journal:
    """Keeps the last requests, and appends those to Graph to a file of JSON lines."""

    def __init__(self, changed: Callable[[], None], path: Path | None) -> None:
        self._entries: deque[Entry] = deque(maxlen=KEPT)
        self._seq = 0
        self._changed, self._path = changed, path

    def next_seq(self) -> int:
        """Claim the number of the next entry."""
        self._seq += 1
        return self._seq

    def write(
        self,
        *,
        seq: int,
        at: datetime,
        service: str,
        method: str,
        url: str,
        headers: Mapping[str, str],
        body: Any,
        status: int | None,
        needs: tuple[str, ...] = (),
        reason: str | None = None,
        batch: int | None = None,
    ) -> None:
        """Keep one request; `status` is None where the connection broke."""
        entry = Entry(
            seq=seq,
            at=timestamp(at),
            service=service,
            method=method,
            url=url,
            headers=_shown(headers),
            body=body,
            status=status,
            needs=needs,
            reason=reason,
            batch=batch,
        )
        self._entries.append(entry)
        self._append(entry)
        self._changed()

    def _append(self, entry: Entry) -> None:
        if self._path is None or entry.service != "graph" or entry.batch is not None:
            return
        line = {"method": entry.method, "url": entry.url, "headers": entry.headers}
        if entry.body is not None:
            line["body"] = entry.body
        with self._path.open("a", encoding="utf-8") as log:
            log.write(json.dumps(line) + "\n")

    def since(self, seq: int = 0) -> list[Entry]:
        """Return the entries after that number, oldest first."""
        return sorted((e for e in self._entries if e.seq > seq), key=lambda e: e.seq)

    def clear(self) -> None:
        """Forget the entries; numbers go on."""
        self._entries.clear()
        self._changed()


def _shown(headers: Mapping[str, str]) -> dict[str, str]:
    """Leave out what signs in, and what every request carries anyway."""
    return {
        name: value
        for name, value in headers.items()
        if name.lower() not in _REDACTED | _UNTOLD
    }
