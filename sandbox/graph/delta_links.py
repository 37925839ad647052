"""What every delta function has in common: its options, its links, their end."""

import re
from collections.abc import Mapping
from datetime import datetime, timedelta
from urllib.parse import urlencode

from sandbox.graph.errors import GraphError, bad_request, unsupported_query
from sandbox.graph.faults import Faults

LIFETIME = timedelta(days=7)  # of links to the directory's objects
LINKS = ("$skiptoken", "$deltatoken")
MAX_PAGE = 999

_PREFERRED = re.compile(r"odata\.maxpagesize\s*=\s*\"?(\d+)", re.IGNORECASE)


def check_options(options: Mapping[str, str]) -> None:
    """Refuse query options that delta functions do not take.

    Raises:
        GraphError: 400 naming the first of them.
    """
    for name in options:
        if name.startswith("$") and name not in (*LINKS, "$select"):
            raise unsupported_query(
                f"The query option '{name}' is not supported with delta queries here."
            )


def page_limit(preferred: str, usual: int) -> int:
    """Return how many objects a page holds, which the header Prefer may say."""
    asked = _PREFERRED.search(preferred)
    return min(MAX_PAGE, max(1, int(asked[1]))) if asked else usual


def link(path: str, name: str, token: str) -> str:
    """Return a next link or delta link. Callers keep the whole of it."""
    return f"{path}?{urlencode({name: token}, safe='$')}"


def unreadable() -> GraphError:
    """Refuse a token that was not given out here."""
    return bad_request("Badly formed token.")


def refuse_expired(
    faults: Faults, path: str, root: str, *, issued: datetime, now: datetime
) -> None:
    """Refuse a link that is older than a week, or that a fault makes expire.

    Raises:
        GraphError: 410 with a Location where to begin again; or what the fault
            `delta_expired` is set to.
    """
    if fault := faults.strike("delta_expired", "GET", path):
        status, code = int(fault.params["status"]), str(fault.params["code"])
        raise _expired(status, code, f"{root}{path}")
    if now - issued > LIFETIME:
        raise _expired(410, "syncStateNotFound", f"{root}{path}")


def _expired(status: int, code: str, begin: str) -> GraphError:
    headers = {"Location": f"{begin}?$deltatoken="} if status == 410 else {}
    message = {
        "Request_UnsupportedQuery": "DeltaLink older than 30 days is not supported.",
        "resyncRequired": "Resync required. Begin again without a token.",
    }.get(code, "The sync state generation is not found. Begin again without a token.")
    return GraphError(status, code, message, headers)
