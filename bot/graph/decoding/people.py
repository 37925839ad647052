"""The tenant and its users, from Graph's objects to rows."""

from datetime import datetime
from functools import lru_cache
from uuid import UUID

import msgspec

from bot.domain.directory_rows import OrganizationRow, SubscribedSkuRow, UserRow
from bot.graph.decoding.values import Int32, Key, Text, Wire, json_text, utc

_ENABLED = "Enabled"
_NO_LICENCES = "[]"


class _Domain(Wire):
    name: Text | None = None
    is_default: bool | None = None


class _Plan(Wire):
    service: Text | None = None
    service_plan_id: UUID | None = None
    capability_status: Text | None = None


class OrganizationWire(Wire):
    """An `organization`."""

    id: UUID
    display_name: Text | None = None
    verified_domains: list[_Domain] | None = None
    assigned_plans: list[_Plan] | None = None
    on_premises_sync_enabled: bool | None = None
    created_date_time: datetime | None = None

    def row(self) -> OrganizationRow:
        """The tenant as it is stored."""
        return OrganizationRow(
            self.id,
            self.display_name,
            _domain_names(self.verified_domains),
            _plans(self.assigned_plans),
            self.on_premises_sync_enabled,
            utc(self.created_date_time),
        )


def _domain_names(domains: list[_Domain] | None) -> str | None:
    if domains is None:
        return None
    ordered = sorted(domains, key=lambda d: (not d.is_default, d.name or ""))
    return json_text([domain.name for domain in ordered if domain.name])


def _plans(plans: list[_Plan] | None) -> str | None:
    """With their IDs: one name stands for Entra ID P1 and for P2."""
    if plans is None:
        return None
    enabled = (p for p in plans if p.capability_status == _ENABLED)
    told = {(str(p.service_plan_id), p.service) for p in enabled if p.service_plan_id}
    return json_text(sorted(told, key=lambda pair: (pair[1] or "", pair[0])))


class _Manager(Wire):
    id: UUID | None = None


class _LicenceState(msgspec.Struct, frozen=True, rename="camel", gc=False):
    sku_id: UUID | None = None
    assigned_by_group: UUID | None = None


class UserWire(Wire):
    """A `user` with its manager's ID."""

    id: UUID
    display_name: Text | None = None
    user_principal_name: Text | None = None
    mail: Text | None = None
    account_enabled: bool | None = None
    user_type: Text | None = None
    job_title: Text | None = None
    department: Text | None = None
    company_name: Text | None = None
    usage_location: Text | None = None
    on_premises_sync_enabled: bool | None = None
    employee_id: Text | None = None
    manager: _Manager | None = None
    license_assignment_states: list[_LicenceState] | None = None
    created_date_time: datetime | None = None

    def row(self) -> UserRow:
        """The user as stored."""
        return UserRow(
            self.id,
            self.display_name,
            self.user_principal_name,
            self.mail,
            self.account_enabled,
            self.user_type,
            self.job_title,
            self.department,
            self.company_name,
            self.usage_location,
            self.on_premises_sync_enabled,
            self.employee_id,
            None if self.manager is None else self.manager.id,
            _licences(self.license_assignment_states),
            utc(self.created_date_time),
        )


def _licences(states: list[_LicenceState] | None) -> str | None:
    if states is None:
        return None
    return _licence_text(tuple(states)) if states else _NO_LICENCES


@lru_cache(maxsize=4096)  # a tenant's people share few combinations of licences
def _licence_text(states: tuple[_LicenceState, ...]) -> str:
    pairs = {(s.sku_id, s.assigned_by_group) for s in states if s.sku_id is not None}
    told = [(str(sku), group and str(group)) for sku, group in pairs]
    return json_text(sorted(told, key=lambda pair: (pair[0], pair[1] or "")))


class _PrepaidUnits(Wire):
    enabled: Int32 | None = None


class SubscribedSkuWire(Wire):
    """A `subscribedSku`."""

    id: Key
    sku_id: UUID
    sku_part_number: Text | None = None
    capability_status: Text | None = None
    prepaid_units: _PrepaidUnits | None = None
    consumed_units: Int32 | None = None

    def row(self) -> SubscribedSkuRow:
        """The licence as stored."""
        return SubscribedSkuRow(
            self.id,
            self.sku_id,
            self.sku_part_number,
            self.capability_status,
            None if self.prepaid_units is None else self.prepaid_units.enabled,
            self.consumed_units,
        )
