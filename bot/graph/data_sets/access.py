"""Where it is read who may come in and act: trusts, privileged roles, provisioning."""

from collections.abc import Mapping
from types import MappingProxyType

from bot.domain.directory import DataSet
from bot.domain.permissions import AppRole
from bot.graph.data_sets.collection import LARGEST_PAGE, Collection, OwnedCollection
from bot.graph.decoding.provisioning import ProvisionedAppWire, ProvisioningJobWire
from bot.graph.decoding.roles import RoleScheduleWire
from bot.graph.decoding.trusts import (
    ApplicationWithTrustsWire,
    FederatedCredentialWire,
    IdentityProviderWire,
)

_SCHEDULE = "id,roleDefinitionId,principalId,directoryScopeId,memberType,"
_TIMES = "startDateTime,endDateTime"

COLLECTIONS: Mapping[DataSet, Collection] = MappingProxyType(
    {
        DataSet.ROLE_ELIGIBILITIES: Collection(
            "/roleManagement/directory/roleEligibilityScheduleInstances",
            RoleScheduleWire,
            _SCHEDULE + _TIMES,
            AppRole.ROLE_ELIGIBILITY_SCHEDULE_READ_DIRECTORY,
        ),
        DataSet.ROLE_ACTIVATIONS: Collection(
            "/roleManagement/directory/roleAssignmentScheduleInstances",
            RoleScheduleWire,
            f"{_SCHEDULE}assignmentType,{_TIMES}",
            AppRole.ROLE_ASSIGNMENT_SCHEDULE_READ_DIRECTORY,
        ),
        # Its types differ in their properties, and no query options are documented.
        # A provider's secret comes as asterisks, which the decoder passes over.
        DataSet.IDENTITY_PROVIDERS: Collection(
            "/identity/identityProviders",
            IdentityProviderWire,
            "",
            AppRole.IDENTITY_PROVIDER_READ_ALL,
        ),
    }
)

OWNED: Mapping[DataSet, OwnedCollection] = MappingProxyType(
    {
        # An app has at most twenty of them, so those that were expanded are all.
        DataSet.FEDERATED_CREDENTIALS: OwnedCollection(
            Collection(
                "/applications",
                ApplicationWithTrustsWire,
                "id",
                AppRole.APPLICATION_READ_ALL,
                expand="federatedIdentityCredentials",
                top=LARGEST_PAGE,
                ranged=True,
            ),
            "federatedIdentityCredentials",
            FederatedCredentialWire,
            "id,name,issuer,subject,audiences",
            AppRole.APPLICATION_READ_ALL,
            top=None,
        ),
        # No query options are documented for the jobs of a service principal.
        DataSet.PROVISIONING_JOBS: OwnedCollection(
            Collection(
                "/servicePrincipals",
                ProvisionedAppWire,
                "id,servicePrincipalType,appOwnerOrganizationId",
                AppRole.APPLICATION_READ_ALL,
                top=LARGEST_PAGE,
            ),
            "synchronization/jobs",
            ProvisioningJobWire,
            "",
            AppRole.SYNCHRONIZATION_READ_ALL,
            top=None,
            forgiving=True,
        ),
    }
)
