"""How a list of operations says what the simulator does with each."""

from collections.abc import Iterable
from enum import StrEnum
from typing import NamedTuple


class Status(StrEnum):
    """How much of an operation is there."""

    SUPPORTED = "supported"
    PARTIAL = "partial"
    ABSENT = "absent"


class Covered(NamedTuple):
    """An operation. `test` names who tries it, `note` what differs from the service."""

    name: str
    status: Status
    test: str = ""
    note: str = ""


def supported(test: str, *names: str) -> Iterable[Covered]:
    """List operations that one test tries."""
    return (Covered(name, Status.SUPPORTED, test) for name in names)


def partial(name: str, test: str, note: str) -> Covered:
    """List an operation that differs from the service's."""
    return Covered(name, Status.PARTIAL, test, note)


def absent(*names: str) -> Iterable[Covered]:
    """List operations that are refused here."""
    return (Covered(name, Status.ABSENT) for name in names)
