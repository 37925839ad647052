"""Next links and delta links: followed letter by letter, or not at all."""

from bot.graph.clouds import CloudHosts
from bot.graph.decoding.cleaning import mended
from bot.graph.errors import ForeignLinkError, GraphError
from bot.graph.requests import VERSION


def is_ours(hosts: CloudHosts, link: str) -> bool:
    """Whether a link leads to the cloud's own Graph."""
    # Letter by letter, so that no two parsers can see two hosts in it.
    return link.startswith(f"{hosts.graph}{VERSION}/")


def checked_link(hosts: CloudHosts, link: str) -> str:
    """Give a link back that leads to the cloud's own Graph.

    Raises:
        ForeignLinkError: it leads anywhere else; following it would give the token
            away.
    """
    if is_ours(hosts, link):
        return link
    raise stray_link(link)


def stray_link(link: str) -> ForeignLinkError:
    """Word a link that leads away, or back to where the list already was."""
    # As a link it is left as it came, whatever it holds; as words it is stored.
    place = mended(link.split("?")[0][:80])
    return ForeignLinkError(
        f"A list from Microsoft Graph goes on at {place}, which is "
        "not where it began, or goes in circles; nothing was sent there.",
        remedy="Look for a proxy that rewrites answers between Gatehouse and "
        "Microsoft.",
    )


# Whoever may not, or must wait, may still hold a link or a question that is good.
_NOT_ITS_FAULT = frozenset({401, 403, 429})


def is_refused(error: GraphError) -> bool:
    """Whether Graph will not take this link or question, now or later."""
    status = error.status or 0
    return status == 501 or (400 <= status < 500 and status not in _NOT_ITS_FAULT)
