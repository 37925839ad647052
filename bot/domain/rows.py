"""Which row each data set consists of."""

from bot.domain import activity_rows as activity
from bot.domain import directory_rows as objects
from bot.domain.directory import DataSet

DirectoryRow = (
    objects.OrganizationRow
    | objects.UserRow
    | objects.GroupRow
    | objects.MembershipRow
    | objects.OwnerRow
    | objects.ApplicationRow
    | objects.ServicePrincipalRow
    | objects.AppRoleAssignmentRow
    | objects.OauthGrantRow
    | objects.RoleDefinitionRow
    | objects.RoleAssignmentRow
    | objects.SubscribedSkuRow
    | objects.DeviceRow
    | activity.FederatedCredentialRow
    | activity.RoleScheduleRow
    | activity.IdentityProviderRow
    | activity.ProvisioningJobRow
    | activity.SignInActivityRow
    | activity.RegistrationRow
    | activity.ManagedDeviceRow
    | activity.UsageOfficeRow
    | activity.UsageTeamsRow
    | activity.UsageAppsRow
    | activity.DirectoryAuditRow
    | activity.SignInRow
    | activity.ProvisioningLogRow
)

ROWS: dict[DataSet, type[DirectoryRow]] = {
    DataSet.ORGANIZATION: objects.OrganizationRow,
    DataSet.USERS: objects.UserRow,
    DataSet.GROUPS: objects.GroupRow,
    DataSet.MEMBERSHIPS: objects.MembershipRow,
    DataSet.GROUP_OWNERS: objects.OwnerRow,
    DataSet.APPLICATIONS: objects.ApplicationRow,
    DataSet.APPLICATION_OWNERS: objects.OwnerRow,
    DataSet.FEDERATED_CREDENTIALS: activity.FederatedCredentialRow,
    DataSet.SERVICE_PRINCIPALS: objects.ServicePrincipalRow,
    DataSet.SERVICE_PRINCIPAL_OWNERS: objects.OwnerRow,
    DataSet.APP_ROLE_ASSIGNMENTS: objects.AppRoleAssignmentRow,
    DataSet.OAUTH_GRANTS: objects.OauthGrantRow,
    DataSet.ROLE_DEFINITIONS: objects.RoleDefinitionRow,
    DataSet.ROLE_ASSIGNMENTS: objects.RoleAssignmentRow,
    DataSet.ROLE_ELIGIBILITIES: activity.RoleScheduleRow,
    DataSet.ROLE_ACTIVATIONS: activity.RoleScheduleRow,
    DataSet.SUBSCRIBED_SKUS: objects.SubscribedSkuRow,
    DataSet.DEVICES: objects.DeviceRow,
    DataSet.MANAGED_DEVICES: activity.ManagedDeviceRow,
    DataSet.IDENTITY_PROVIDERS: activity.IdentityProviderRow,
    DataSet.PROVISIONING_JOBS: activity.ProvisioningJobRow,
    DataSet.SIGN_IN_ACTIVITY: activity.SignInActivityRow,
    DataSet.REGISTRATIONS: activity.RegistrationRow,
    DataSet.USAGE_OFFICE: activity.UsageOfficeRow,
    DataSet.USAGE_TEAMS: activity.UsageTeamsRow,
    DataSet.USAGE_APPS: activity.UsageAppsRow,
    DataSet.DIRECTORY_AUDITS: activity.DirectoryAuditRow,
    DataSet.SIGN_INS: activity.SignInRow,
    DataSet.PROVISIONING_LOGS: activity.ProvisioningLogRow,
}

_PAIRS = frozenset(
    {
        DataSet.MEMBERSHIPS,
        DataSet.GROUP_OWNERS,
        DataSet.APPLICATION_OWNERS,
        DataSet.SERVICE_PRINCIPAL_OWNERS,
        DataSet.PROVISIONING_JOBS,
    }
)


def key_width(data_set: DataSet) -> int:
    """How many of a row's first fields tell it from others of its data set."""
    return 2 if data_set in _PAIRS else 1
