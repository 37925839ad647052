"""Directory roles: template ids, and who may touch whom.

Template ids are the same in every tenant. Source: Microsoft Entra built-in roles, and
"Who can perform sensitive actions" in the page on privileged roles and permissions.
"""

from sandbox.graph.tenant import Json, Tenant

ROLE_IDS = {
    "Global Administrator": "62e90394-69f5-4237-9190-012177145e10",
    "Privileged Authentication Administrator": "7be44c8a-adaf-4e2a-84d6-ab2649e08a13",
    "Privileged Role Administrator": "e8611ab8-c189-46e8-94e1-60213ab1f814",
    "User Administrator": "fe930be7-5e62-47db-91af-98c3a49a38b1",
    "Helpdesk Administrator": "729827e3-9c14-49f7-bb1b-9608f156bbb8",
    "Groups Administrator": "fdd7a751-b60b-444a-984c-02652fe8fa1c",
    "Application Administrator": "9b895d92-2cd3-44c7-9d02-a6ac2d5ea5c3",
    "Exchange Administrator": "29232cdf-9323-42fd-ade2-1d097af3e4de",
    "Authentication Administrator": "c4e39bd9-1100-46d3-8c65-fb160da0071f",
    "Password Administrator": "966707d0-3269-4727-9be2-8c3a10f19b9d",
    "Security Reader": "5d6b6bb7-de71-4623-b4af-96380a352509",
    "Directory Readers": "88d8e3e3-8f55-4a1e-953a-9b9898b8876b",
    "Guest Inviter": "95e79109-95c0-4d8e-aee3-d01accf2d47b",
    "Message Center Reader": "790c1fb9-7f7d-4f88-86a1-ef1f95c05c1b",
    "Reports Reader": "4a5d8f65-41da-4de4-8968-e035b65339cf",
    "Usage Summary Reports Reader": "75934031-6c7e-415a-99d7-48dbd49e875e",
}
ROLE_NAMES = {template_id: name for name, template_id in ROLE_IDS.items()}

_HARMLESS = {
    "Directory Readers",
    "Guest Inviter",
    "Message Center Reader",
    "Reports Reader",
    "Usage Summary Reports Reader",
    "Password Administrator",
}
_LESSER = {"Groups Administrator", "Helpdesk Administrator", "User Administrator"}
_HIGHEST = {"Global Administrator", "Privileged Authentication Administrator"}

SENSITIVE_PROPERTIES = frozenset(
    {
        "accountEnabled",
        "businessPhones",
        "mobilePhone",
        "onPremisesImmutableId",
        "otherMails",
        "passwordProfile",
        "userPrincipalName",
    }
)


def roles_needed_to_touch(tenant: Tenant, user_id: str) -> set[str] | None:
    """Return the roles of which an app needs one for a sensitive action on a user.

    None: the user is ordinary, so the permission alone is enough. Membership or
    ownership of a role-assignable group protects like a privileged role.
    """
    names = {ROLE_NAMES.get(role, role) for role in tenant.all_roles_of(user_id)}
    if names - _HARMLESS - _LESSER or _is_in_role_assignable_group(tenant, user_id):
        return _HIGHEST
    if names & _LESSER:
        return _HIGHEST | {"User Administrator"}
    return None


def _is_in_role_assignable_group(tenant: Tenant, user_id: str) -> bool:
    owned = (g for key, g in tenant.groups.items() if user_id in _owners(tenant, key))
    groups = (*tenant.transitive_groups_of(user_id), *owned)
    return any(group["isAssignableToRole"] for group in groups)


def _owners(tenant: Tenant, group_id: str) -> list[str]:
    return tenant.group_owners.get(group_id, [])


def may_touch(tenant: Tenant, principal_id: str, user_id: str) -> bool:
    """Tell whether a service principal may take sensitive actions on a user."""
    needed = roles_needed_to_touch(tenant, user_id)
    if needed is None:
        return True
    held = {ROLE_NAMES.get(role, role) for role in tenant.all_roles_of(principal_id)}
    return not needed.isdisjoint(held)


def directory_role(template_id: str) -> Json:
    """Return the activated directoryRole object of a template, of a stable id."""
    name = ROLE_NAMES[template_id]
    return {
        "@odata.type": "#microsoft.graph.directoryRole",
        # A tenant's own id for the role differs from the template's.
        "id": f"d{template_id[1:]}",
        "deletedDateTime": None,
        "description": f"Holders have the {name} role.",
        "displayName": name,
        "roleTemplateId": template_id,
    }


def role_definition(template_id: str) -> Json:
    """Return the unifiedRoleDefinition of a template; for these both ids are equal."""
    name = ROLE_NAMES[template_id]
    return {
        "id": template_id,
        "description": f"Holders have the {name} role.",
        "displayName": name,
        "isBuiltIn": True,
        "isEnabled": True,
        "resourceScopes": ["/"],
        "templateId": template_id,
        "version": "1",
        "rolePermissions": [],
    }
