"""From what Graph told to planned steps: each runnable, or blocked with its reason."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from bot.domain.groups import Group, GroupKind, why_not_removable
from bot.domain.permissions import AppRole, roles_meeting
from bot.domain.plans import Action, Leaver, PlannedStep
from bot.domain.privilege import Guard, may_touch
from bot.graph.authentication_methods import AuthenticationMethod

_WRITES = {
    Action.DISABLE_ACCOUNT: AppRole.USER_ENABLE_DISABLE_ACCOUNT_ALL,
    Action.REVOKE_SESSIONS: AppRole.USER_REVOKE_SESSIONS_ALL,
    Action.REMOVE_GROUPS: AppRole.GROUP_MEMBER_READ_WRITE_ALL,
    Action.REMOVE_METHODS: AppRole.USER_AUTHENTICATION_METHOD_READ_WRITE_ALL,
}
_PASSWORD = "Password"  # noqa: S105 - the label of a method


@dataclass(frozen=True)
class Standing:
    """What the leaver's administrator roles mean for the plan.

    Attributes:
        privileged_by: names of roles and role-assignable groups.
        own_roles: template IDs of the roles that this app holds tenant-wide.
        unread: why the roles could not be read; "" where they could.
    """

    guard: Guard
    privileged_by: tuple[str, ...]
    own_roles: tuple[str, ...]
    unread: str = ""

    @property
    def barred(self) -> str | None:
        """Why sensitive actions will be refused, or None."""
        if may_touch(self.guard, self.own_roles):
            return None
        return (
            "the leaver is privileged and this app's service principal does not hold "
            f"the directory role {self.guard.role_needed}; an administrator who holds "
            "it can do this"
        )


def account_steps(
    actions: Sequence[Action], granted: Collection[str], standing: Standing
) -> list[PlannedStep]:
    """Disable and revoke; their target is the leaver's account itself."""
    steps = []
    if Action.DISABLE_ACCOUNT in actions:
        blocked = _lacking(Action.DISABLE_ACCOUNT, granted) or standing.barred
        steps.append(PlannedStep(Action.DISABLE_ACCOUNT, blocked=blocked))
    if Action.REVOKE_SESSIONS in actions:
        # Entra documents no guard for this one, so it is tried.
        blocked = _lacking(Action.REVOKE_SESSIONS, granted)
        steps.append(PlannedStep(Action.REVOKE_SESSIONS, blocked=blocked))
    return steps


def group_steps(groups: Sequence[Group], granted: Collection[str]) -> list[PlannedStep]:
    """One step for each group, whatever its kind."""
    lacking = _lacking(Action.REMOVE_GROUPS, granted)
    return [
        PlannedStep(
            Action.REMOVE_GROUPS,
            target_id=str(group.id),
            target_name=group.display_name,
            variety=str(group.kind),
            blocked=_group_bar(group, granted) or lacking,
        )
        for group in groups
    ]


def method_steps(
    methods: Sequence[AuthenticationMethod],
    granted: Collection[str],
    standing: Standing,
) -> list[PlannedStep]:
    """One step for each method but the password, which the notes speak of."""
    lacking = _lacking(Action.REMOVE_METHODS, granted) or standing.barred
    return [
        PlannedStep(
            Action.REMOVE_METHODS,
            target_id=method.id,
            target_name=method.label,
            variety=method.collection or "",
            blocked=_method_bar(method) or lacking,
            is_default=bool(method.is_default),
        )
        for method in methods
        if method.label != _PASSWORD
    ]


def unread_action(action: Action, why: str) -> PlannedStep:
    """An action whose targets could not be listed, so that none can be approved."""
    return PlannedStep(action, blocked=why)


def notes(
    leaver: Leaver,
    actions: Sequence[Action],
    standing: Standing,
    groups: Sequence[Group],
    *,
    not_shown: Sequence[str] = (),
) -> tuple[str, ...]:
    """What the approver should know that is not a step.

    Args:
        not_shown: sorts of authentication methods that this cloud hides from apps.
    """
    found = (
        _about_state(leaver),
        _about_privilege(standing),
        _about_sync(leaver, actions),
        _about_password(actions),
        _about_methods(actions, not_shown),
        _about_licences(actions, groups),
    )
    return tuple(note for note in found if note)


def _group_bar(group: Group, granted: Collection[str]) -> str | None:
    if group.kind is GroupKind.ROLE_ASSIGNABLE:
        # Taking somebody's administrator roles away is a decision of its own.
        return "it can carry administrator roles, which Gatehouse does not change"
    return why_not_removable(group, granted)


def _method_bar(method: AuthenticationMethod) -> str | None:
    if method.collection:
        return None
    return method.why_not_removable or "Microsoft Graph cannot delete it"


def _lacking(action: Action, granted: Collection[str]) -> str | None:
    role = _WRITES[action]
    if roles_meeting(role).isdisjoint(granted):
        return f"the app has not been granted {role}"
    return None


def _about_state(leaver: Leaver) -> str:
    if not leaver.account_enabled:
        return "The account is disabled already."
    if not leaver.is_guest:
        return ""
    return (
        "This is a guest account: sessions and sign-in methods of its home directory "
        "stay as they are."
    )


def _about_privilege(standing: Standing) -> str:
    if standing.unread:
        return (
            "Whether the leaver holds administrator roles could not be seen "
            f"({standing.unread}); for an administrator, steps may be refused."
        )
    if not standing.privileged_by:
        return ""
    names = ", ".join(standing.privileged_by)
    touch = (
        "This app may act on such users."
        if standing.barred is None
        else "This app may not disable such users or remove their methods."
    )
    return f"The leaver is privileged: {names}. {touch} Roles stay assigned."


def _about_sync(leaver: Leaver, actions: Sequence[Action]) -> str:
    if not leaver.is_synced or Action.DISABLE_ACCOUNT not in actions:
        return ""
    return (
        "The account is synced from on-premises: disable it in Active Directory too, "
        "or the next sync may enable it again."
    )


def _about_password(actions: Sequence[Action]) -> str:
    if Action.REMOVE_METHODS not in actions:
        return ""
    return (
        "The password stays: an app cannot remove it. Disabling the account is what "
        "keeps it from being used."
    )


def _about_methods(actions: Sequence[Action], not_shown: Sequence[str]) -> str:
    if Action.REMOVE_METHODS not in actions or not not_shown:
        return ""
    return (
        "Not available to apps in this cloud, so neither listed nor removed: "
        f"{', '.join(not_shown)}. Look in the portal whether the leaver has any."
    )


def _about_licences(actions: Sequence[Action], groups: Sequence[Group]) -> str:
    given = [group.display_name for group in groups if group.gives_licences]
    if not given or Action.REMOVE_GROUPS not in actions:
        return ""
    names = ", ".join(f"“{name}”" for name in given[:5])
    return (
        f"Leaving {names}{' and others' if len(given) > 5 else ''} takes licences "
        "away: a mailbox is deleted some time after it loses its licence."
    )
