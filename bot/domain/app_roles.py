"""The application permissions of Microsoft Graph that Gatehouse knows.

Source of names: Microsoft's published permissions data (Graph v1.0, application
scheme).
"""

from enum import StrEnum


class AppRole(StrEnum):
    """An application permission of Microsoft Graph, spelled as Microsoft does."""

    APPLICATION_READ_ALL = "Application.Read.All"
    APPLICATION_READ_WRITE_ALL = "Application.ReadWrite.All"
    APPLICATION_READ_WRITE_OWNED_BY = "Application.ReadWrite.OwnedBy"
    AUDIT_LOG_READ_ALL = "AuditLog.Read.All"
    DELEGATED_PERMISSION_GRANT_READ_WRITE_ALL = "DelegatedPermissionGrant.ReadWrite.All"
    DEVICE_READ_ALL = "Device.Read.All"
    DEVICE_READ_WRITE_ALL = "Device.ReadWrite.All"
    DEVICE_MANAGEMENT_CONFIGURATION_READ_ALL = "DeviceManagementConfiguration.Read.All"
    DEVICE_MANAGEMENT_CONFIGURATION_READ_WRITE_ALL = (
        "DeviceManagementConfiguration.ReadWrite.All"
    )
    DEVICE_MANAGEMENT_MANAGED_DEVICES_READ_ALL = (
        "DeviceManagementManagedDevices.Read.All"
    )
    DEVICE_MANAGEMENT_MANAGED_DEVICES_READ_WRITE_ALL = (
        "DeviceManagementManagedDevices.ReadWrite.All"
    )
    DIRECTORY_READ_ALL = "Directory.Read.All"
    DIRECTORY_READ_WRITE_ALL = "Directory.ReadWrite.All"
    GROUP_READ_ALL = "Group.Read.All"
    GROUP_READ_WRITE_ALL = "Group.ReadWrite.All"
    GROUP_MEMBER_READ_ALL = "GroupMember.Read.All"
    GROUP_MEMBER_READ_WRITE_ALL = "GroupMember.ReadWrite.All"
    IDENTITY_PROVIDER_READ_ALL = "IdentityProvider.Read.All"
    IDENTITY_PROVIDER_READ_WRITE_ALL = "IdentityProvider.ReadWrite.All"
    LICENSE_ASSIGNMENT_READ_ALL = "LicenseAssignment.Read.All"
    LICENSE_ASSIGNMENT_READ_WRITE_ALL = "LicenseAssignment.ReadWrite.All"
    ORGANIZATION_READ_ALL = "Organization.Read.All"
    ORGANIZATION_READ_WRITE_ALL = "Organization.ReadWrite.All"
    PROVISIONING_LOG_READ_ALL = "ProvisioningLog.Read.All"
    REPORTS_READ_ALL = "Reports.Read.All"
    ROLE_ASSIGNMENT_SCHEDULE_READ_DIRECTORY = "RoleAssignmentSchedule.Read.Directory"
    ROLE_ASSIGNMENT_SCHEDULE_READ_WRITE_DIRECTORY = (
        "RoleAssignmentSchedule.ReadWrite.Directory"
    )
    ROLE_ELIGIBILITY_SCHEDULE_READ_DIRECTORY = "RoleEligibilitySchedule.Read.Directory"
    ROLE_ELIGIBILITY_SCHEDULE_READ_WRITE_DIRECTORY = (
        "RoleEligibilitySchedule.ReadWrite.Directory"
    )
    ROLE_MANAGEMENT_READ_ALL = "RoleManagement.Read.All"
    ROLE_MANAGEMENT_READ_DIRECTORY = "RoleManagement.Read.Directory"
    ROLE_MANAGEMENT_READ_WRITE_DIRECTORY = "RoleManagement.ReadWrite.Directory"
    SYNCHRONIZATION_READ_ALL = "Synchronization.Read.All"
    SYNCHRONIZATION_READ_WRITE_ALL = "Synchronization.ReadWrite.All"
    USER_AUTHENTICATION_METHOD_READ_ALL = "UserAuthenticationMethod.Read.All"
    USER_AUTHENTICATION_METHOD_READ_WRITE_ALL = "UserAuthenticationMethod.ReadWrite.All"
    USER_AUTH_METHOD_TAP_READ_WRITE_ALL = "UserAuthMethod-TAP.ReadWrite.All"
    USER_ENABLE_DISABLE_ACCOUNT_ALL = "User.EnableDisableAccount.All"
    USER_READ_ALL = "User.Read.All"
    USER_READ_WRITE_ALL = "User.ReadWrite.All"
    USER_REVOKE_SESSIONS_ALL = "User.RevokeSessions.All"
