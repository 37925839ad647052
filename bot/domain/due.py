"""When a data set is read again: each on its own clock, not all at the same moment."""

from datetime import datetime
from uuid import uuid5

from bot.domain.directory import DataSet, DataSetState, Standing
from bot.domain.ids import ConnectionId
from bot.domain.readings import READINGS
from bot.domain.slots import delay_in_slot


def due_at(
    connection_id: ConnectionId, data_set: DataSet, now: datetime
) -> datetime | None:
    """When the clock reads a data set again that was just read; None for each sync.

    Up to a tenth of its time sooner, the same for a data set each time, so that tenants
    connected together do not ask for the same together.
    """
    every = READINGS[data_set].every
    if every is None:
        return None
    key = uuid5(connection_id, data_set.value).int
    return now + every - delay_in_slot(key, every, most=every)


def is_due(state: DataSetState, at: datetime) -> bool:
    """Whether the clock's sync of that moment reads a data set.

    What was begun or failed since its last complete read has no time to wait for.
    """
    return state.due_at is None or state.due_at <= at


def stays(state: DataSetState, at: datetime) -> bool:
    """Whether even a sync that somebody asked for leaves a data set as it stands."""
    lasts = READINGS[state.data_set].stays
    if lasts is None or state.read_at is None:
        return False
    return state.standing is Standing.CURRENT and at - state.read_at < lasts
