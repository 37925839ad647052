"""How each tenant's directory stands: what was read, how far, how old."""

from collections.abc import Iterable, Sequence
from enum import StrEnum
from typing import Any

from bot.domain.directory import DataSet, DataSetState, Standing
from bot.domain.syncs import (
    LABELS,
    NEEDS_SOMEBODY,
    TenantSync,
    held_key,
    share_done,
)
from bot.domain.tenants import Tenant
from bot.views.tenants import TenantAction
from bot.views.text import (
    Block,
    Drawing,
    actions,
    button,
    confirm,
    context,
    count,
    divider,
    foreign,
    section,
    when,
)

BLOCKS_MAX = 46  # of the 50 that a message may have; the rest is for what is left out
LINES_MAX = 2800  # characters of lines in one section
BAR_WIDTH = 12
COUNTED = (
    (DataSet.USERS, "user"),
    (DataSet.GROUPS, "group"),
    (DataSet.APPLICATIONS, "app registration"),
)

_MARKS = {
    Standing.NEVER_READ: ":white_circle:",
    Standing.READING: ":hourglass_flowing_sand:",
    Standing.CURRENT: ":white_check_mark:",
    Standing.PARTIAL: ":large_yellow_circle:",
    Standing.NOT_PERMITTED: ":lock:",
    Standing.NOT_LICENSED: ":heavy_minus_sign:",
    Standing.NOT_IN_CLOUD: ":heavy_minus_sign:",
    Standing.FAILED: ":red_circle:",
    Standing.HELD: ":large_orange_circle:",
}
_WORDS = {
    Standing.PARTIAL: "not all of it",
    Standing.NOT_PERMITTED: "not permitted",
    Standing.NOT_LICENSED: "not licensed",
    Standing.NOT_IN_CLOUD: "not in this cloud",
    Standing.FAILED: "the last read failed",
    Standing.HELD: "held back",
}

READ_AGAIN = (
    ":mag: The directory is being read. `/entra sync` shows how far it is; this alert "
    "closes itself when all of it was read."
)


class SyncAction(StrEnum):
    """Action IDs."""

    NOW = "sync.now"
    REMOVE = "sync.remove"


def sync_message(syncs: Sequence[TenantSync]) -> Drawing:
    """`/entra sync`."""
    blocks: list[Block] = []
    for shown, each in enumerate(syncs):
        drawn = _tenant_blocks(each)
        if shown and len(blocks) + len(drawn) > BLOCKS_MAX:
            words = count(len(syncs) - shown, "more tenant")
            hint = f"And {words}: name one, as in `/entra sync NAME`."
            return Drawing("How directories stand", [*blocks, context(hint)])
        blocks += [*drawn, divider()]
    return Drawing("How directories stand", blocks[:-1])


def asked_text(tenant: Tenant, *, was_running: bool) -> str:
    """Said after "Sync now"."""
    name = foreign(tenant.name)
    if was_running:
        return f":hourglass_flowing_sand: {name}'s directory is being read already."
    return (
        f":mag: {name}'s directory is being read. `/entra sync` shows how far it is; "
        "nobody has to wait for it."
    )


def removed_text(tenant: Tenant, data_set: DataSet, removed: int) -> str:
    """Said after "Remove what is gone"."""
    return (
        f":white_check_mark: {count(removed, 'row')} of {foreign(tenant.name)}'s "
        f"{LABELS[data_set].lower()} removed; it is being read once more."
    )


def directory_text(states: Sequence[DataSetState]) -> str:
    """A directory in one line: what there is, how old, what is amiss."""
    by_set = {state.data_set: state for state in states}
    counts = [
        count_of(by_set[data_set].rows, word)
        for data_set, word in COUNTED
        if data_set in by_set and by_set[data_set].read_at is not None
    ]
    read = [state.read_at for state in states if state.read_at is not None]
    if not read:
        return _amiss(states) or "not read yet"
    parts = [", ".join(counts), f"as of {when(min(read))}", _amiss(states)]
    return "; ".join(part for part in parts if part)


