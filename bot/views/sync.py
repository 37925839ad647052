"""How each tenant's directory stands: what was read, how far, how old."""

import json
from collections import Counter
from collections.abc import Sequence
from enum import StrEnum
from typing import Any

from bot.domain.directory import DataSet, DataSetState, Standing
from bot.domain.subjects import is_amiss, is_locked_out
from bot.domain.syncs import LABELS, TenantSync, held_key, in_words
from bot.domain.tenants import Tenant
from bot.views.rows import as_many_as_fit, row_sections
from bot.views.sync_lines import bar, clock_lines, held_line, lines_of, listed
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
TEXT_MOST = 12_000  # characters of a message, likewise; Slack refuses some 13,000
HELD_MOST, LINES_MOST = 4_000, 6_500  # of one tenant
COUNTED = (
    (DataSet.USERS, "user"),
    (DataSet.GROUPS, "group"),
    (DataSet.APPLICATIONS, "app registration"),
)
TALLIED = (
    (Standing.PARTIAL, "not whole"),
    (Standing.NOT_PERMITTED, "not permitted"),
    (Standing.NOT_LICENSED, "not licensed"),
    (Standing.NOT_IN_CLOUD, "not in this cloud"),
    (Standing.NEVER_READ, "not read yet"),
)

READ_AGAIN = (
    ":mag: The directory is being read. `/entra sync` shows how far it is; this alert "
    "closes itself when all of it was read."
)


class SyncAction(StrEnum):
    """Action IDs."""

    SHOW = "sync.show"
    NOW = "sync.now"
    REMOVE = "sync.remove"


def sync_message(syncs: Sequence[TenantSync]) -> Drawing:
    """`/entra sync`."""
    blocks: list[Block] = []
    for shown, each in enumerate(syncs):
        drawn = _tenant_blocks(each)
        if shown and not _fits([*blocks, *drawn]):
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
        f"{in_words(data_set)} removed; it is being read once more."
    )


def directory_text(states: Sequence[DataSetState]) -> str:
    """A directory in one line: what there is, how old, what is amiss."""
    by_set = {state.data_set: state for state in states if state.read_at is not None}
    counted = [(by_set[each], word) for each, word in COUNTED if each in by_set]
    read = [state for state, _ in counted] or list(by_set.values())
    if not read:
        return _amiss(states) or "not read yet"
    counts = ", ".join(count_of(state.rows, word) for state, word in counted)
    oldest = min(state.read_at for state in read if state.read_at is not None)
    parts = [counts, f"as of {when(oldest)}", _amiss(states)]
    return "; ".join(part for part in parts if part)


def count_of(number: int, word: str) -> str:
    """ "1,204 users"."""
    return f"{number:,} {word if number == 1 else f'{word}s'}"


def _amiss(states: Sequence[DataSetState]) -> str:
    """What to look at: a warning only for what somebody counts on."""
    amiss = sum(map(is_amiss, states))
    partial = sum(state.standing is Standing.PARTIAL for state in states)
    locked = sum(state.standing is Standing.NOT_PERMITTED for state in states)
    open_to = locked - sum(map(is_locked_out, states))
    told = (
        (amiss, f":warning: {count(amiss, 'part')} not kept current"),
        (partial, f"{count(partial, 'part')} not whole"),
        (open_to, f"{count(open_to, 'part')} could be read with more permissions"),
    )
    words = ", ".join(text for number, text in told if number)
    return f"{words} (`/entra sync`)" if words else ""


def _fits(blocks: Sequence[Block]) -> bool:
    return (
        len(blocks) <= BLOCKS_MAX
        and len(json.dumps(blocks, ensure_ascii=False)) <= TEXT_MOST
    )


def _tenant_blocks(each: TenantSync) -> list[Block]:
    key = str(each.tenant.id)
    clocks = clock_lines(each)
    return [
        section(f"*{foreign(each.tenant.name)}*\n{_run_text(each)}"),
        *_held_blocks([s for s in each.states if s.standing is Standing.HELD]),
        *row_sections(_fitting(lines_of(each))),
        *([context("Read less often. " + " ".join(clocks))] if clocks else []),
        actions(
            button("Sync now", SyncAction.NOW, key),
            button("Scan now", TenantAction.SCAN, key),
        ),
        context(_scan_text(each.tenant)),
    ]


def _held_blocks(held: Sequence[DataSetState]) -> list[Block]:
    shown = held[: len(as_many_as_fit([held_line(each) for each in held], HELD_MOST))]
    blocks = [section(held_line(state), _remove_button(state)) for state in shown]
    left = listed(held[len(shown) :])
    return [*blocks, section(f"Also *held back*: {left}.")] if left else blocks


def _fitting(lines: Sequence[str]) -> list[str]:
    shown = as_many_as_fit(lines, LINES_MOST)
    left = len(lines) - len(shown)
    return [*shown, f"… and {count(left, 'more line')}."] if left else shown


def _run_text(each: TenantSync) -> str:
    total = len(each.states)
    if each.is_running:
        share = each.done / total if total else 0.0
        return f"Being read now: {bar(share)} {each.done} of {total} parts done."
    next_at = f"Next by itself: {when(each.next_at)}."
    if each.ended_at is None:
        return f"Not read yet. {next_at}"
    return f"{_tally(each)} Last read: {when(each.ended_at)}. {next_at}"


def _tally(each: TenantSync) -> str:
    """How many are current, and what is with each that is not."""
    amiss = sum(map(is_amiss, each.states))
    need = "needs" if amiss == 1 else "need"
    well = Counter(state.standing for state in each.states if not is_amiss(state))
    told = [
        f"{well[Standing.CURRENT]} of {len(each.states)} parts are current",
        *([f"*{amiss} {need} somebody*"] if amiss else []),
        *(f"{well[other]} {words}" for other, words in TALLIED if well[other]),
    ]
    return f"{', '.join(told)}."


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
