"""What the watch commands show: read models, each with how far it can be trusted."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.domain.credentials import Credential
from bot.domain.errors import BotError
from bot.domain.permissions import PermissionReport
from bot.domain.tenants import Tenant


@dataclass(frozen=True)
class EndingCredential:
    """One credential of one connected tenant."""

    tenant: Tenant
    credential: Credential

    @property
    def is_own(self) -> bool:
        """Whether Gatehouse itself signs in with it."""
        return self.credential.key_id == self.tenant.credential_key_id


@dataclass(frozen=True)
class WatchedTenant:
    """A tenant and how its last scan went.

    `failures` are plain sentences on what the last scan could not read; empty means
    that everything was read at `tenant.last_scan_at`.
    """

    tenant: Tenant
    failures: tuple[str, ...] = ()


@dataclass(frozen=True)
class SecretsOverview:
    """Credentials of all tenants of a workspace, soonest end first.

    Attributes:
        ending: the first ones; `more` counts those left out.
        as_of: when it was drawn up; days left are counted from here.
    """

    tenants: Sequence[WatchedTenant]
    ending: Sequence[EndingCredential]
    more: int
    as_of: datetime


@dataclass(frozen=True)
class TenantConsent:
    """What one tenant has granted, read now; or why that could not be read."""

    tenant: Tenant
    report: PermissionReport | None = None
    problem: BotError | None = None
