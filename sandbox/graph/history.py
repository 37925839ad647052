"""The tenant as it was: what lets reads lag behind writes."""

from datetime import datetime, timedelta

from sandbox.graph.tenant import Tenant

KEPT = timedelta(minutes=5)


class History:
    """Copies of tenants from before each write, kept for a while."""

    def __init__(self) -> None:
        self._past: list[tuple[datetime, Tenant]] = []

    def record(self, tenant: Tenant, now: datetime) -> None:
        """Keep how a tenant is, just before a write at `now`."""
        self._past = [entry for entry in self._past if entry[0] > now - KEPT]
        self._past.append((now, tenant.clone()))

    def as_of(self, tenant: Tenant, moment: datetime) -> Tenant:
        """Return the tenant as it was then, itself where nothing changed since."""
        for written_at, before in self._past:
            if written_at > moment and before.id == tenant.id:
                return before
        return tenant

    def clear(self) -> None:
        """Forget the past."""
        self._past.clear()