def bar(share: float) -> str:
    """A progress bar in plain characters, between backticks."""
    full = int(min(max(share, 0.0), 1.0) * BAR_WIDTH)
    return f"`{'█' * full}{'░' * (BAR_WIDTH - full)}`"


def count_of(number: int, word: str) -> str:
    """ "1,204 users"."""
    return f"{number:,} {word if number == 1 else f'{word}s'}"


def _amiss(states: Iterable[DataSetState]) -> str:
    bad = [state for state in states if state.standing in NEEDS_SOMEBODY]
    locked = [s for s in states if s.standing is Standing.NOT_PERMITTED]
    words = []
    if bad:
        words.append(f":warning: {count(len(bad), 'part')} not kept current")
    if locked:
        words.append(f"{count(len(locked), 'part')} not permitted")
    return f"{', '.join(words)} (`/entra sync`)" if words else ""


def _tenant_blocks(each: TenantSync) -> list[Block]:
    key = str(each.tenant.id)
    held = [state for state in each.states if state.standing is Standing.HELD]
    return [
        section(f"*{foreign(each.tenant.name)}*\n{_run_text(each)}"),
        *_packed(_line(state) for state in each.states if state not in held),
        *(section(_line(state), _remove_button(state)) for state in held),
        actions(
            button("Sync now", SyncAction.NOW, key),
            button("Scan now", TenantAction.SCAN, key),
        ),
        context(_scan_text(each.tenant)),
    ]


def _run_text(each: TenantSync) -> str:
    total = len(each.states)
    if each.is_running:
        share = each.done / total if total else 0.0
        return f"Being read now: {bar(share)} {each.done} of {total} parts done."
    next_at = f"Next by itself: {when(each.next_at)}."
    if each.ended_at is None:
        return f"Not read yet. {next_at}"
    return f"Last read: {when(each.ended_at)}. {next_at}"


def _line(state: DataSetState) -> str:
    name = f"{_MARKS[state.standing]} {LABELS[state.data_set]}"
    match state.standing:
        case Standing.NEVER_READ:
            return f"{name}: not read yet"
        case Standing.READING:
            return f"{name}: {_progress(state)}"
        case Standing.CURRENT:
            return f"{name}: *{state.rows:,}*{_age(state)}"
        case _:
            words = f"{name}: *{_WORDS[state.standing]}*. {foreign(state.reason, 300)}"
            kept = f" {state.rows:,} stored{_age(state)}." if state.rows else ""
            return f"{words}{kept}"


def _progress(state: DataSetState) -> str:
    share = share_done(state)
    if share is None:
        return f"{state.rows_done:,} so far"
    return f"{bar(share)} {share:.0%}, {state.rows_done:,} so far"


def _age(state: DataSetState) -> str:
    return "" if state.read_at is None else f", as of {when(state.read_at)}"


def _packed(lines: Iterable[str]) -> list[Block]:
    """Lines in as few sections as hold them, none cut in two."""
    packed: list[str] = []
    for line in lines:
        if packed and len(packed[-1]) + len(line) < LINES_MAX:
            packed[-1] += f"\n{line}"
        else:
            packed.append(line)
    return [section(text) for text in packed]


def _remove_button(state: DataSetState) -> dict[str, Any]:
    label = LABELS[state.data_set]
    key = str(held_key(state))
    question = confirm(
        f"{label}: remove what is gone?",
        "Rows that the last complete read did not find are removed here. Entra itself "
        "is not changed.",
        "Remove what is gone",
        "Keep it",
        danger=True,
    )
    pressed = button("Remove what is gone", SyncAction.REMOVE, key, style="danger")
    return {**pressed, "confirm": question}


def _scan_text(tenant: Tenant) -> str:
    words = "Secrets, certificates and consent are watched by scans."
    if tenant.last_scan_at is None:
        return f"{words} No scan is complete yet."
    return f"{words} Last complete scan: {when(tenant.last_scan_at)}."
