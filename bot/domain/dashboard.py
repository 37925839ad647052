"""What is told at a glance about a workspace's tenants."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.domain.credentials import Credential
from bot.domain.directory import DataSetState
from bot.domain.tenants import Tenant


@dataclass(frozen=True)
class TenantOverview:
    """One connected tenant with the few numbers that matter.

    Attributes:
        open_alerts: open and acknowledged ones.
        next_ending: the credential whose end is soonest among those that have not
            ended; None where there is none, or before the first complete scan.
        pending_requests: offboarding requests that wait for a decision.
        directory: how each data set of its directory stands.
    """

    tenant: Tenant
    open_alerts: int = 0
    next_ending: Credential | None = None
    pending_requests: int = 0
    directory: Sequence[DataSetState] = ()


@dataclass(frozen=True)
class WorkspaceOverview:
    """All connected tenants of a workspace, by name, as they stood at `at`."""

    at: datetime
    tenants: Sequence[TenantOverview] = ()

    @property
    def open_alerts(self) -> int:
        """Open alerts of all tenants."""
        return sum(each.open_alerts for each in self.tenants)

    @property
    def pending_requests(self) -> int:
        """Requests of all tenants that wait for a decision."""
        return sum(each.pending_requests for each in self.tenants)

    def named(self, name: str) -> "WorkspaceOverview":
        """Only the tenants whose name begins so, in any case."""
        found = [each for each in self.tenants if is_named(each.tenant, name)]
        return WorkspaceOverview(self.at, found)


def is_named(tenant: Tenant, name: str) -> bool:
    """Whether somebody who types this, in any case, means the tenant."""
    return tenant.name.casefold().startswith(name.casefold())
