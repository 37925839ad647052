"""Where a directory's people, groups, apps and roles are read."""

from collections.abc import Mapping
from types import MappingProxyType

from bot.domain.directory import DataSet
from bot.domain.permissions import AppRole
from bot.graph.data_sets.collection import (
    GROUPS_PER_PAGE,
    LARGEST_PAGE,
    Collection,
    OwnedCollection,
)
from bot.graph.decoding.apps import (
    ApplicationWire,
    AppRoleAssignmentWire,
    OauthGrantWire,
    ResourceWithAssignmentsWire,
    ServicePrincipalWire,
)
from bot.graph.decoding.groups import GroupWire, GroupWithMembersWire, MemberWire
from bot.graph.decoding.people import OrganizationWire, SubscribedSkuWire, UserWire
from bot.graph.decoding.roles import RoleAssignmentWire, RoleDefinitionWire

_USERS = (
    "id,displayName,userPrincipalName,mail,accountEnabled,userType,jobTitle,"
    "department,companyName,usageLocation,onPremisesSyncEnabled,employeeId,"
    "licenseAssignmentStates,createdDateTime"
)
_GROUPS = (
    "id,displayName,mail,mailEnabled,securityEnabled,groupTypes,membershipRule,"
    "isAssignableToRole,onPremisesSyncEnabled,assignedLicenses,visibility,"
    "createdDateTime"
)
_APPLICATIONS = (
    "id,appId,displayName,signInAudience,passwordCredentials,keyCredentials,"
    "requiredResourceAccess,createdDateTime"
)
_SERVICE_PRINCIPALS = (
    "id,appId,displayName,servicePrincipalType,accountEnabled,appOwnerOrganizationId,"
    "passwordCredentials,keyCredentials,preferredTokenSigningKeyThumbprint,appRoles"
)

COLLECTIONS: Mapping[DataSet, Collection] = MappingProxyType(
    {
        DataSet.ORGANIZATION: Collection(
            "/organization",
            OrganizationWire,
            "id,displayName,verifiedDomains,assignedPlans,onPremisesSyncEnabled,"
            "createdDateTime",
            AppRole.ORGANIZATION_READ_ALL,
        ),
        DataSet.USERS: Collection(
            "/users",
            UserWire,
            _USERS,
            AppRole.USER_READ_ALL,
            expand="manager($select=id)",
            top=LARGEST_PAGE,
            ranged=True,
            changes="/users/delta",
            tracked="manager",
        ),
        DataSet.GROUPS: Collection(
            "/groups",
            GroupWire,
            _GROUPS,
            AppRole.GROUP_MEMBER_READ_ALL,
            top=LARGEST_PAGE,
            ranged=True,
            changes="/groups/delta",
        ),
        DataSet.APPLICATIONS: Collection(
            "/applications",
            ApplicationWire,
            _APPLICATIONS,
            AppRole.APPLICATION_READ_ALL,
            top=LARGEST_PAGE,
            ranged=True,
            changes="/applications/delta",
        ),
        DataSet.SERVICE_PRINCIPALS: Collection(
            "/servicePrincipals",
            ServicePrincipalWire,
            _SERVICE_PRINCIPALS,
            AppRole.APPLICATION_READ_ALL,
            top=LARGEST_PAGE,
            changes="/servicePrincipals/delta",
        ),
        DataSet.OAUTH_GRANTS: Collection(
            "/oauth2PermissionGrants",
            OauthGrantWire,
            "id,clientId,consentType,principalId,resourceId,scope",
            AppRole.DIRECTORY_READ_ALL,
            top=LARGEST_PAGE,
            changes="/oauth2PermissionGrants/delta",
        ),
        DataSet.ROLE_DEFINITIONS: Collection(
            "/roleManagement/directory/roleDefinitions",
            RoleDefinitionWire,
            "id,displayName,isBuiltIn,isEnabled",
            AppRole.ROLE_MANAGEMENT_READ_DIRECTORY,
        ),
        DataSet.ROLE_ASSIGNMENTS: Collection(
            "/roleManagement/directory/roleAssignments",
            RoleAssignmentWire,
            "id,roleDefinitionId,principalId,directoryScopeId",
            AppRole.ROLE_MANAGEMENT_READ_DIRECTORY,
        ),
        DataSet.SUBSCRIBED_SKUS: Collection(
            "/subscribedSkus",
            SubscribedSkuWire,
            "id,skuId,skuPartNumber,capabilityStatus,prepaidUnits,consumedUnits",
            AppRole.ORGANIZATION_READ_ALL,
        ),
    }
)
"""Data sets whose objects stand in a collection of their own."""


OWNED: Mapping[DataSet, OwnedCollection] = MappingProxyType(
    {
        DataSet.MEMBERSHIPS: OwnedCollection(
            Collection(
                "/groups",
                GroupWithMembersWire,
                "id",
                AppRole.GROUP_MEMBER_READ_ALL,
                expand="members($select=id)",
                top=GROUPS_PER_PAGE,
                ranged=True,
                changes="/groups/delta",
                tracked="members",
            ),
            "members",
            MemberWire,
            "id",
            AppRole.GROUP_MEMBER_READ_ALL,
        ),
        DataSet.APP_ROLE_ASSIGNMENTS: OwnedCollection(
            Collection(
                "/servicePrincipals",
                ResourceWithAssignmentsWire,
                "id",
                AppRole.APPLICATION_READ_ALL,
                expand="appRoleAssignedTo",
                top=LARGEST_PAGE,
            ),
            "appRoleAssignedTo",
            AppRoleAssignmentWire,
            "id,appRoleId,principalId,principalType,principalDisplayName,resourceId,"
            "resourceDisplayName,createdDateTime",
            AppRole.APPLICATION_READ_ALL,
        ),
    }
)
"""Data sets that are read owner by owner: a group's members, a resource's roles."""
