"""Pre-signed addresses of report files: whoever knows one may read, for minutes."""

import secrets
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from sandbox.graph.errors import GraphError

if TYPE_CHECKING:
    from sandbox.graph.entra import Entra

LIFETIME = timedelta(minutes=5)

# Makes the file anew for each download, in pieces.
Pieces = Callable[[], Iterator[bytes]]


@dataclass(frozen=True)
class _Ticket:
    pieces: Pieces
    ends_at: datetime


class Downloads:
    """The files that wait to be fetched. `root` is where they are served."""

    def __init__(self) -> None:
        self.root = ""
        self._tickets: dict[str, _Ticket] = {}

    def offer(self, pieces: Pieces, now: datetime) -> str:
        """Return the address of a file, good for five minutes."""
        for name in [n for n, t in self._tickets.items() if t.ends_at <= now]:
            del self._tickets[name]
        name = secrets.token_urlsafe(24)
        self._tickets[name] = _Ticket(pieces, now + LIFETIME)
        return f"{self.root}/data/download/{name}"

    def find(self, name: str, now: datetime) -> Pieces | None:
        """Return what is behind an address, None once it has ended."""
        ticket = self._tickets.get(name)
        return ticket.pieces if ticket is not None and now < ticket.ends_at else None

    def clear(self) -> None:
        """Let every address end."""
        self._tickets.clear()


def opened(entra: "Entra", name: str, *, signed: bool) -> Pieces:
    """Return the file of a ticket.

    Args:
        signed: whether the caller sent an Authorization header, which does not belong
            here: storage refuses a second proof beside the one in the address.

    Raises:
        GraphError: 400 for a token, 403 for an address that has ended, 404 for one
            that was never given out.
    """
    if signed:
        raise GraphError(
            400, "InvalidAuthenticationInfo", "Only one way to authenticate is allowed."
        )
    if entra.faults.strike("report_expired", "GET", f"/data/download/{name}"):
        raise GraphError(403, "AuthenticationFailed", "The signature has expired.")
    pieces = entra.downloads.find(name, entra.now())
    if pieces is None:
        raise GraphError(404, "NotFound", "There is no such download.")
    return pieces
