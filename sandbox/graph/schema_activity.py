"""Graph types of what happens in a directory: schedules, jobs, reports, logs.

As in `sandbox.graph.schema`. These collections send every property unselected.
"""

from sandbox.graph.entity import EntityType, words


def _whole(
    name: str, text: str, filterable: str = "", sortable: str = ""
) -> EntityType:
    """Return a type that sends all of its properties unless told otherwise."""
    properties = words(text)
    return EntityType(
        name,
        properties,
        default=properties,
        filterable=words(filterable),
        sortable=words(sortable),
    )


_SCHEDULE = (
    "id principalId roleDefinitionId directoryScopeId appScopeId startDateTime "
    "endDateTime memberType"
)
_SCHEDULE_FILTERS = "id principalId roleDefinitionId directoryScopeId memberType"
ROLE_ELIGIBILITY = _whole(
    "unifiedRoleEligibilityScheduleInstance",
    f"{_SCHEDULE} roleEligibilityScheduleId",
    _SCHEDULE_FILTERS,
)
ROLE_ACTIVATION = _whole(
    "unifiedRoleAssignmentScheduleInstance",
    f"{_SCHEDULE} assignmentType roleAssignmentOriginId roleAssignmentScheduleId",
    f"{_SCHEDULE_FILTERS} assignmentType",
)

# What tells a Google from a Facebook belongs to derived types: not to be selected.
IDENTITY_PROVIDER = EntityType(
    "identityProviderBase", ("id", "displayName"), default=("id", "displayName")
)

SYNCHRONIZATION_JOB = _whole(
    "synchronizationJob", "id templateId schedule status synchronizationJobSettings"
)

MANAGED_DEVICE = _whole(
    "managedDevice",
    """id userId deviceName managedDeviceOwnerType enrolledDateTime lastSyncDateTime
    operatingSystem complianceState jailBroken managementAgent osVersion
    azureADRegistered azureADDeviceId deviceEnrollmentType deviceRegistrationState
    deviceCategoryDisplayName isSupervised isEncrypted userPrincipalName model
    manufacturer serialNumber phoneNumber userDisplayName managementState
    managedDeviceName emailAddress imei meid notes""",
    "id userId deviceName operatingSystem complianceState userPrincipalName "
    "azureADDeviceId serialNumber lastSyncDateTime managedDeviceOwnerType",
    "deviceName lastSyncDateTime",
)

REGISTRATION = _whole(
    "userRegistrationDetails",
    """id userPrincipalName userDisplayName userType isAdmin isSsprRegistered
    isSsprEnabled isSsprCapable isMfaRegistered isMfaCapable isPasswordlessCapable
    methodsRegistered isSystemPreferredAuthenticationMethodEnabled
    systemPreferredAuthenticationMethods userPreferredMethodForSecondaryAuthentication
    lastUpdatedDateTime""",
    "id userPrincipalName userDisplayName userType isAdmin isMfaRegistered "
    "isMfaCapable isPasswordlessCapable methodsRegistered",
    "userDisplayName userPrincipalName",
)

DIRECTORY_AUDIT = _whole(
    "directoryAudit",
    """id category correlationId result resultReason activityDisplayName
    activityDateTime loggedByService operationType initiatedBy targetResources
    additionalDetails""",
    "id category correlationId activityDisplayName activityDateTime loggedByService "
    "initiatedBy targetResources",
    "activityDateTime",
)
SIGN_IN = _whole(
    "signIn",
    """id createdDateTime userDisplayName userPrincipalName userId appId
    appDisplayName ipAddress clientAppUsed correlationId conditionalAccessStatus
    isInteractive riskDetail riskLevelAggregated riskLevelDuringSignIn riskState
    riskEventTypes riskEventTypes_v2 resourceDisplayName resourceId status
    deviceDetail location appliedConditionalAccessPolicies""",
    "id createdDateTime userDisplayName userPrincipalName userId appId "
    "appDisplayName ipAddress clientAppUsed correlationId conditionalAccessStatus "
    "status",
    "createdDateTime",
)
PROVISIONING_ENTRY = _whole(
    "provisioningObjectSummary",
    """id activityDateTime tenantId jobId cycleId changeId provisioningAction
    durationInMilliseconds servicePrincipal sourceSystem targetSystem initiatedBy
    sourceIdentity targetIdentity provisioningStatusInfo provisioningSteps
    modifiedProperties""",
    "id activityDateTime jobId cycleId changeId provisioningAction "
    "durationInMilliseconds",
    "activityDateTime",
)
