"""The simulator of Entra ID and Graph: tenants, tokens, faults and what was asked."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sandbox.feed import ChangeFeed
from sandbox.graph.changes import ChangeTracker
from sandbox.graph.downloads import Downloads
from sandbox.graph.fault_list import known_faults
from sandbox.graph.faults import Faults
from sandbox.graph.history import History
from sandbox.graph.journal import Journal
from sandbox.graph.limits import RequestLimits
from sandbox.graph.tenant import Tenant
from sandbox.graph.tokens import TokenOffice

Seed = Callable[[datetime], Tenant]


Clock = Callable[[], datetime]


def utc_now() -> datetime:
    """Return the wall clock's time."""
    return datetime.now(UTC)


class Entra:
    """Everything behind the login and Graph endpoints.

    `seed` makes the main tenant; `clock` returns aware UTC datetimes and may be moved
    by tests; every Graph request is also appended to `graph_log` as a JSON line.
    """

    def __init__(
        self,
        seed: Seed,
        *,
        clock: Clock = utc_now,
        feed: ChangeFeed | None = None,
        graph_log: Path | None = None,
    ) -> None:
        self.feed = feed or ChangeFeed()
        self._seed, self._clock = seed, clock
        self.offset = timedelta()
        self.tenant = seed(self.now())
        self._others: dict[str, Tenant] = {}
        self.tokens = TokenOffice()
        self.faults = Faults(known_faults(), lambda: self.feed.publish("faults"))
        self.journal = Journal(lambda: self.feed.publish("log"), graph_log)
        self.history = History()
        self.changes = ChangeTracker()
        self.limits = RequestLimits()
        self.downloads = Downloads()

    def now(self) -> datetime:
        """Return the simulator's time."""
        return self._clock() + self.offset

    def add_tenant(self, tenant: Tenant) -> None:
        """Serve one more tenant beside the main one."""
        self._others[tenant.id] = tenant

    def clouds(self) -> set[str]:
        """Return the clouds whose tokens are good here."""
        return {self.tenant.cloud, *(other.cloud for other in self._others.values())}

    def find_tenant(self, name: str) -> Tenant | None:
        """Return the tenant of that id or domain."""
        for tenant in (self.tenant, *self._others.values()):
            if tenant.answers_to(name):
                return tenant
        return None

    def get_tenant(self, tenant_id: str) -> Tenant:
        """Return the tenant of that id. Raises KeyError where there is none."""
        found = self.find_tenant(tenant_id)
        if found is None:
            raise KeyError(tenant_id)
        return found

    def reset(self) -> None:
        """Go back to the seed, with no faults, no tokens and an empty log."""
        self.tenant.restore(self._seed(self.now()))
        self.tokens.revoke_all()
        self.faults.clear()
        self.journal.clear()
        self.history.clear()
        self.changes.clear()
        self.limits.clear()
        self.downloads.clear()
        self.tenant_changed()

    def tenant_changed(self) -> None:
        """Tell the page that the tenant looks different now."""
        self.feed.publish("tenant")
