"""A directory's data sets in few lines, what needs somebody first."""

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Sequence
from datetime import timedelta
from typing import TypeVar

from bot.domain.directory import DataSet, DataSetState, Standing
from bot.domain.readings import READINGS
from bot.domain.subjects import LICENCES, by_subject, is_locked_out, own_clock
from bot.domain.syncs import LABELS, TenantSync, share_done
from bot.views.text import code, count, foreign, when

BAR_WIDTH = 12
REASON_MAX = 300
SAME_AGE = timedelta(minutes=2)  # nobody has to know that it took as long
USAGE = frozenset({DataSet.USAGE_OFFICE, DataSet.USAGE_TEAMS, DataSet.USAGE_APPS})

States = Sequence[DataSetState]
K = TypeVar("K", bound=Hashable)


def lines_of(each: TenantSync) -> list[str]:
    """All that there is to say of its data sets; those held back stand apart."""
    states = each.states
    return [
        *troubled_lines(states),
        *_reading_lines(_standing(states, Standing.READING)),
        *_current_lines(states),
        *_locked_lines(each),
        *_unlicensed_lines(states),
        *_one_line(
            f":heavy_minus_sign: *Not in this cloud ({each.tenant.cloud.label}):*",
            _standing(states, Standing.NOT_IN_CLOUD),
        ),
        *_one_line(
            ":white_circle: *Not read yet:*", _standing(states, Standing.NEVER_READ)
        ),
    ]


def troubled_lines(states: States) -> list[str]:
    """What was read before and is not whole or not current now, one line a reason."""
    titles = (
        (":red_circle: *The last read failed:*", _standing(states, Standing.FAILED)),
        (":lock: *No longer permitted:*", [s for s in states if is_locked_out(s)]),
        (":large_yellow_circle: *Not all of it:*", _standing(states, Standing.PARTIAL)),
    )
    return [
        f"{title} {listed(some)}. {foreign(why, REASON_MAX)}{_stored(some)}"
        for title, found in titles
        for why, some in _grouped(found, lambda state: state.reason)
    ]


def held_line(state: DataSetState) -> str:
    """One whose rows wait for somebody to say that they are gone."""
    why = foreign(state.reason, REASON_MAX)
    return (
        f":large_orange_circle: {LABELS[state.data_set]}: *held back*. {why}"
        f"{_stored([state])}"
    )


def clock_lines(each: TenantSync) -> list[str]:
    """What the next sync leaves alone, by its clock, and from when it is read again."""
    waiting = [
        state
        for state in each.states
        if state.due_at is not None and state.due_at > each.next_at
    ]
    lines = []
    for every, some in _grouped(waiting, lambda state: READINGS[state.data_set].every):
        first = min(state.due_at for state in some if state.due_at is not None)
        often = f"Every {_span(every)}" if every else "Later"
        lines.append(f"{often}, next from {when(first)}: {_names(some)}.")
    return lines


def listed(states: Iterable[DataSetState]) -> str:
    """ "Users *1,204*, Groups *80*": what is stored of each."""
    return ", ".join(
        f"{LABELS[state.data_set]} *{state.rows:,}*"
        if state.rows or state.standing is Standing.CURRENT
        else LABELS[state.data_set]
        for state in states
    )


def bar(share: float) -> str:
    """A progress bar in plain characters, between backticks."""
    full = int(min(max(share, 0.0), 1.0) * BAR_WIDTH)
    return f"`{'█' * full}{'░' * (BAR_WIDTH - full)}`"


def _standing(states: States, standing: Standing) -> list[DataSetState]:
    return [state for state in states if state.standing is standing]


def _reading_lines(states: States) -> list[str]:
    """A line for each of which something came, and one for all that wait."""
    waiting = [state for state in states if not state.rows_done]
    lines = [_reading_line(state) for state in states if state.rows_done]
    if not waiting:
        return lines
    title = ":hourglass_flowing_sand: *Begun, nothing new yet:*"
    return [*lines, f"{title} {listed(waiting)}.{_stored(waiting)}{_pause(waiting)}"]


