"""Groups of a directory: their kinds, and whose members Gatehouse may remove."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from enum import StrEnum

from bot.domain.ids import ObjectId
from bot.domain.permissions import AppRole


class GroupKind(StrEnum):
    """What a group is, as far as it decides whether members can be removed."""

    SECURITY = "security"
    MICROSOFT_365 = "microsoft365"
    ROLE_ASSIGNABLE = "role_assignable"
    DYNAMIC = "dynamic"
    SYNCED = "synced"
    MAIL_ENABLED_SECURITY = "mail_enabled_security"
    DISTRIBUTION = "distribution"
    UNREADABLE = "unreadable"  # Graph told its ID and nothing else

    @property
    def label(self) -> str:
        """The words shown beside a group's name."""
        return _LABELS[self]


_LABELS = {
    GroupKind.SECURITY: "security group",
    GroupKind.MICROSOFT_365: "Microsoft 365 group",
    GroupKind.ROLE_ASSIGNABLE: "role-assignable group",
    GroupKind.DYNAMIC: "dynamic group",
    GroupKind.SYNCED: "synced group",
    GroupKind.MAIL_ENABLED_SECURITY: "mail-enabled security group",
    GroupKind.DISTRIBUTION: "distribution group",
    GroupKind.UNREADABLE: "unreadable group",
}

_NEVER_REMOVABLE = {
    GroupKind.DYNAMIC: "a rule decides who is in it; change the rule or the user's "
    "attributes",
    GroupKind.SYNCED: "it is mastered on-premises; remove the member in the "
    "on-premises Active Directory",
    GroupKind.MAIL_ENABLED_SECURITY: "only Exchange changes mail-enabled security "
    "groups; remove the member in the Exchange admin center",
    GroupKind.DISTRIBUTION: "only Exchange changes distribution groups; remove the "
    "member in the Exchange admin center",
    GroupKind.UNREADABLE: "the app may not read this group, so what would change is "
    "not known",
}


@dataclass(frozen=True)
class Group:
    """A group that somebody is a direct member of.

    Attributes:
        gives_licences: members get licences by it, and lose them with it.
    """

    id: ObjectId
    display_name: str
    kind: GroupKind
    mail: str | None = None
    is_role_assignable: bool = False
    gives_licences: bool = False


def kind_of(
    *,
    group_types: Sequence[str],
    mail_enabled: bool | None,
    security_enabled: bool | None,
    membership_rule: str | None = None,
    is_synced: bool = False,
    is_role_assignable: bool = False,
) -> GroupKind:
    """Name a group's kind from Graph's properties.

    Where several fit, the one that stands against a removal is told.
    """
    if mail_enabled is None and security_enabled is None:
        return GroupKind.UNREADABLE
    if "DynamicMembership" in group_types or membership_rule:
        return GroupKind.DYNAMIC
    if is_synced:
        return GroupKind.SYNCED
    is_unified = "Unified" in group_types
    if mail_enabled and not is_unified:
        return (
            GroupKind.MAIL_ENABLED_SECURITY
            if security_enabled
            else GroupKind.DISTRIBUTION
        )
    if is_role_assignable:
        return GroupKind.ROLE_ASSIGNABLE
    return GroupKind.MICROSOFT_365 if is_unified else GroupKind.SECURITY


def why_not_removable(group: Group, granted: Collection[str]) -> str | None:
    """Why a membership cannot be removed with the granted permissions, or None.

    Returns:
        A clause to stand after "cannot be done here, because".
    """
    if reason := _NEVER_REMOVABLE.get(group.kind):
        return reason
    role = AppRole.ROLE_MANAGEMENT_READ_WRITE_DIRECTORY
    if group.kind is GroupKind.ROLE_ASSIGNABLE and role not in granted:
        return f"it can carry administrator roles, and the app lacks {role}"
    return None
