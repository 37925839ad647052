"""Plans of an offboarding: what will change, in which order, and their hash."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
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


_STEP_LABELS = {
    Action.REMOVE_GROUPS: "Remove from group",
    Action.REMOVE_METHODS: "Remove method",
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


# The well-known ID of every user's mobile number. Graph refuses to delete it while an
# alternate mobile number exists.
MOBILE_PHONE = "3179e48a-750b-4051-897c-87b9720928f7"


@dataclass(frozen=True)
class Leaver:
    """The Entra user being offboarded, as read when the plan was made."""

    object_id: ObjectId
    display_name: str
    user_principal_name: str
    addresses: tuple[str, ...] = ()  # mail, UPN and proxies, case-folded
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
        """Identity within the plan, e.g. "remove_groups:<group id>".

        A method's collection is part of it, as it is part of what is deleted.
        """
        if not self.target_id:
            return str(self.action)
        if self.action is Action.REMOVE_METHODS:
            return f"{self.action}:{self.variety}/{self.target_id}"
        return f"{self.action}:{self.target_id}"

    @property
    def phase(self) -> Phase:
        """When it may run, and whether it could be undone."""
        return _PHASES[self.action]

    @property
    def label(self) -> str:
        """What it does, in the words of the modal, with its target's name."""
        if not self.target_id:
            return self.action.label
        return f"{_STEP_LABELS[self.action]}: {self.target_name}"


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
                _lateness(step),
                step.target_name.casefold(),
                step.key,
            ),
        )
    )


def _lateness(step: PlannedStep) -> int:
    """The default method goes last, the mobile number after the alternate one."""
    if step.is_default:
        return 2
    return 1 if step.target_id == MOBILE_PHONE else 0


@dataclass(frozen=True)
class PlanDifference:
    """How the tenant moved between approval and run.

    Attributes:
        grown: would be done, and was never approved.
        shrunk: was approved, and is no longer there to do.
        barred: was approved, and cannot be done any more; with the present reason.
    """

    grown: tuple[PlannedStep, ...]
    shrunk: tuple[PlannedStep, ...]
    barred: tuple[PlannedStep, ...]


def difference(approved: Plan, present: Plan) -> PlanDifference:
    """Compare an approved plan with the plan as it would be now.

    Raises:
        ValueError: plans of different people, which nothing can be said about.
    """
    if _subject(approved) != _subject(present):
        raise ValueError("plans of different leavers cannot be compared")
    before = {step.key for step in approved.runnable}
    after = {step.key for step in present.runnable}
    barred = {step.key: _bar(step, present) for step in approved.runnable}
    gone = [step for step in approved.runnable if step.key not in after]
    return PlanDifference(
        grown=tuple(step for step in present.runnable if step.key not in before),
        shrunk=tuple(step for step in gone if barred[step.key] is None),
        barred=tuple(
            replace(step, blocked=reason)
            for step in gone
            if (reason := barred[step.key]) is not None
        ),
    )


def _subject(plan: Plan) -> tuple[TenantId, ObjectId]:
    return plan.tenant_id, plan.leaver.object_id


def _bar(step: PlannedStep, present: Plan) -> str | None:
    """Why a step cannot be done now: itself, or its action as a whole, is blocked."""
    reasons = {other.key: other.blocked for other in present.blocked}
    return reasons.get(step.key) or reasons.get(str(step.action))
