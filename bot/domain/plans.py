"""Plans of an offboarding: what will change, in which order, and their hash."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import IntEnum, StrEnum

from bot.domain.ids import ObjectId, TenantId


class Action(StrEnum):
    """What a requester ticks in the modal."""

    DISABLE_ACCOUNT = "disable_account"
    REVOKE_SESSIONS = "revoke_sessions"
    REMOVE_GROUPS = "remove_groups"
    REMOVE_METHODS = "remove_methods"

    @property
    def label(self) -> str:
        """The words beside the tick box."""
        return _ACTION_LABELS[self]


_ACTION_LABELS = {
    Action.DISABLE_ACCOUNT: "Disable account",
    Action.REVOKE_SESSIONS: "Revoke sessions",
    Action.REMOVE_GROUPS: "Remove group memberships",
    Action.REMOVE_METHODS: "Remove authentication methods",
}


class Phase(IntEnum):
    """Contain first, clean up next, what cannot be undone last."""

    CONTAIN = 1
    CLEAN_UP = 2
    IRREVERSIBLE = 3


_PHASES = {
    Action.DISABLE_ACCOUNT: Phase.CONTAIN,
    Action.REVOKE_SESSIONS: Phase.CONTAIN,
    Action.REMOVE_GROUPS: Phase.CLEAN_UP,
    Action.REMOVE_METHODS: Phase.IRREVERSIBLE,
}


@dataclass(frozen=True)
class Leaver:
    """The Entra user being offboarded, as read when the plan was made."""

    object_id: ObjectId
    display_name: str
    user_principal_name: str
    addresses: tuple[str, ...] = ()  # mail, UPN and proxies, lower case
    account_enabled: bool = True
    is_synced: bool = False  # mastered by an on-premises directory
    is_guest: bool = False
    privileged_by: tuple[str, ...] = ()  # role names, role-assignable groups


@dataclass(frozen=True)
class PlannedStep:
    """One change with its resolved target.

    Attributes:
        target_id: object ID of the group, ID of the method; "" where the leaver's
            account itself is the target.
        target_name: what people see.
        variety: the method's collection in Graph ("phoneMethods"), or the group's
            kind; "" for the account.
        blocked: why it cannot be done here, or None. Blocked steps are shown, never
            run, and not part of what is approved.
        is_default: the default authentication method, which goes last.
    """

    action: Action
    target_id: str = ""
    target_name: str = ""
    variety: str = ""
    blocked: str | None = None
    is_default: bool = False

    @property
    def key(self) -> str:
        """Identity within the plan, e.g. "remove_groups:<group id>"."""
        return f"{self.action}:{self.target_id}" if self.target_id else str(self.action)

    @property
    def phase(self) -> Phase:
        """When it may run, and whether it could be undone."""
        return _PHASES[self.action]


@dataclass(frozen=True)
class Plan:
    """What will change, read live from Graph.

    Attributes:
        steps: in the order they run: contain, clean up, irreversible, default
            authentication method last.
        notes: facts the approver should know that are not steps ("The password
            stays; it cannot be removed.").
    """

    tenant_id: TenantId
    leaver: Leaver
    actions: tuple[Action, ...]
    steps: tuple[PlannedStep, ...]
    read_at: datetime
    notes: tuple[str, ...] = ()

    @property
    def runnable(self) -> tuple[PlannedStep, ...]:
        """The steps that can be done."""
        return tuple(step for step in self.steps if step.blocked is None)

    @property
    def blocked(self) -> tuple[PlannedStep, ...]:
        """The steps that cannot be done here, with their reasons."""
        return tuple(step for step in self.steps if step.blocked is not None)

    @property
    def digest(self) -> str:
        """SHA-256 of the canonical plan: what exactly an approver approves.

        Tenant, leaver and every runnable step with its target, sorted; names and
        notes are left out, since a renamed group is still the same group.
        """
        canonical = json.dumps(
            [
                str(self.tenant_id),
                str(self.leaver.object_id),
                sorted(step.key for step in self.runnable),
            ],
            separators=(",", ":"),
        )
        return hashlib.sha256(canonical.encode()).hexdigest()


def in_order(steps: Sequence[PlannedStep]) -> tuple[PlannedStep, ...]:
    """Sort steps as they must run; within a phase in the order of the actions."""
    actions = list(Action)
    return tuple(
        sorted(
            steps,
            key=lambda step: (
                step.phase,
                actions.index(step.action),
                step.is_default,
                step.target_name.casefold(),
                step.target_id,
            ),
        )
    )


@dataclass(frozen=True)
class PlanDifference:
    """How the tenant moved between approval and run."""

    grown: tuple[PlannedStep, ...]  # would be done, was never shown
    shrunk: tuple[PlannedStep, ...]  # was approved, is no longer there to do


def difference(approved: Plan, present: Plan) -> PlanDifference:
    """Compare an approved plan with the plan as it would be now."""
    before = {step.key: step for step in approved.runnable}
    after = {step.key: step for step in present.runnable}
    return PlanDifference(
        grown=tuple(step for key, step in after.items() if key not in before),
        shrunk=tuple(step for key, step in before.items() if key not in after),
    )
