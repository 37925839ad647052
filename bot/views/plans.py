"""Plans drawn: what would change, what cannot be done here, and why.

A leaver may be in hundreds of groups. What does not fit is counted, never dropped in
silence; the Details modal shows everything, page by page.
"""

import json
from collections.abc import Iterator, Sequence

from bot.domain.plans import Action, Phase, Plan, PlannedStep
from bot.views.rows import row_sections
from bot.views.text import Block, count, foreign

NAME_MAX = 80  # of a group or method in a list

_NOUNS = {
    Action.REMOVE_GROUPS: ("group membership", "group memberships"),
    Action.REMOVE_METHODS: ("authentication method", "authentication methods"),
}


def counted(action: Action, number: int) -> str:
    """What an action does to so many targets, e.g. "Remove 3 group memberships"."""
    if action not in _NOUNS:
        return action.label
    return f"Remove {count(number, *_NOUNS[action])}"


def plan_summary(plan: Plan) -> str:
    """The whole plan in one line of counts."""
    parts = [counted(action, len(steps)) for action, steps in by_action(plan.runnable)]
    done = " · ".join(parts) or "Nothing can be done here"
    blocked = len(plan.blocked)
    return f"{done} · {blocked} cannot be done here" if blocked else done


def changes_text(plan: Plan) -> str:
    """How many steps an approval sets going, and how many of them are for good."""
    changes = count(len(plan.runnable), "change")
    final = sum(step.phase is Phase.IRREVERSIBLE for step in plan.runnable)
    return f"{changes} ({final} cannot be undone)" if final else changes


def by_action(
    steps: Sequence[PlannedStep],
) -> Iterator[tuple[Action, tuple[PlannedStep, ...]]]:
    """The steps of each action that has any, in the order of the actions."""
    for action in Action:
        found = tuple(step for step in steps if step.action is action)
        if found:
            yield action, found


def change_lines(plan: Plan) -> list[str]:
    """Every change under its action's heading."""
    lines = []
    for action, steps in by_action(plan.runnable):
        final = " _(cannot be undone)_" if _is_final(steps) else ""
        lines.append(f"*{counted(action, len(steps))}*{final}")
        lines += [f"• {_named(step)}" for step in steps if step.target_id]
    return lines


def blocked_lines(plan: Plan) -> list[str]:
    """Every step that cannot be done, with its reason."""
    return [blocked_line(step) for step in plan.blocked]


def blocked_line(step: PlannedStep) -> str:
    """One step that cannot be done here, because."""
    reason = foreign(step.blocked or "", 300)
    what = foreign(step.label, NAME_MAX)
    return f"• {what}: cannot be done here, because {reason}"


def note_lines(plan: Plan) -> list[str]:
    """What an approver should know that is not a step."""
    return [f"• {foreign(note, 500)}" for note in plan.notes]


def packed(lines: Sequence[str], *, most_chars: int) -> list[Block]:
    """Lines packed into as few sections as Slack's limits allow.

    Args:
        most_chars: of JSON, in all; what does not fit is counted in a last line.
    """
    shown, left = _fitting(lines, most_chars)
    if left:
        shown = [*shown, f"_and {left} more; see Details_"]
    return row_sections(shown)


def _fitting(lines: Sequence[str], most_chars: int) -> tuple[list[str], int]:
    used, shown = 0, []
    for line in lines:
        used += len(json.dumps(line))  # as sent: an umlaut counts for six
        if used > most_chars:
            break
        shown.append(line)
    return shown, len(lines) - len(shown)


def _is_final(steps: Sequence[PlannedStep]) -> bool:
    return any(step.phase is Phase.IRREVERSIBLE for step in steps)


def _named(step: PlannedStep) -> str:
    name = foreign(step.target_name, NAME_MAX)
    return f"{name} (default, goes last)" if step.is_default else name
