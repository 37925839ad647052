"""One Graph request on its way through the simulator, and the answer to it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

from sandbox.graph.errors import denied
from sandbox.graph.tenant import Json, Tenant

if TYPE_CHECKING:
    from sandbox.graph.changes import ChangeTracker
    from sandbox.graph.downloads import Downloads
    from sandbox.graph.faults import Faults
    from sandbox.graph.tokens import AccessToken


@dataclass(frozen=True)
class GraphRequest:
    """A request whose token was accepted and whose path is known.

    `path` begins after /v1.0, percent-decoded; `keys` are its variable parts;
    `headers` has lower-case names; `root` ends in /v1.0; `tenant` is what a read of
    this kind may see, which lags behind while the fault `read_lag` is on.
    """

    method: str
    path: str
    keys: Mapping[str, str]
    options: Mapping[str, str]
    headers: Mapping[str, str]
    body: Any
    token: "AccessToken"
    tenant: Tenant
    faults: "Faults"
    changes: "ChangeTracker"
    downloads: "Downloads"
    now: datetime
    root: str

    @property
    def is_eventual(self) -> bool:
        """Tell whether the caller accepts the eventually consistent index."""
        level = self.headers.get("consistencylevel", "").lower()
        return level == "eventual" and self.options.get("$count", "").lower() == "true"

    def has(self, *permissions: str) -> bool:
        """Tell whether the token carries any of these application permissions."""
        return not self.token.roles.isdisjoint(permissions)

    def require(self, *permissions: str) -> None:
        """Refuse a token that carries none of these permissions.

        Raises:
            GraphError: 403 Authorization_RequestDenied.
        """
        if not self.has(*permissions):
            raise denied()


@dataclass
class Reply:
    """What goes back: an HTTP status, a JSON body or text or nothing, headers.

    `raw` is a JSON body that was encoded before.
    """

    status: int = 200
    body: Json | None = None
    text: str | None = None
    raw: bytes | None = None
    headers: dict[str, str] = field(default_factory=dict)


def no_content() -> Reply:
    """Return the answer to a write that has nothing to say."""
    return Reply(204)
