"""Devices in Entra and in Intune, from Graph's objects to rows."""

from datetime import datetime
from uuid import UUID

import msgspec

from bot.domain.activity_rows import ManagedDeviceRow
from bot.domain.directory_rows import DeviceRow
from bot.graph.decoding.values import Text, Wire, guid, happened


class DeviceWire(Wire):
    """A `device`."""

    id: UUID
    device_id: Text | None = None
    display_name: Text | None = None
    operating_system: Text | None = None
    operating_system_version: Text | None = None
    trust_type: Text | None = None
    account_enabled: bool | None = None
    is_compliant: bool | None = None
    is_managed: bool | None = None
    approximate_last_sign_in_date_time: datetime | None = None
    registration_date_time: datetime | None = None

    def row(self) -> DeviceRow:
        """The device as stored."""
        return DeviceRow(
            self.id,
            guid(self.device_id, "deviceId"),
            self.display_name,
            self.operating_system,
            self.operating_system_version,
            self.trust_type,
            self.account_enabled,
            self.is_compliant,
            self.is_managed,
            happened(self.approximate_last_sign_in_date_time),
            happened(self.registration_date_time),
        )


class ManagedDeviceWire(Wire):
    """A `managedDevice`. Intune writes "" for what a device does not have."""

    id: UUID
    device_name: Text | None = None
    user_id: Text | None = None
    user_principal_name: Text | None = None
    operating_system: Text | None = None
    os_version: Text | None = None
    compliance_state: Text | None = None
    managed_device_owner_type: Text | None = None
    azure_ad_device_id: Text | None = msgspec.field(
        name="azureADDeviceId", default=None
    )
    serial_number: Text | None = None
    last_sync_date_time: datetime | None = None

    def row(self) -> ManagedDeviceRow:
        """The device as stored."""
        return ManagedDeviceRow(
            self.id,
            self.device_name or None,
            guid(self.user_id, "userId"),
            self.user_principal_name or None,
            self.operating_system or None,
            self.os_version or None,
            self.compliance_state,
            self.managed_device_owner_type,
            guid(self.azure_ad_device_id, "azureADDeviceId"),
            self.serial_number or None,
            happened(self.last_sync_date_time),
        )
