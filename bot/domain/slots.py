"""Slots of time: what happens every so often happens once in each."""

from datetime import UTC, datetime, timedelta

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def slot_start(now: datetime, every: timedelta) -> datetime:
    """When the slot that `now` is in began; slots are counted from 1970, in UTC.

    All replicas, before and after a restart, cut time the same way.
    """
    return now - (now - _EPOCH) % every


def slot_name(start: datetime) -> str:
    """A slot as part of a workflow's ID. Begins with another interval differ."""
    return start.strftime("%Y%m%dT%H%M%SZ")


def delay_in_slot(key: int, every: timedelta, *, most: timedelta) -> timedelta:
    """How long after its slot's start one of many waits, so that not all go at once.

    Args:
        key: tells the many apart; the same one waits the same time in every slot.
        most: the longest wait; a tenth of the slot where that is shorter.
    """
    spread = min(most, every / 10)
    return spread * (key % 1000) / 1000
