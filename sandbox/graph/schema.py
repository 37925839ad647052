"""Which properties each Graph type has, and which come without being selected.

Names are those of the v1.0 metadata. A property that exists but that nothing here
fills is answered as null when selected. What comes unselected, and what may be
filtered or sorted, follows the reference pages of each type.
"""

from sandbox.graph.entity import EntityType
from sandbox.graph.entity import words as _words

USER = EntityType(
    "user",
    _words(
        """id deletedDateTime aboutMe accountEnabled ageGroup assignedLicenses
        assignedPlans authorizationInfo birthday businessPhones city companyName
        consentProvidedForMinor country createdDateTime creationType
        customSecurityAttributes department deviceEnrollmentLimit displayName
        employeeHireDate employeeId employeeLeaveDateTime employeeOrgData employeeType
        externalUserState externalUserStateChangeDateTime faxNumber givenName hireDate
        identities imAddresses interests isManagementRestricted isResourceAccount
        jobTitle lastPasswordChangeDateTime legalAgeGroupClassification
        licenseAssignmentStates mail mailboxSettings mailNickname mobilePhone mySite
        officeLocation onPremisesDistinguishedName onPremisesDomainName
        onPremisesExtensionAttributes onPremisesImmutableId onPremisesLastSyncDateTime
        onPremisesProvisioningErrors onPremisesSamAccountName
        onPremisesSecurityIdentifier onPremisesSyncEnabled onPremisesUserPrincipalName
        otherMails passwordPolicies passwordProfile pastProjects postalCode
        preferredDataLocation preferredLanguage preferredName print provisionedPlans
        proxyAddresses responsibilities schools securityIdentifier
        serviceProvisioningErrors showInAddressList signInActivity
        signInSessionsValidFromDateTime skills state streetAddress surname
        usageLocation userPrincipalName userType"""
    ),
    default=_words(
        """businessPhones displayName givenName jobTitle mail mobilePhone
        officeLocation preferredLanguage surname userPrincipalName id"""
    ),
    filterable=_words(
        """id accountEnabled assignedLicenses city companyName country createdDateTime
        department displayName employeeId givenName identities jobTitle mail
        mailNickname mobilePhone officeLocation onPremisesImmutableId
        onPremisesSamAccountName onPremisesSyncEnabled otherMails proxyAddresses
        signInActivity state surname usageLocation userPrincipalName userType"""
    ),
    sortable=_words("displayName userPrincipalName createdDateTime mail surname"),
    searchable=_words("displayName mail userPrincipalName givenName surname"),
    relations=_words(
        "appRoleAssignments authentication directReports licenseDetails manager "
        "memberOf oauth2PermissionGrants ownedObjects transitiveMemberOf"
    ),
)

GROUP = EntityType(
    "group",
    _words(
        """id deletedDateTime accessType allowExternalSenders assignedLabels
        assignedLicenses autoSubscribeNewMembers classification createdDateTime
        description displayName expirationDateTime groupTypes
        hasMembersWithLicenseErrors hideFromAddressLists hideFromOutlookClients
        infoCatalogs isArchived isAssignableToRole isManagementRestricted
        isSubscribedByMail licenseProcessingState mail mailEnabled mailNickname
        membershipRule membershipRuleProcessingState onPremisesDomainName
        onPremisesLastSyncDateTime onPremisesNetBiosName onPremisesProvisioningErrors
        onPremisesSamAccountName onPremisesSecurityIdentifier onPremisesSyncEnabled
        preferredDataLocation preferredLanguage proxyAddresses renewedDateTime
        resourceBehaviorOptions resourceProvisioningOptions securityEnabled
        securityIdentifier serviceProvisioningErrors theme uniqueName
        unseenConversationsCount unseenCount unseenMessagesCount visibility
        welcomeMessageEnabled"""
    ),
    default=_words(
        """id deletedDateTime classification createdDateTime description displayName
        expirationDateTime groupTypes isAssignableToRole mail mailEnabled mailNickname
        membershipRule membershipRuleProcessingState onPremisesDomainName
        onPremisesLastSyncDateTime onPremisesNetBiosName onPremisesSamAccountName
        onPremisesSecurityIdentifier onPremisesSyncEnabled preferredDataLocation
        preferredLanguage proxyAddresses renewedDateTime resourceBehaviorOptions
        resourceProvisioningOptions securityEnabled securityIdentifier theme
        visibility onPremisesProvisioningErrors serviceProvisioningErrors"""
    ),
    filterable=_words(
        """id assignedLicenses createdDateTime description displayName groupTypes
        isAssignableToRole mail mailEnabled mailNickname membershipRuleProcessingState
        onPremisesSyncEnabled proxyAddresses securityEnabled visibility"""
    ),
    sortable=_words("displayName createdDateTime mail"),
    searchable=_words("displayName description mail mailNickname"),
    relations=_words("appRoleAssignments memberOf members owners transitiveMembers"),
)

