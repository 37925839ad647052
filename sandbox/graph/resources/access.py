"""Which application permissions open which kinds of operation.

Source: the application column of Microsoft Graph's permissions reference, as published
with its API metadata. Any one of a list is enough.
"""

READ_ORGANIZATION = (
    "Organization.Read.All",
    "Organization.ReadWrite.All",
    "User.Read.All",
    "Directory.Read.All",
    "Directory.ReadWrite.All",
)
READ_USERS = (
    "User.Read.All",
    "User.ReadWrite.All",
    "Directory.Read.All",
    "Directory.ReadWrite.All",
)
READ_GROUPS = (
    "GroupMember.Read.All",
    "Group.Read.All",
    "Group.ReadWrite.All",
    "Directory.Read.All",
    "Directory.ReadWrite.All",
)
READ_GROUP_MEMBERS = (
    "GroupMember.Read.All",
    "GroupMember.ReadBasic.All",
    "GroupMember.ReadWrite.All",
    "Group.Read.All",
    "Group.ReadWrite.All",
    "Directory.Read.All",
)
# Neither User.Read.All nor GroupMember.Read.All opens the direct memberships of a user.
READ_MEMBER_OF = (
    "GroupMember.ReadBasic.All",
    "Directory.Read.All",
    "Directory.ReadWrite.All",
)
READ_TRANSITIVE_MEMBER_OF = (
    "User.Read.All",
    "GroupMember.Read.All",
    "GroupMember.ReadBasic.All",
    "Group.Read.All",
    "Directory.Read.All",
    "Directory.ReadWrite.All",
)
WRITE_GROUP_MEMBERS = (
    "GroupMember.ReadWrite.All",
    "Group.ReadWrite.All",
    "Directory.ReadWrite.All",
)
READ_APPLICATIONS = (
    "Application.Read.All",
    "Application.ReadWrite.All",
    "Application.ReadWrite.OwnedBy",
    "Directory.Read.All",
    "Directory.ReadWrite.All",
)
# For their changes and owners the broadest permission serves, for the list it does not.
LIST_APPLICATIONS = (
    "Application.Read.All",
    "Application.ReadWrite.All",
    "Application.ReadWrite.OwnedBy",
    "Directory.Read.All",
)
READ_FEDERATED = (
    "Application.Read.All",
    "Application.ReadWrite.All",
    "Application.ReadWrite.OwnedBy",
)
READ_ROLES = (
    "RoleManagement.Read.Directory",
    "RoleManagement.ReadWrite.Directory",
    "Directory.Read.All",
    "Directory.ReadWrite.All",
)
WRITE_ROLES = ("RoleManagement.ReadWrite.Directory",)
READ_LICENCES = (
    "LicenseAssignment.Read.All",
    "User.Read.All",
    "User.ReadWrite.All",
    "Directory.Read.All",
    "Directory.ReadWrite.All",
)
READ_SKUS = (
    "LicenseAssignment.Read.All",
    "Organization.Read.All",
    "Organization.ReadWrite.All",
    "Directory.Read.All",
    "Directory.ReadWrite.All",
)
READ_USER_APP_ROLES = ("Directory.Read.All", "AppRoleAssignment.ReadWrite.All")
WRITE_USERS = ("User.ReadWrite.All", "Directory.ReadWrite.All")
ENABLE_USERS = ("User.EnableDisableAccount.All", *WRITE_USERS)
PHONE_USERS = ("User-Phone.ReadWrite.All", *WRITE_USERS)
REVOKE_SESSIONS = ("User.RevokeSessions.All", *WRITE_USERS)
DELETE_USERS = ("User.DeleteRestore.All", "User.ReadWrite.All")
READ_METHODS = (
    "UserAuthenticationMethod.Read.All",
    "UserAuthenticationMethod.ReadWrite.All",
)
WRITE_ANY_METHOD = "UserAuthenticationMethod.ReadWrite.All"
READ_DEVICES = (
    "Device.Read.All",
    "Device.ReadWrite.All",
    "Directory.Read.All",
    "Directory.ReadWrite.All",
)
READ_DEVICE_CHANGES = ("Device.Read.All",)
READ_MANAGED_DEVICES = (
    "DeviceManagementManagedDevices.Read.All",
    "DeviceManagementManagedDevices.ReadWrite.All",
    "DeviceManagementConfiguration.Read.All",
    "DeviceManagementConfiguration.ReadWrite.All",
)
_ANY_ROLES = (
    "RoleManagement.Read.All",
    "RoleManagement.Read.Directory",
    "RoleManagement.ReadWrite.Directory",
)
READ_ELIGIBILITIES = (
    "RoleEligibilitySchedule.Read.Directory",
    "RoleEligibilitySchedule.ReadWrite.Directory",
    *_ANY_ROLES,
)
READ_ACTIVATIONS = (
    "RoleAssignmentSchedule.Read.Directory",
    "RoleAssignmentSchedule.ReadWrite.Directory",
    *_ANY_ROLES,
)
READ_JOBS = (
    "Synchronization.Read.All",
    "Synchronization.ReadWrite.All",
    "Application.ReadWrite.OwnedBy",
)
READ_IDENTITY_PROVIDERS = (
    "IdentityProvider.Read.All",
    "IdentityProvider.ReadWrite.All",
)
READ_SIGN_INS = ("AuditLog.Read.All",)
READ_AUDITS = (*READ_SIGN_INS, "Directory.Read.All")
READ_PROVISIONING_LOG = ("ProvisioningLog.Read.All", *READ_AUDITS)
READ_USAGE = ("Reports.Read.All",)
READ_ANY_OBJECT = ("Directory.Read.All", "Directory.ReadWrite.All")
READ_GRANTS = (
    "Directory.Read.All",
    "Directory.ReadWrite.All",
    "DelegatedPermissionGrant.ReadWrite.All",
)
