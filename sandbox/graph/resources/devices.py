"""Devices: those registered in Entra, and those that Intune manages."""

from sandbox.graph.exchange import GraphRequest, Reply
from sandbox.graph.licences import Plan
from sandbox.graph.query import PageSizes, count_of, many, one
from sandbox.graph.resources import access
from sandbox.graph.resources.lookup import in_collection
from sandbox.graph.routing import Route
from sandbox.graph.schema import DEVICE
from sandbox.graph.schema_activity import MANAGED_DEVICE

INTUNE_PAGES = PageSizes(usual=1000, most=1000)


def list_devices(request: GraphRequest) -> Reply:
    """GET /devices."""
    return many(request, DEVICE, request.tenant.devices.values(), "devices")


def count_devices(request: GraphRequest) -> Reply:
    """GET /devices/$count."""
    return count_of(request, DEVICE, request.tenant.devices.values())


def get_device(request: GraphRequest) -> Reply:
    """GET /devices/{object id}, which is not the deviceId."""
    device = in_collection(request, request.tenant.devices, "object_id")
    return one(request, DEVICE, device, "devices")


def list_managed(request: GraphRequest) -> Reply:
    """GET /deviceManagement/managedDevices."""
    managed = request.tenant.managed_devices.values()
    context = "deviceManagement/managedDevices"
    return many(request, MANAGED_DEVICE, managed, context, sizes=INTUNE_PAGES)


ROUTES = (
    Route("GET", "/devices", list_devices, access.READ_DEVICES),
    Route("GET", "/devices/$count", count_devices, access.READ_DEVICES),
    Route("GET", "/devices/{object_id}", get_device, access.READ_DEVICES),
    Route(
        "GET",
        "/deviceManagement/managedDevices",
        list_managed,
        access.READ_MANAGED_DEVICES,
        cost=0,
        plan=Plan.INTUNE,
    ),
)
