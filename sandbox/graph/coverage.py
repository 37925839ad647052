"""What the simulator answers of sign-in and Graph, and what it leaves out.

`tests/sandbox/graph/test_coverage.py` holds this list to the routes and to the tests.
"""

from sandbox.graph.coverage_activity import ACTIVITY
from sandbox.graph.covered import absent, partial, supported
from sandbox.graph.resources.methods import COLLECTIONS

_USER = "/users/{user_id}"
_GROUP = "/groups/{group_id}"
_BY_APP_ID, _BY_ID = "(appId='{client_id}')", "/{object_id}"
_ROLES = "/roleManagement/directory"

SIGN_IN = (
    *supported(
        "test_sign_in.py::test_unknown_tenant_stops_discovery",
        "GET /{tenant}/v2.0/.well-known/openid-configuration",
    ),
    partial(
        "POST /{tenant}/oauth2/v2.0/token",
        "test_sign_in.py::test_secret_gives_token_with_what_is_consented",
        "Client credentials by secret or certificate alone; no federated assertions, "
        "no other grants. Codes that need a person come by the fault login_error.",
    ),
    partial(
        "GET /{tenant}/discovery/v2.0/keys",
        "test_coverage.py::test_signing_keys_are_kept_to_oneself",
        "Always empty: access tokens are opaque to their bearer.",
    ),
)

_USERS = (
    *supported("test_queries.py::test_filters", "GET /users"),
    *supported(
        "test_queries.py::test_count_segment_wants_the_eventual_index",
        "GET /users/$count",
        "GET /groups/$count",
    ),
    *supported(
        "test_users.py::test_user_is_found_by_principal_name_too", f"GET {_USER}"
    ),
    partial(
        f"PATCH {_USER}",
        "test_users.py::test_disable_then_read_back",
        "Values other than accountEnabled are not checked against their type.",
    ),
    *supported(
        "test_users.py::test_deleted_user_leaves_groups_and_apps", f"DELETE {_USER}"
    ),
    *supported("test_users.py::test_manager", f"GET {_USER}/manager"),
    partial(
        f"POST {_USER}/revokeSignInSessions",
        "test_users.py::test_revoke_moves_the_start_of_valid_sessions",
        "Takes effect at once; the service takes minutes.",
    ),
    *supported(
        "test_groups.py::test_direct_memberships_want_their_own_permission",
        f"GET {_USER}/memberOf",
    ),
    *supported(
        "test_groups.py::test_transitive_memberships_go_through_groups",
        f"GET {_USER}/transitiveMemberOf",
    ),
    *supported(
        "test_groups.py::test_cast_is_an_advanced_query",
        f"GET {_USER}/memberOf/microsoft.graph.group",
        f"GET {_USER}/transitiveMemberOf/microsoft.graph.group",
    ),
    *supported(
        "test_users.py::test_licences_tell_what_and_by_whom",
        f"GET {_USER}/licenseDetails",
    ),
    partial(
        f"GET {_USER}/appRoleAssignments",
        "test_users.py::test_app_roles_of_a_user",
        "The seeds give no roles in applications to people.",
    ),
)

_METHODS = (
    *supported(
        "test_methods.py::test_leaver_has_nearly_every_type",
        f"GET {_USER}/authentication/methods",
    ),
    *supported(
        "test_methods.py::test_password_cannot_be_deleted",
        f"GET {_USER}/authentication/passwordMethods",
    ),
    *(
        covered
        for place in (f"{_USER}/authentication/{c.segment}" for c in COLLECTIONS)
        for covered in supported(
            "test_methods.py::test_typed_collection_lists_and_deletes",
            f"GET {place}",
            f"GET {place}/{{method_id}}",
            f"DELETE {place}/{{method_id}}",
        )
    ),
    *supported(
        "test_methods.py::test_removed_phone_and_email_can_be_registered_again",
        f"POST {_USER}/authentication/phoneMethods",
        f"POST {_USER}/authentication/emailMethods",
    ),
)

_GROUPS = (
    *supported(
        "test_groups.py::test_group_tells_what_decides_its_membership",
        "GET /groups",
        f"GET {_GROUP}",
    ),
    *supported(
        "test_groups.py::test_member_can_be_looked_up_by_filter",
        f"GET {_GROUP}/members",
    ),
    *supported(
        "test_groups.py::test_transitive_members_include_those_of_nested_groups",
        f"GET {_GROUP}/transitiveMembers",
    ),
    *supported(
        "test_groups.py::test_last_owner_stays",
        f"GET {_GROUP}/owners",
        f"DELETE {_GROUP}/owners/{{owner_id}}/$ref",
    ),
    *supported("test_groups.py::test_add_member_once", f"POST {_GROUP}/members/$ref"),
    partial(
        f"DELETE {_GROUP}/members/{{member_id}}/$ref",
        "test_groups.py::test_membership_decided_elsewhere_stays",
        "The wording of the refusal for dynamic groups is a guess.",
    ),
    partial(
        f"DELETE {_GROUP}/members/{{member_id}}",
        "test_groups.py::test_delete_without_ref_deletes_the_user",
        "Deletes users alone; nested groups are refused.",
    ),
)

