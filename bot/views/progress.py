"""The steps of a run, live and at its end: plan and task_card blocks, and counts."""

from collections import Counter
from collections.abc import Sequence

from bot.domain.offboarding import StepResult, StepStatus
from bot.domain.plans import Action
from bot.views.plans import NAME_MAX, counted, packed
from bot.views.text import Block, clip, count, foreign, one_line

_CARDS_MAX = 24  # more than that become one card an action
# Of one card; 24 of them leave room for the rest of a message of 13,200 characters.
_TITLE_MAX = 90
_DETAIL_MAX = 130

_PARAGRAPHS_CHARS = 5_500  # of all cards, where they are written as paragraphs

_TITLES_MAX = 4  # named of the steps that one reason holds up

_WORDS = {
    StepStatus.VERIFIED: "verified",
    StepStatus.ALREADY_SO: "already so",
    StepStatus.BLOCKED: "blocked",
    StepStatus.FAILED: "failed",
    StepStatus.UNKNOWN: "unknown",
    StepStatus.PENDING: "to do",
    StepStatus.RUNNING: "running",
}
STATUS_MARKS = {
    StepStatus.VERIFIED: ":white_check_mark:",
    StepStatus.ALREADY_SO: ":heavy_check_mark:",
    StepStatus.BLOCKED: ":no_entry:",
    StepStatus.FAILED: ":x:",
    StepStatus.UNKNOWN: ":grey_question:",
    StepStatus.PENDING: ":white_circle:",
    StepStatus.RUNNING: ":gear:",
}
_CARD_STATUS = {
    StepStatus.VERIFIED: "complete",
    StepStatus.ALREADY_SO: "complete",
    StepStatus.BLOCKED: "error",
    StepStatus.FAILED: "error",
    StepStatus.UNKNOWN: "error",
    StepStatus.PENDING: "pending",
    StepStatus.RUNNING: "in_progress",
}

_CARD_MARKS = {
    "complete": ":white_check_mark:",
    "error": ":warning:",
    "pending": ":white_circle:",
    "in_progress": ":gear:",
}


def status_words(status: StepStatus) -> str:
    """How a step stands, in one or two words."""
    return _WORDS[status]


def tally(steps: Sequence[StepResult]) -> str:
    """How many steps stand how, e.g. "9 verified, 1 already so, 3 blocked"."""
    counts = Counter(step.status for step in steps)
    parts = [
        f"{counts[status]} {_WORDS[status]}" for status in _WORDS if counts[status]
    ]
    return ", ".join(parts) or "no steps"


def shortfall(steps: Sequence[StepResult]) -> str:
    """Why an ended request is not complete, exactly."""
    missing = [step for step in steps if not step.status.is_good]
    if missing and all(step.step.blocked is not None for step in missing):
        return (
            "everything approved is done and verified; "
            f"{count(len(missing), 'thing needs', 'things need')} other hands"
        )
    return tally(steps)


def plan_block(steps: Sequence[StepResult]) -> Block:
    """Every step that was approved, each with its state; blocked ones stand apart."""
    approved = [step for step in steps if step.step.blocked is None]
    done = sum(step.status.is_good for step in approved)
    return {
        "type": "plan",
        "title": f"{done} of {len(approved)} approved steps are done",
        "tasks": _cards(approved),
    }


def without_cards(blocks: Sequence[Block]) -> list[Block]:
    """The same blocks with paragraphs in place of plan blocks."""
    found: list[Block] = []
    for block in blocks:
        found += _paragraphs(block) if block["type"] == "plan" else [block]
    return found


def _paragraphs(plan: Block) -> list[Block]:
    lines = [f"*{foreign(plan['title'])}*", *map(_card_line, plan["tasks"])]
    return packed(lines, most_chars=_PARAGRAPHS_CHARS)


def _card_line(card: Block) -> str:
    line = f"{_CARD_MARKS[card['status']]} {foreign(card['title'], _TITLE_MAX)}"
    if "details" not in card:
        return line
    (part,) = card["details"]["elements"][0]["elements"]
    return f"{line}: {foreign(part['text'], _DETAIL_MAX)}"


def open_lines(steps: Sequence[StepResult]) -> list[str]:
    """One line for each reason, with its remedy and the steps that it holds up."""
    held: dict[str, list[StepResult]] = {}
    for step in steps:
        held.setdefault(step.detail, []).append(step)
    return [f"• {_titles(some)}: {foreign(why, 400)}" for why, some in held.items()]


def _titles(steps: Sequence[StepResult]) -> str:
    names = [foreign(_title(step), 80) for step in steps[:_TITLES_MAX]]
    rest = len(steps) - len(names)
    return "; ".join([*names, f"and {count(rest, 'more step')}"] if rest else names)


def _cards(steps: Sequence[StepResult]) -> list[Block]:
    if len(steps) <= _CARDS_MAX:
        return [_card(step) for step in steps]
    groups = [[step for step in steps if step.step.action is each] for each in Action]
    return [_group_card(group) for group in groups if group]


def _card(step: StepResult) -> Block:
    card: Block = {
        "type": "task_card",
        "task_id": f"step-{step.position}",
        "title": clip(one_line(_title(step)), _TITLE_MAX),
        "status": _CARD_STATUS[step.status],
    }
    told = clip(one_line(step.detail), _DETAIL_MAX)
    return {**card, "details": _rich(told)} if told else card


def _group_card(steps: Sequence[StepResult]) -> Block:
    action = steps[0].step.action
    return {
        "type": "task_card",
        "task_id": f"action-{action}",
        "title": counted(action, len(steps)),
        "status": _group_status(steps),
        "details": _rich(tally(steps)),
    }


def _group_status(steps: Sequence[StepResult]) -> str:
    states = {_CARD_STATUS[step.status] for step in steps}
    if states == {"complete"} or states == {"pending"}:
        return states.pop()
    going_on = states & {"pending", "in_progress"}
    return "in_progress" if going_on else "error"


def _title(step: StepResult) -> str:
    planned = step.step
    if not planned.target_name:
        return planned.label
    return planned.label.replace(
        planned.target_name, clip(one_line(planned.target_name), NAME_MAX)
    )


def _rich(text: str) -> Block:
    """Foreign text as rich text, where no mark-up is read."""
    element = {"type": "text", "text": text}
    return {
        "type": "rich_text",
        "elements": [{"type": "rich_text_section", "elements": [element]}],
    }