def _pause(waiting: States) -> str:
    """Why usage reports may stand still, once somebody pressed the button often."""
    if any(state.data_set not in USAGE for state in waiting):
        return ""
    return " Microsoft allows 14 requests for usage reports in ten minutes."


def _reading_line(state: DataSetState) -> str:
    share = share_done(state)
    so_far = f"{state.rows_done:,} so far"
    shown = so_far if share is None else f"{bar(share)} {share:.0%}, {so_far}"
    return f":hourglass_flowing_sand: {LABELS[state.data_set]}: {shown}"


def _current_lines(states: States) -> list[str]:
    """A line for each subject; what has a slower clock may have an age of its own."""
    lines = []
    for subject, some in by_subject(_standing(states, Standing.CURRENT)):
        parts = [f"{listed(part)}, as of {_oldest(part)}" for part in _by_age(some)]
        lines.append(f":white_check_mark: *{subject}:* {'; '.join(parts)}")
    return lines


def _by_age(states: States) -> list[States]:
    """Those with a slower clock apart, unless all are of about the same time."""
    ages = [state.read_at for state in states if state.read_at is not None]
    if not ages or max(ages) - min(ages) < SAME_AGE:
        return [states]
    slow = [state for state in states if own_clock(state)]
    quick = [state for state in states if not own_clock(state)]
    return [part for part in (quick, slow) if part]


def _locked_lines(each: TenantSync) -> list[str]:
    """What was never permitted, under the permissions that would let it be read.

    What is granted is known from the last check, which may be older than the read:
    where the two disagree, the words of the read stand.
    """
    never = [
        state
        for state in _standing(each.states, Standing.NOT_PERMITTED)
        if not is_locked_out(state)
    ]
    if not never:
        return []
    granted = each.tenant.granted

    def wanted(state: DataSetState) -> str:
        missing = READINGS[state.data_set].missing(granted)
        if any(role in state.reason for role in missing):
            return " and ".join(map(code, missing))
        return foreign(state.reason, REASON_MAX)

    lines = [f"• {want}: {_names(some)}" for want, some in _grouped(never, wanted)]
    title = ":lock: *Not permitted.* Add, as Application permissions, to read as well:"
    return [title, *lines]


def _unlicensed_lines(states: States) -> list[str]:
    """What Graph wants a licence for; apart, what it once told and is kept."""
    found = _standing(states, Standing.NOT_LICENSED)
    lost = [state for state in found if state.read_at is not None]
    never = [state for state in found if state.read_at is None]
    titles = (("No longer licensed", lost), ("Not licensed", never))
    return [
        f":heavy_minus_sign: *{title}:* {_with_licences(some)}{_kept(some)}"
        for title, some in titles
        if some
    ]


def _with_licences(states: States) -> str:
    groups = _grouped(states, lambda state: LICENCES.get(state.data_set, ""))
    return "; ".join(
        f"{listed(some)} ({licence})" if licence else listed(some)
        for licence, some in groups
    )


def _kept(states: States) -> str:
    return f".{_stored(states)}" if _stored(states) else ""


def _one_line(title: str, states: States) -> list[str]:
    return [f"{title} {listed(states)}"] if states else []


def _names(states: Iterable[DataSetState]) -> str:
    return ", ".join(LABELS[state.data_set] for state in states)


def _stored(states: States) -> str:
    """How old it is what is kept of them, where something is."""
    return f" Stored as of {_oldest(states)}." if _oldest(states) else ""


def _oldest(states: Iterable[DataSetState]) -> str:
    read = [state.read_at for state in states if state.read_at is not None]
    return when(min(read)) if read else ""


def _grouped(
    states: Iterable[DataSetState], key: Callable[[DataSetState], K]
) -> list[tuple[K, list[DataSetState]]]:
    groups: dict[K, list[DataSetState]] = defaultdict(list)
    for state in states:
        groups[key(state)].append(state)
    return list(groups.items())


def _span(every: timedelta) -> str:
    """ "6 hours", "day"."""
    hours = int(every.total_seconds() // 3600)
    if hours % 24 == 0:
        return "day" if hours == 24 else count(hours // 24, "day")
    return "hour" if hours == 1 else count(hours, "hour")
