"""Devices: what Entra knows of them, and half of them as Intune does."""

from sandbox.bulk.calendar import Calendar
from sandbox.bulk.collection import Collection, Columns
from sandbox.bulk.identifiers import Kind, object_id
from sandbox.bulk.people import DOMAIN
from sandbox.bulk.shape import Shape
from sandbox.graph.schema import DEVICE
from sandbox.graph.schema_activity import MANAGED_DEVICE

_SYSTEMS = (
    ("Windows", "10.0.26100.4061"),
    ("Windows", "10.0.19045.3803"),
    ("iOS", "18.5"),
    ("MacMDM", "15.5.0"),
    ("Android", "15"),
)


def device_id(number: int) -> str:
    """Return by what a device and Intune know it, which is not its object id."""
    return object_id(Kind.DEVICE_ID, number)


def _seen(number: int, version: int) -> str:
    """Return when a device was seen: later with each change, never for a few."""
    if number % 37 == 5:
        return "null"
    return f'"2026-{1 + number % 9:02}-{1 + (number + version) % 28:02}T07:08:09Z"'


def _name(number: int, version: int) -> str:
    return f'"LT-{number:06}{f" ({version})" if version else ""}"'


def _compliant(number: int, version: int) -> str:
    if number % 11 == 4:
        return "null"
    return "false" if (number + version) % 13 == 0 else "true"


def devices_of(shape: Shape) -> Collection:
    """Return the devices that are registered in Entra, or joined."""
    calendar = Calendar(shape.devices)
    trust = ("AzureAd", "AzureAd", "ServerAd", "Workplace")
    columns: Columns = {
        "deviceId": lambda n, _: f'"{device_id(n)}"',
        "displayName": _name,
        "operatingSystem": lambda n, _: f'"{_SYSTEMS[n % 5][0]}"',
        "operatingSystemVersion": lambda n, _: f'"{_SYSTEMS[n % 5][1]}"',
        "trustType": lambda n, _: f'"{trust[n % 4]}"',
        "accountEnabled": lambda n, _: "false" if n % 41 == 3 else "true",
        "isCompliant": _compliant,
        "isManaged": lambda n, _: "true" if n % 2 == 0 else "null",
        "approximateLastSignInDateTime": _seen,
        "registrationDateTime": lambda n, _: calendar.text(n),
    }
    return Collection(Kind.DEVICE, DEVICE, shape.devices, columns)


def managed_devices_of(shape: Shape) -> Collection:
    """Return the devices that Intune manages, each with the user who has it."""

    def user(number: int) -> int:
        return number % shape.anchors

    columns: Columns = {
        "deviceName": _name,
        "userId": lambda n, _: f'"{object_id(Kind.USER, user(n))}"',
        "userPrincipalName": lambda n, _: f'"user{user(n)}@{DOMAIN}"',
        "operatingSystem": lambda n, _: f'"{_SYSTEMS[n * 2 % 5][0]}"',
        "osVersion": lambda n, _: f'"{_SYSTEMS[n * 2 % 5][1]}"',
        "complianceState": lambda n, v: (
            '"noncompliant"' if (n + v) % 13 == 0 else '"compliant"'
        ),
        "managedDeviceOwnerType": lambda n, _: (
            '"personal"' if n % 6 == 1 else '"company"'
        ),
        "managementState": lambda _, __: '"managed"',
        "azureADDeviceId": lambda n, _: f'"{device_id(n * 2)}"',
        "serialNumber": lambda n, _: f'"SN{n:08}"',
        "lastSyncDateTime": lambda n, v: (
            f'"2026-09-{1 + (n + v) % 28:02}T05:06:07.1234567Z"'
        ),
    }
    count = shape.devices // 2
    return Collection(Kind.MANAGED_DEVICE, MANAGED_DEVICE, count, columns)
