"""How a data set's state changes with its read: values in, values out."""

from dataclasses import replace
from datetime import datetime

from bot.domain.directory import DataSetState, Standing
from bot.domain.due import due_at
from bot.domain.readings import READINGS

HELD = (
    "Fewer than half as many were read as are stored ({after} after {before}), which a "
    "narrowed permission looks like too, so nothing was removed. Check in Entra; if "
    "they are really gone, an administrator presses Remove what is gone under "
    "/entra sync."
)


def reading(state: DataSetState, now: datetime) -> DataSetState:
    """The state while a read runs: only its last page makes it current."""
    return replace(
        state,
        standing=Standing.READING,
        reason="It is being read.",
        started_at=now,
        due_at=None,
        pages_done=0,
        rows_done=0,
    )


def begun(state: DataSetState, now: datetime) -> DataSetState:
    """A complete read begins, as a generation of its own.

    A log's window begins instead where the last one ended, and nothing is swept.
    """
    state = reading(state, now)
    if READINGS[state.data_set].is_log:
        return state
    return replace(state, delta_link=None, generation=state.generation + 1)


def further(state: DataSetState, rows: int, *, pages: int = 1) -> DataSetState:
    """So many more rows were stored."""
    return replace(
        state, pages_done=state.pages_done + pages, rows_done=state.rows_done + rows
    )


def paused(state: DataSetState, caveat: str) -> DataSetState:
    """A read ends for now; the next one goes on from its mark."""
    return replace(state, standing=Standing.PARTIAL, reason=caveat)


def completed(
    state: DataSetState, now: datetime, caveat: str | None = None
) -> DataSetState:
    """Read to its end; with a caveat what is stored is partial all the same."""
    return replace(
        state,
        standing=Standing.CURRENT if caveat is None else Standing.PARTIAL,
        reason=caveat or "",
        read_at=now,
        due_at=due_at(state.connection_id, state.data_set, now),
    )


def held(state: DataSetState, after: int) -> DataSetState:
    """A complete read saw suspiciously little: nothing is removed for it.

    Args:
        after: how many rows it saw.
    """
    reason = HELD.format(before=state.rows, after=after)
    return replace(state, standing=Standing.HELD, reason=reason)


def unread(state: DataSetState, standing: Standing, reason: str) -> DataSetState:
    """It could not be read, and every sync tries again."""
    return replace(state, standing=standing, reason=reason, due_at=None)
