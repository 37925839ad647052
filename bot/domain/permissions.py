"""Which Graph application permissions Gatehouse uses, for what, and what is missing.

Source of names and of what covers what: Microsoft's published permissions data
(Graph v1.0, application scheme).
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
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


R = AppRole


class Feature(StrEnum):
    """A part of Gatehouse that an administrator may want without the others."""

    CORE = "core"
    WATCH = "watch"
    DEPROVISIONING = "deprovisioning"
    PROVISIONING = "provisioning"


# Without these Gatehouse does nothing at all; the other features may be unwanted.
ALWAYS_WANTED = (Feature.CORE, Feature.WATCH)


@dataclass(frozen=True)
class Need:
    """One permission that a feature needs.

    Attributes:
        role: the least permission, the one to ask for.
        purpose: what it is for, to stand after a dash.
        covered_by: broader permissions that serve as well.
        optional: the feature works without it, less well; `purpose` says how.
    """

    feature: Feature
    role: AppRole
    purpose: str
    covered_by: frozenset[AppRole] = frozenset()
    optional: bool = False

    def is_met_by(self, granted: Collection[str]) -> bool:
        """Whether any of the granted permissions serves."""
        return self.role in granted or any(r in granted for r in self.covered_by)


def _need(
    feature: Feature,
    role: AppRole,
    purpose: str,
    *covers: AppRole,
    optional: bool = False,
) -> Need:
    return Need(feature, role, purpose, frozenset(covers), optional)


_DIRECTORY = (R.DIRECTORY_READ_ALL, R.DIRECTORY_READ_WRITE_ALL)
_APPS = (*_DIRECTORY, R.APPLICATION_READ_WRITE_ALL)
_USER_WRITE = (R.USER_READ_WRITE_ALL, R.DIRECTORY_READ_WRITE_ALL)
_GROUP_WRITE = (R.GROUP_READ_WRITE_ALL, R.DIRECTORY_READ_WRITE_ALL)

NEEDS: tuple[Need, ...] = (
    _need(
        Feature.CORE,
        R.ORGANIZATION_READ_ALL,
        "read the tenant's name and verified domains",
        *_DIRECTORY,
        R.ORGANIZATION_READ_WRITE_ALL,
    ),
    _need(
        Feature.CORE,
        R.APPLICATION_READ_ALL,
        "read this app's own registration and what was consented",
        *_APPS,
    ),
    _need(
        Feature.WATCH,
        R.APPLICATION_READ_ALL,
        "see when app secrets and certificates end, and who owns the apps",
        *_APPS,
    ),
    _need(
        Feature.DEPROVISIONING,
        R.USER_READ_ALL,
        "find the leaver and prove each change by reading it back",
        *_DIRECTORY,
        R.USER_READ_WRITE_ALL,
    ),
    _need(
        Feature.DEPROVISIONING,
        R.GROUP_MEMBER_READ_ALL,
        "name the leaver's groups in the plan",
        *_DIRECTORY,
        R.GROUP_READ_ALL,
        R.GROUP_READ_WRITE_ALL,
    ),
    _need(
        Feature.DEPROVISIONING,
        R.USER_ENABLE_DISABLE_ACCOUNT_ALL,
        "disable the account",
        *_USER_WRITE,
    ),
    _need(
        Feature.DEPROVISIONING,
        R.USER_REVOKE_SESSIONS_ALL,
        "revoke sign-in sessions",
        *_USER_WRITE,
    ),
    _need(
        Feature.DEPROVISIONING,
        R.GROUP_MEMBER_READ_WRITE_ALL,
        "remove group memberships",
        *_GROUP_WRITE,
    ),
    _need(
        Feature.DEPROVISIONING,
        R.USER_AUTHENTICATION_METHOD_READ_WRITE_ALL,
        "list and remove authentication methods (a tier 0 permission: its holder "
        "could register a method for anybody)",
    ),
    _need(
        Feature.DEPROVISIONING,
        R.ROLE_MANAGEMENT_READ_DIRECTORY,
        "see before approval that a leaver holds administrator roles; without it "
        "that is found out only when a step is refused",
        *_DIRECTORY,
        R.ROLE_MANAGEMENT_READ_WRITE_DIRECTORY,
        optional=True,
    ),
    _need(
        Feature.PROVISIONING,
        R.USER_READ_WRITE_ALL,
        "create the joiner's account",
        R.DIRECTORY_READ_WRITE_ALL,
    ),
    _need(
        Feature.PROVISIONING,
        R.GROUP_MEMBER_READ_WRITE_ALL,
        "add the joiner to groups",
        *_GROUP_WRITE,
    ),
    _need(
        Feature.PROVISIONING,
        R.LICENSE_ASSIGNMENT_READ_WRITE_ALL,
        "assign licences",
        *_USER_WRITE,
    ),
    _need(
        Feature.PROVISIONING,
        R.USER_AUTH_METHOD_TAP_READ_WRITE_ALL,
        "issue the Temporary Access Pass for the first sign-in",
        R.USER_AUTHENTICATION_METHOD_READ_WRITE_ALL,
    ),
)


@dataclass(frozen=True)
class PermissionReport:
    """What one connection may do, feature by feature.

    Attributes:
        granted: names in the token's `roles` claim; empty when nothing is consented.
        delegated: names that the app registration requests as Delegated, which an
            app without a signed-in user can never use. None where the registration
            could not be read, so nothing can be said.
        requested: names requested as Application permissions; None as above.
    """

    granted: frozenset[str]
    delegated: frozenset[str] | None = None
    requested: frozenset[str] | None = None
    needs: tuple[Need, ...] = field(default=NEEDS)

    def missing(self, feature: Feature, *, optional: bool = False) -> tuple[Need, ...]:
        """The feature's needs that no granted permission meets."""
        return tuple(
            need
            for need in self.of(feature)
            if need.optional is optional and not need.is_met_by(self.granted)
        )

    def of(self, feature: Feature) -> tuple[Need, ...]:
        """All needs of a feature, in the order they are shown."""
        return tuple(need for need in self.needs if need.feature is feature)

    def works(self, feature: Feature) -> bool:
        """Whether everything the feature cannot do without is granted."""
        return not self.missing(feature)

    def wrongly_delegated(self) -> tuple[AppRole, ...]:
        """Needed permissions that were requested as Delegated, not Application."""
        mistaken = self.delegated or frozenset()
        unmet = [need.role for need in self.needs if not need.is_met_by(self.granted)]
        return tuple(dict.fromkeys(role for role in unmet if role in mistaken))


def roles_meeting(role: AppRole, needs: Iterable[Need] = NEEDS) -> frozenset[AppRole]:
    """The role itself and every broader one known to cover it."""
    covers = (need.covered_by for need in needs if need.role is role)
    return frozenset({role}).union(*covers)
