"""Whom an app may touch: administrators are guarded beyond permissions.

Source: Microsoft Entra, "Privileged roles and permissions", the table of who can
perform sensitive actions; role template IDs are the same in every tenant.
"""

from collections.abc import Collection
from enum import IntEnum

_GLOBAL_ADMINISTRATOR = "62e90394-69f5-4237-9190-012177145e10"
_PRIVILEGED_AUTHENTICATION_ADMINISTRATOR = "7be44c8a-adaf-4e2a-84d6-ab2649e08a13"
_USER_ADMINISTRATOR = "fe930be7-5e62-47db-91af-98c3a49a38b1"

_HARMLESS = frozenset(
    {
        "88d8e3e3-8f55-4a1e-953a-9b9898b8876b",  # Directory Readers
        "95e79109-95c0-4d8e-aee3-d01accf2d47b",  # Guest Inviter
        "790c1fb9-7f7d-4f88-86a1-ef1f95c05c1b",  # Message Center Reader
        "4a5d8f65-41da-4de4-8968-e035b65339cf",  # Reports Reader
        "75934031-6c7e-415a-99d7-48dbd49e875e",  # Usage Summary Reports Reader
        "966707d0-3269-4727-9be2-8c3a10f19b9d",  # Password Administrator
    }
)
_LESSER = frozenset(
    {
        "fdd7a751-b60b-444a-984c-02652fe8fa1c",  # Groups Administrator
        "729827e3-9c14-49f7-bb1b-9608f156bbb8",  # Helpdesk Administrator
        _USER_ADMINISTRATOR,
    }
)
_HIGHEST = frozenset({_GLOBAL_ADMINISTRATOR, _PRIVILEGED_AUTHENTICATION_ADMINISTRATOR})


class Guard(IntEnum):
    """How strongly Entra guards a user against sensitive actions."""

    NONE = 0  # the permission alone is enough
    LESSER = 1  # the app needs User Administrator or more
    HIGHEST = 2  # the app needs Privileged Authentication Administrator or more

    @property
    def role_needed(self) -> str:
        """The least role that an app must hold; "" where it needs none."""
        return _NEEDED[self]


_NEEDED = {
    Guard.NONE: "",
    Guard.LESSER: "User Administrator",
    Guard.HIGHEST: "Privileged Authentication Administrator",
}


def guard_of(
    role_template_ids: Collection[str], *, in_role_assignable_group: bool
) -> Guard:
    """How strongly somebody with these roles is guarded.

    A role that is not in the lists, custom ones too, counts as the highest; so does
    membership in a role-assignable group, whatever role it holds.
    """
    roles = {role.lower() for role in role_template_ids}
    if in_role_assignable_group or roles - _HARMLESS - _LESSER:
        return Guard.HIGHEST
    return Guard.LESSER if roles & _LESSER else Guard.NONE


def may_touch(guard: Guard, own_role_template_ids: Collection[str]) -> bool:
    """Whether an app that holds these roles tenant-wide passes a guard."""
    own = {role.lower() for role in own_role_template_ids}
    if guard is Guard.NONE or own & _HIGHEST:
        return True
    return guard is Guard.LESSER and _USER_ADMINISTRATOR in own