APPLICATION = EntityType(
    "application",
    _words(
        """id deletedDateTime addIns api appId applicationTemplateId appRoles
        authenticationBehaviors certification createdDateTime defaultRedirectUri
        description disabledByMicrosoftStatus displayName groupMembershipClaims
        identifierUris info isDeviceOnlyAuthSupported isFallbackPublicClient
        keyCredentials logo nativeAuthenticationApisEnabled notes
        oauth2RequirePostResponse optionalClaims parentalControlSettings
        passwordCredentials publicClient publisherDomain requestSignatureVerification
        requiredResourceAccess samlMetadataUrl serviceManagementReference
        servicePrincipalLockConfiguration signInAudience spa tags tokenEncryptionKeyId
        uniqueName verifiedPublisher web"""
    ),
    # keyCredentials comes only when selected.
    default=_words(
        """id deletedDateTime appId applicationTemplateId disabledByMicrosoftStatus
        createdDateTime displayName description groupMembershipClaims identifierUris
        isDeviceOnlyAuthSupported isFallbackPublicClient notes publisherDomain
        serviceManagementReference signInAudience tags tokenEncryptionKeyId
        uniqueName samlMetadataUrl defaultRedirectUri certification optionalClaims
        addIns api appRoles info parentalControlSettings passwordCredentials
        publicClient requiredResourceAccess verifiedPublisher web spa"""
    ),
    filterable=_words(
        "id appId createdDateTime displayName identifierUris publisherDomain "
        "signInAudience tags"
    ),
    sortable=_words("displayName createdDateTime appId"),
    searchable=_words("displayName description"),
    relations=_words("federatedIdentityCredentials owners"),
)

SERVICE_PRINCIPAL = EntityType(
    "servicePrincipal",
    _words(
        """id deletedDateTime accountEnabled addIns alternativeNames appDescription
        appDisplayName appId applicationTemplateId appOwnerOrganizationId
        appRoleAssignmentRequired appRoles customSecurityAttributes description
        disabledByMicrosoftStatus displayName homepage info keyCredentials loginUrl
        logoutUrl notes notificationEmailAddresses oauth2PermissionScopes
        passwordCredentials preferredSingleSignOnMode
        preferredTokenSigningKeyThumbprint replyUrls
        resourceSpecificApplicationPermissions samlSingleSignOnSettings
        servicePrincipalNames servicePrincipalType signInAudience tags
        tokenEncryptionKeyId verifiedPublisher"""
    ),
    default=_words(
        """id deletedDateTime accountEnabled alternativeNames appDescription
        appDisplayName appId applicationTemplateId appOwnerOrganizationId
        appRoleAssignmentRequired description disabledByMicrosoftStatus displayName
        homepage loginUrl logoutUrl notes notificationEmailAddresses
        preferredSingleSignOnMode preferredTokenSigningKeyThumbprint replyUrls
        servicePrincipalNames servicePrincipalType signInAudience tags
        tokenEncryptionKeyId samlSingleSignOnSettings addIns appRoles info
        keyCredentials oauth2PermissionScopes passwordCredentials
        resourceSpecificApplicationPermissions verifiedPublisher"""
    ),
    filterable=_words(
        "id accountEnabled appId appOwnerOrganizationId displayName "
        "servicePrincipalNames servicePrincipalType tags"
    ),
    sortable=_words("displayName"),
    searchable=_words("displayName description"),
    relations=_words("appRoleAssignedTo appRoleAssignments owners"),
)

