"""The devices of the seeded tenant: registered in Entra, and managed by Intune."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sandbox.graph.tenant import Json, Tenant, timestamp
from sandbox.seeds.entra_ids import seeded_id


@dataclass(frozen=True)
class DeviceSeed:
    """A device. `seen` is how many days ago it signed in, None for never."""

    name: str
    owner: str
    system: str
    version: str
    trust: str = "AzureAd"
    seen: float | None = 0.3
    managed: bool = True
    compliant: bool | None = True
    personal: bool = False
    enabled: bool = True

    @property
    def id(self) -> str:
        """Return the object id."""
        return seeded_id("device", self.name)

    @property
    def device_id(self) -> str:
        """Return the id by which the device and Intune know it."""
        return seeded_id("deviceId", self.name)


_WINDOWS, _MAC, _IOS, _ANDROID = "10.0.26100.4061", "15.5.0", "18.5", "15"

DEMO_DEVICES = (
    DeviceSeed("LT-ADA-01", "ada", "Windows", _WINDOWS),
    DeviceSeed("LT-DANA-07", "dana", "Windows", _WINDOWS),
    DeviceSeed("Dana's iPhone", "dana", "IOS", _IOS, "Workplace", personal=True),
    DeviceSeed("MB-OMAR", "omar", "MacMDM", _MAC, compliant=False),
    DeviceSeed("LT-RUTH-02", "ruth", "Windows", _WINDOWS),
    DeviceSeed("LT-NORA-03", "nora", "Windows", _WINDOWS, "ServerAd"),
    DeviceSeed("LT-AMIR-04", "amir", "Windows", _WINDOWS),
    DeviceSeed("Lee's Pixel", "lee", "Android", _ANDROID, "Workplace", personal=True),
    DeviceSeed("LT-GWEN-05", "gwen", "Windows", "10.0.19045.3803", seen=212),
    DeviceSeed("LT-FELIX-06", "felix", "Windows", _WINDOWS, seen=96, enabled=False),
    DeviceSeed(
        *("KIOSK <Lobby> & *co*", "svc-backup", "Windows", "10.0.17763.1"),
        managed=False,
        compliant=None,
        seen=31,
    ),
    DeviceSeed(
        *("SRV-FILE-01", "svc-backup", "Windows Server", "10.0.20348.2527", "ServerAd"),
        managed=False,
        compliant=None,
        seen=None,
    ),
)


def add_devices(tenant: Tenant, seeds: tuple[DeviceSeed, ...], now: datetime) -> None:
    """Put devices into a tenant, and into Intune those that it manages."""
    for seed in seeds:
        tenant.devices[seed.id] = device_object(seed, now)
        if seed.managed:
            managed = _managed_object(seed, tenant, now)
            tenant.managed_devices[managed["id"]] = managed


def device_object(seed: DeviceSeed, now: datetime) -> Json:
    """Return the Graph object of a device."""
    seen = None if seed.seen is None else timestamp(now - timedelta(days=seed.seen))
    return {
        "id": seed.id,
        "deletedDateTime": None,
        "accountEnabled": seed.enabled,
        "approximateLastSignInDateTime": seen,
        "deviceId": seed.device_id,
        "deviceOwnership": "Personal" if seed.personal else "Company",
        "deviceVersion": 2,
        "displayName": seed.name,
        "isCompliant": seed.compliant,
        "isManaged": True if seed.managed else None,
        "managementType": "MDM" if seed.managed else None,
        "operatingSystem": seed.system,
        "operatingSystemVersion": seed.version,
        "onPremisesSyncEnabled": True if seed.trust == "ServerAd" else None,
        "physicalIds": [],
        "profileType": "RegisteredDevice",
        "registrationDateTime": timestamp(now - timedelta(days=430)),
        "systemLabels": [],
        "trustType": seed.trust,
    }


def _managed_object(seed: DeviceSeed, tenant: Tenant, now: datetime) -> Json:
    user = tenant.users.get(seeded_id("user", seed.owner), {})
    synced = now - timedelta(days=(seed.seen or 0) + 0.1)
    return {
        "id": seeded_id("managed", seed.name),
        "userId": user.get("id", ""),
        "deviceName": seed.name,
        "managedDeviceOwnerType": "personal" if seed.personal else "company",
        "enrolledDateTime": timestamp(now - timedelta(days=428)),
        "lastSyncDateTime": timestamp(synced),
        "operatingSystem": {"IOS": "iOS", "MacMDM": "macOS"}.get(
            seed.system, seed.system
        ),
        "osVersion": seed.version,
        "complianceState": "compliant" if seed.compliant else "noncompliant",
        "managementAgent": "mdm",
        "managementState": "managed",
        "azureADRegistered": True,
        "azureADDeviceId": seed.device_id,
        "isEncrypted": True,
        "userPrincipalName": user.get("userPrincipalName", ""),
        "userDisplayName": user.get("displayName", ""),
        "emailAddress": user.get("mail", ""),
        "serialNumber": seed.device_id[:8].upper(),
    }
