"""What the bot may read of a generated directory."""

# What is read as quickly as resource units allow.
DIRECTORY = (
    "Directory.Read.All",
    "Application.Read.All",
    "Organization.Read.All",
    "User.Read.All",
    "Group.Read.All",
    "GroupMember.Read.All",
    "RoleManagement.Read.Directory",
    "LicenseAssignment.Read.All",
    "Device.Read.All",
    "DeviceManagementManagedDevices.Read.All",
    "IdentityProvider.Read.All",
)
# And what is read app by app, or at five requests in ten seconds.
READING = (
    *DIRECTORY,
    "AuditLog.Read.All",
    "Reports.Read.All",
    "Synchronization.Read.All",
)
