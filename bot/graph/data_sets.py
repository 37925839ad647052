"""Where each data set is read: path, selected properties, permission, page size.

Page sizes and what may be selected follow the reference page of each collection.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from bot.domain.directory import DataSet
from bot.domain.permissions import AppRole
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
from bot.graph.requests import GraphRequest

LARGEST_PAGE = 999
# Groups come with up to twenty members each, and their other ones are fetched before
# the page counts as read: a smaller page is less to hold and to read again.
GROUPS_PER_PAGE = 200
MOST_EXPANDED = 20  # where as many came with an owner, there may be more


@dataclass(frozen=True)
class Collection:
    """A collection that is read page by page.

    Attributes:
        item: the type that its objects are decoded to.
        needs: the least permission, the one to name when it is missing.
        expand: a related object that comes with each.
        top: objects per page; None where Graph decides.
        ranged: whether it may be filtered by createdDateTime, so that ranges of it can
            be read side by side.
        changes: the path that tells changes, None where Graph does not tell them.
        tracked: relations whose changes come too.
    """

    path: str
    item: type[Any]
    select: str
    needs: AppRole
    expand: str | None = None
    top: int | None = None
    ranged: bool = False
    changes: str | None = None
    tracked: str | None = None

    def request(self, condition: str | None = None) -> GraphRequest:
        """Ask for the first page of all objects, or of those that meet a condition."""
        params = {"$select": self.select}
        if self.expand is not None:
            params["$expand"] = self.expand
        if self.top is not None:
            params["$top"] = str(self.top)
        if condition is not None:
            params["$filter"] = condition
        return GraphRequest("GET", self.path, self.needs, params)

    def changes_request(self, *, from_now: bool) -> GraphRequest:
        """Ask for changes: from now on, or for everything there is first.

        Raises:
            ValueError: Graph tells no changes of this collection.
        """
        if self.changes is None:
            raise ValueError(f"{self.path} has no delta")
        select = ",".join(filter(None, (self.select, self.tracked)))
        params = {"$select": select}
        if from_now:
            params["$deltatoken"] = "latest"
        return GraphRequest(
            "GET", self.changes, self.needs, params, page_size=LARGEST_PAGE
        )


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


@dataclass(frozen=True)
class OwnedCollection:
    """A collection that exists only inside the objects of another one.

    Attributes:
        owners: the collection of the objects that own them. Read with `expand`, it
            brings the first twenty owned objects of each.
        inside: the owned collection's name in its owner.
        item: the type that owned objects are decoded to.
    """

    owners: Collection
    inside: str
    item: type[Any]
    select: str
    needs: AppRole

    def request(self, owner_id: str) -> GraphRequest:
        """Ask for all that one owner has."""
        return GraphRequest(
            "GET",
            f"{self.owners.path}/{owner_id}/{self.inside}",
            self.needs,
            {"$select": self.select, "$top": str(LARGEST_PAGE)},
        )


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
