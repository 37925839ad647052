"""Downloads that Graph answers by an address: pre-signed, so never with our token."""

from collections.abc import AsyncGenerator
from datetime import timedelta
from ipaddress import ip_address

import httpx

from bot.graph.client import GraphClient
from bot.graph.clouds import CloudHosts
from bot.graph.errors import ForeignLinkError, GraphError
from bot.graph.requests import GraphRequest

MOST_BYTES = 4_000_000_000  # some twenty million users in one report
# At a byte now and then no single wait is too long, and nothing ends.
MOST_TIME = timedelta(hours=1)


class EndlessDownloadError(GraphError):
    """A download that goes on and on; what came of it cannot be taken as whole."""

    code = "endless_download"

    def __init__(self, host: str) -> None:
        minutes = MOST_TIME / timedelta(minutes=1)
        super().__init__(
            f"A download from {host} did not end within {MOST_BYTES:,} bytes and "
            f"{minutes:g} minutes.",
            remedy="Look for a proxy that repeats answers between Gatehouse and "
            "Microsoft.",
        )


class DownloadLostError(GraphError):
    """The address was no longer taken, or the download broke off; asking anew helps."""

    code = "download_lost"

    def __init__(self, host: str, what: str, *, status: int | None = None) -> None:
        super().__init__(
            f"A download from {host} {what}.",
            remedy="It is asked for again at the next sync; if this stays, check that "
            f"Gatehouse may open https connections to {host}.",
            status=status,
        )


async def download(graph: GraphClient, request: GraphRequest) -> AsyncGenerator[bytes]:
    """Yield a download in pieces, as they come.

    Raises:
        DownloadLostError: it came not, or not to its end.
        EndlessDownloadError: it did not stop.
        ForeignLinkError: the address is none to be opened; nothing was sent there.
        GraphError, SignInError: Graph did not tell an address.
    """
    url = checked_address(graph.hosts, await graph.redirected(request))
    received, until = 0, graph.clock.now() + MOST_TIME
    try:
        async with graph.stream(str(url)) as response:
            _check_status(url.host, response.status_code)
            async for piece in response.aiter_bytes():
                received += len(piece)
                if received > MOST_BYTES or graph.clock.now() > until:
                    raise EndlessDownloadError(url.host)
                yield piece
    except (httpx.TransportError, httpx.DecodingError) as error:
        raise DownloadLostError(url.host, "broke off") from error


def _check_status(host: str, status: int) -> None:
    if status != httpx.codes.OK:
        what = f"was refused (status {status})"
        raise DownloadLostError(host, what, status=status)


def checked_address(hosts: CloudHosts, address: str) -> httpx.URL:
    """Take an address of a download: https, of a host, and not Graph itself.

    Nor one inside the network that Gatehouse runs in, by number, unless Graph is there
    too, as a simulated one is. A name may lead inside, as it does behind a proxy; but
    nobody there has a certificate of it, and nothing of us is sent along.

    Raises:
        ForeignLinkError: it is another one.
    """
    try:
        url = httpx.URL(address)
    except httpx.InvalidURL:
        raise _no_address() from None
    graph = httpx.URL(hosts.graph)
    is_plain = url.scheme == "https" and url.host and not url.userinfo
    if not is_plain or url.netloc == graph.netloc:
        raise _no_address()
    if _is_inside(url.host) and not _is_inside(graph.host):
        raise _no_address()
    return url


def _is_inside(host: str) -> bool:
    """Whether a host is this machine or, by its number, one that is not public."""
    try:
        return not ip_address(host).is_global
    except ValueError:
        last = host.rstrip(".").rpartition(".")[2]
    # Other ways to write a number, as 127.1 or 0x7f000001, are taken for inside.
    return last == "localhost" or last.isdecimal() or last.startswith("0x")


def _no_address() -> ForeignLinkError:
    # The address itself is not told: whoever holds it may read the download.
    return ForeignLinkError(
        "Microsoft Graph told an address for a download that is none; nothing was sent "
        "there.",
        remedy="Look for a proxy that rewrites answers between Gatehouse and "
        "Microsoft.",
    )