_APPS = (
    *supported(
        "test_applications.py::test_certificates_come_only_when_selected",
        "GET /applications",
    ),
    *supported(
        "test_access.py::test_app_reads_itself_without_any_permission",
        *(f"GET /applications{key}" for key in (_BY_APP_ID, _BY_ID)),
        *(f"GET /servicePrincipals{key}" for key in (_BY_APP_ID, _BY_ID)),
    ),
    *supported(
        "test_applications.py::test_owners",
        *(f"GET /applications{key}/owners" for key in (_BY_APP_ID, _BY_ID)),
    ),
    *supported(
        "test_applications.py::test_federated_credentials_have_no_end",
        *(
            f"GET /applications{key}/federatedIdentityCredentials"
            for key in (_BY_APP_ID, _BY_ID)
        ),
    ),
    *supported(
        "test_applications.py::test_every_registration_has_its_service_principal",
        "GET /servicePrincipals",
    ),
    *supported(
        "test_activity.py::test_owners_of_service_principals",
        *(f"GET /servicePrincipals{key}/owners" for key in (_BY_APP_ID, _BY_ID)),
    ),
    *supported(
        "test_applications.py::test_what_the_bot_asks_for_and_what_it_was_granted",
        *(
            f"GET /servicePrincipals{key}/appRoleAssignments"
            for key in (_BY_APP_ID, _BY_ID)
        ),
    ),
    *supported(
        "test_applications.py::test_graphs_own_principal_lists_its_roles_and_grants",
        *(
            f"GET /servicePrincipals{key}/appRoleAssignedTo"
            for key in (_BY_APP_ID, _BY_ID)
        ),
    ),
)

_REST = (
    *supported(
        "test_users.py::test_organization_names_the_tenant",
        "GET /organization",
        "GET /organization/{tenant_id}",
    ),
    *supported("test_users.py::test_skus_count_what_is_used", "GET /subscribedSkus"),
    partial(
        f"GET {_ROLES}/roleAssignments",
        "test_roles.py::test_roles_of_a_person_by_filter",
        "Scope of the whole directory alone: no administrative units.",
    ),
    *supported(
        "test_roles.py::test_assignment_can_be_deleted_with_the_permission",
        f"GET {_ROLES}/roleAssignments/{{assignment_id}}",
        f"DELETE {_ROLES}/roleAssignments/{{assignment_id}}",
    ),
    *(
        partial(
            f"GET {_ROLES}/roleDefinitions{key}",
            "test_roles.py::test_definitions_are_named",
            "Sixteen built-in roles, without what they permit.",
        )
        for key in ("", "/{role_id}")
    ),
    *supported(
        "test_roles.py::test_directory_roles_are_those_that_somebody_holds",
        "GET /directoryRoles",
        "GET /directoryRoles/{role_object_id}/members",
    ),
    *supported("test_roles.py::test_objects_by_ids", "POST /directoryObjects/getByIds"),
    *supported("test_roles.py::test_object_by_id", "GET /directoryObjects/{object_id}"),
    partial(
        "POST /$batch",
        "test_batch.py::test_every_request_has_its_own_status",
        "Runs in the order given; dependsOn may name earlier requests alone.",
    ),
)

_CHANGES = (
    *(
        partial(
            f"GET /{resource}/delta",
            "test_delta.py::test_what_happens_is_told_once",
            "No $filter by id; pages of 25 unless Prefer names another size.",
        )
        for resource in (
            "users",
            "groups",
            "applications",
            "servicePrincipals",
            "oauth2PermissionGrants",
            "devices",
        )
    ),
    *supported(
        "test_delta.py::test_delegated_grants_are_listed",
        "GET /oauth2PermissionGrants",
    ),
)

_ABSENT = (
    *absent(
        "GET /directoryRoles/delta",
        "POST /users",
        f"POST {_USER}/assignLicense",
        f"PUT {_USER}/manager/$ref",
        f"DELETE {_USER}/manager/$ref",
        f"GET {_USER}/oauth2PermissionGrants",
        f"GET {_USER}/ownedObjects",
        f"DELETE {_USER}/appRoleAssignments/{{assignment_id}}",
        f"POST {_USER}/authentication/temporaryAccessPassMethods",
        f"PATCH {_GROUP}",
        "GET /domains",
        "GET /identityGovernance/appConsent/appConsentRequests",
        f"POST {_ROLES}/roleAssignments",
        "GET /admin/reportSettings",
        "GET /devices/{object_id}/registeredOwners",
    ),
)

GRAPH = (*_USERS, *_METHODS, *_GROUPS, *_APPS, *_REST, *_CHANGES, *ACTIVITY, *_ABSENT)
