"""Where it is read what is in use: devices, sign-ins, registered methods."""

from collections.abc import Mapping
from types import MappingProxyType

from bot.domain.directory import DataSet
from bot.domain.permissions import AppRole
from bot.graph.data_sets.collection import LARGEST_PAGE, Collection
from bot.graph.decoding.devices import DeviceWire, ManagedDeviceWire
from bot.graph.decoding.signs_of_use import RegistrationWire, SignInActivityWire

LARGEST_PAGE_OF_ACTIVITY = 500  # of users with signInActivity; more is refused

COLLECTIONS: Mapping[DataSet, Collection] = MappingProxyType(
    {
        DataSet.DEVICES: Collection(
            "/devices",
            DeviceWire,
            "id,deviceId,displayName,operatingSystem,operatingSystemVersion,trustType,"
            "accountEnabled,isCompliant,isManaged,approximateLastSignInDateTime,"
            "registrationDateTime",
            AppRole.DEVICE_READ_ALL,
            top=LARGEST_PAGE,
            changes="/devices/delta",
        ),
        # Intune documents no largest page, so it decides.
        DataSet.MANAGED_DEVICES: Collection(
            "/deviceManagement/managedDevices",
            ManagedDeviceWire,
            "id,deviceName,userId,userPrincipalName,operatingSystem,osVersion,"
            "complianceState,managedDeviceOwnerType,azureADDeviceId,serialNumber,"
            "lastSyncDateTime",
            AppRole.DEVICE_MANAGEMENT_MANAGED_DEVICES_READ_ALL,
        ),
        # Beside the users rather than with them: where the licence is missing, Graph
        # refuses all of a query that names signInActivity.
        DataSet.SIGN_IN_ACTIVITY: Collection(
            "/users",
            SignInActivityWire,
            "id,signInActivity",
            AppRole.AUDIT_LOG_READ_ALL,
            top=LARGEST_PAGE_OF_ACTIVITY,
            ranged=True,
        ),
        # Its reference page knows $filter alone, but its limit is half a request a
        # second: in pages of a hundred, 100,000 people take half an hour.
        DataSet.REGISTRATIONS: Collection(
            "/reports/authenticationMethods/userRegistrationDetails",
            RegistrationWire,
            "id,userPrincipalName,isAdmin,isMfaRegistered,isMfaCapable,"
            "isPasswordlessCapable,methodsRegistered,lastUpdatedDateTime",
            AppRole.AUDIT_LOG_READ_ALL,
            top=LARGEST_PAGE,
            undocumented=True,
        ),
    }
)