DEVICE = EntityType(
    "device",
    _words(
        """id deletedDateTime accountEnabled alternativeSecurityIds
        approximateLastSignInDateTime complianceExpirationDateTime deviceCategory
        deviceId deviceMetadata deviceOwnership deviceVersion displayName
        enrollmentProfileName enrollmentType isCompliant isManaged
        isManagementRestricted isRooted managementType manufacturer mdmAppId model
        onPremisesLastSyncDateTime onPremisesSecurityIdentifier onPremisesSyncEnabled
        operatingSystem operatingSystemVersion physicalIds profileType
        registrationDateTime systemLabels trustType"""
    ),
    default=_words(
        """id deletedDateTime accountEnabled approximateLastSignInDateTime
        complianceExpirationDateTime deviceCategory deviceId deviceMetadata
        deviceOwnership deviceVersion displayName enrollmentProfileName isCompliant
        isManaged isRooted managementType manufacturer mdmAppId model
        onPremisesLastSyncDateTime onPremisesSyncEnabled operatingSystem
        operatingSystemVersion physicalIds profileType registrationDateTime
        systemLabels trustType"""
    ),
    filterable=_words(
        """id accountEnabled approximateLastSignInDateTime deviceId displayName
        isCompliant isManaged operatingSystem registrationDateTime trustType"""
    ),
    sortable=_words("displayName approximateLastSignInDateTime"),
    searchable=("displayName",),
    relations=_words("memberOf registeredOwners registeredUsers transitiveMemberOf"),
)

_ORGANIZATION = _words(
    """id deletedDateTime assignedPlans businessPhones city country countryLetterCode
    createdDateTime defaultUsageLocation displayName marketingNotificationEmails
    mobileDeviceManagementAuthority onPremisesLastSyncDateTime onPremisesSyncEnabled
    partnerTenantType postalCode preferredLanguage privacyProfile provisionedPlans
    securityComplianceNotificationMails securityComplianceNotificationPhones state
    street technicalNotificationMails tenantType verifiedDomains"""
)
ORGANIZATION = EntityType("organization", _ORGANIZATION, default=_ORGANIZATION)

_DIRECTORY_ROLE = _words("id deletedDateTime description displayName roleTemplateId")
DIRECTORY_ROLE = EntityType(
    "directoryRole",
    _DIRECTORY_ROLE,
    default=_DIRECTORY_ROLE,
    filterable=("displayName", "roleTemplateId"),
)

_ROLE_ASSIGNMENT = _words(
    "id principalId roleDefinitionId directoryScopeId appScopeId "
    "principalOrganizationId condition"
)
ROLE_ASSIGNMENT = EntityType(
    "unifiedRoleAssignment",
    _ROLE_ASSIGNMENT,
    default=_words("id principalId roleDefinitionId directoryScopeId"),
    filterable=_words("id principalId roleDefinitionId directoryScopeId"),
    relations=("roleDefinition", "principal"),
)

_ROLE_DEFINITION = _words(
    "id description displayName isBuiltIn isEnabled resourceScopes templateId version "
    "rolePermissions"
)
ROLE_DEFINITION = EntityType(
    "unifiedRoleDefinition",
    _ROLE_DEFINITION,
    default=_ROLE_DEFINITION,
    filterable=_words("id displayName isBuiltIn templateId"),
)

_APP_ROLE_ASSIGNMENT = _words(
    "id deletedDateTime appRoleId createdDateTime principalDisplayName principalId "
    "principalType resourceDisplayName resourceId"
)
APP_ROLE_ASSIGNMENT = EntityType(
    "appRoleAssignment",
    _APP_ROLE_ASSIGNMENT,
    default=_APP_ROLE_ASSIGNMENT,
    filterable=("resourceId", "principalId"),
)

_GRANT = _words("id clientId consentType principalId resourceId scope")
OAUTH2_PERMISSION_GRANT = EntityType(
    "oAuth2PermissionGrant",
    _GRANT,
    default=_GRANT,
    filterable=_words("clientId consentType principalId resourceId"),
)

_SKU = _words(
    "id accountId accountName appliesTo capabilityStatus consumedUnits prepaidUnits "
    "servicePlans skuId skuPartNumber subscriptionIds"
)
SUBSCRIBED_SKU = EntityType("subscribedSku", _SKU, default=_SKU)

_LICENSE = _words("id servicePlans skuId skuPartNumber")
LICENSE_DETAILS = EntityType("licenseDetails", _LICENSE, default=_LICENSE)

_FEDERATED = _words("id audiences description issuer name subject")
FEDERATED_CREDENTIAL = EntityType(
    "federatedIdentityCredential", _FEDERATED, default=_FEDERATED
)

# Collections of mixed directory objects accept properties of any type in them.
_MIXED = tuple(
    dict.fromkeys(GROUP.properties + USER.properties + SERVICE_PRINCIPAL.properties)
)
DIRECTORY_OBJECT = EntityType(
    "directoryObject",
    (*_MIXED, "roleTemplateId"),
    default=("id",),
    filterable=("id", "displayName"),
    sortable=("displayName",),
    searchable=("displayName",),
)

BY_NAME = {
    t.name: t
    for t in (USER, GROUP, SERVICE_PRINCIPAL, APPLICATION, DEVICE, DIRECTORY_ROLE)
}
