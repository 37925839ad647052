"""Jobs that copy people into other apps (SCIM), from Graph's objects to rows."""

from datetime import datetime
from uuid import UUID

from bot.domain.activity_rows import ProvisioningJobRow
from bot.graph.decoding.values import Key, Text, Wire, happened

# The tenant of Microsoft's own apps, hundreds of which are in every tenant. Where a
# cloud has another one, theirs are asked too and have no jobs.
_MICROSOFTS_TENANT = UUID("f8cdef31-a31e-4b4a-93e4-5f571e91255a")
_APPLICATION = "Application"


class _Error(Wire):
    code: Text | None = None
    message: Text | None = None


class _Schedule(Wire):
    state: Text | None = None


class _Quarantine(Wire):
    reason: Text | None = None
    current_began: datetime | None = None


class _Execution(Wire):
    state: Text | None = None
    error: _Error | None = None
    time_ended: datetime | None = None


class _Status(Wire):
    code: Text | None = None
    quarantine: _Quarantine | None = None
    last_execution: _Execution | None = None
    steady_state_last_achieved_time: datetime | None = None


class ProvisioningJobWire(Wire):
    """A `synchronizationJob`; what it never did has a time in year 1."""

    id: Key
    template_id: Text | None = None
    schedule: _Schedule | None = None
    status: _Status | None = None

    def row_in(self, service_principal_id: UUID) -> ProvisioningJobRow:
        """The job as stored."""
        status = self.status or _Status()
        quarantine = status.quarantine or _Quarantine()
        last = status.last_execution or _Execution()
        return ProvisioningJobRow(
            service_principal_id,
            self.id,
            self.template_id,
            status.code,
            None if self.schedule is None else self.schedule.state,
            quarantine.reason,
            happened(quarantine.current_began),
            last.state,
            _words(last.error),
            happened(last.time_ended),
            happened(status.steady_state_last_achieved_time),
        )


def _words(error: _Error | None) -> str | None:
    if error is None:
        return None
    return ": ".join(filter(None, (error.code, error.message))) or None


class ProvisionedAppWire(Wire):
    """A service principal, as far as it tells whether it may have jobs."""

    id: UUID
    service_principal_type: Text | None = None
    app_owner_organization_id: UUID | None = None

    @property
    def owned(self) -> list[ProvisioningJobWire] | None:
        """None where it must be asked for its jobs, nothing where it has none."""
        is_app = self.service_principal_type in (None, _APPLICATION)
        is_microsofts = self.app_owner_organization_id == _MICROSOFTS_TENANT
        return None if is_app and not is_microsofts else []
