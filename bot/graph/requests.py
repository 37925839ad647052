"""A Graph request as a value: what is asked, and with which permission.

Deleting is a closed list. `DELETE /groups/{id}/members/{id}` without `/$ref` deletes
the member itself, not the membership, wherever the app may write users; so a DELETE
that is not on the list cannot even be written down.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, Literal
from urllib.parse import quote

from bot.domain.permissions import AppRole

Json = dict[str, Any]
Method = Literal["GET", "POST", "PATCH", "DELETE"]

VERSION = "/v1.0"
NOTHING: Mapping[str, str] = MappingProxyType({})

_GUID = r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}"
_DELETABLE = (
    re.compile(rf"/groups/{_GUID}/members/{_GUID}/\$ref"),
    re.compile(
        rf"/users/{_GUID}/authentication/[a-z][A-Za-z0-9]+Methods/[A-Za-z0-9_=-]+"
    ),
)


class ForbiddenDeleteError(ValueError):
    """A DELETE that is not on the list of what Gatehouse may ever delete."""


@dataclass(frozen=True)
class GraphRequest:
    """One call.

    Attributes:
        path: after /v1.0, with IDs in place, without a query.
        needs: the least application permission; None where any token will do.
        params: query options, not yet encoded.
        is_advanced: asks the eventually consistent index (ConsistencyLevel).
        only_reads: a POST that changes nothing.
        page_size: how many objects a page should hold, where $top is not taken.
        redirects: answered by the address of a download instead of a body.

    Raises:
        ForbiddenDeleteError: a DELETE that Gatehouse never sends.
    """

    method: Method
    path: str
    needs: AppRole | None
    params: Mapping[str, str] = field(default_factory=dict)
    body: Mapping[str, Any] | None = None
    is_advanced: bool = False
    only_reads: bool = False
    page_size: int | None = None
    redirects: bool = False

    def __post_init__(self) -> None:
        if self.method != "DELETE":
            return
        if not any(shape.fullmatch(self.path) for shape in _DELETABLE):
            raise ForbiddenDeleteError(f"DELETE {self.path} is never sent.")

    @property
    def is_write(self) -> bool:
        """Whether it may change something."""
        return self.method != "GET" and not self.only_reads

    @property
    def target(self) -> str:
        """Path and encoded query, as $batch wants it and as a URL ends."""
        if not self.params:
            return self.path
        pairs = (f"{k}={quote(v, safe=_SAFE)}" for k, v in self.params.items())
        return f"{self.path}?{'&'.join(pairs)}"

    @property
    def headers(self) -> dict[str, str]:
        """What this request adds to the headers of every call."""
        headers = {"ConsistencyLevel": "eventual"} if self.is_advanced else {}
        if self.path.endswith("/$count"):
            headers["Accept"] = "text/plain"  # a bare number
        if self.page_size is not None:
            headers["Prefer"] = f"odata.maxpagesize={self.page_size}"
        return headers


_SAFE = "$,()'/:@*;"
