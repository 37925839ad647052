"""Object ids that look random, sort randomly, and still tell their number."""

from enum import StrEnum

_STRIDE = 0x9E3779B97F4A7C15  # 2^64 over the golden ratio: spreads numbers evenly
_MASK = 2**64 - 1


class Kind(StrEnum):
    """What an id names; its value is the fourth part of the id."""

    USER = "8a01"
    GROUP = "8a02"
    APPLICATION = "8a03"
    SERVICE_PRINCIPAL = "8a04"
    DEVICE = "8a05"
    MANAGED_DEVICE = "8a06"
    CLIENT = "8b01"  # appId
    KEY = "8b02"  # keyId of a credential
    APP_ROLE = "8b03"
    GRANT = "8b04"
    ASSIGNMENT = "8b05"
    DEVICE_ID = "8b06"
    FEDERATED = "8b07"
    REQUEST = "8b08"
    ENTRY = "8b09"  # of a log


def object_id(kind: Kind, number: int) -> str:
    """Return the id of the object of that kind and number."""
    mixed = f"{(number + 1) * _STRIDE & _MASK:016x}"
    # Joined, since a StrEnum's value costs more than all the rest of it.
    return "-".join(
        (mixed[:8], mixed[8:12], "4" + mixed[12:15], kind, f"{number:012x}")
    )


def find_number(kind: Kind, text: str) -> int | None:
    """Return the number behind an id, None where it names nothing of that kind."""
    tail = text.rpartition("-")[2]
    try:
        number = int(tail, 16)
    except ValueError:
        return None
    return number if object_id(kind, number) == text.lower() else None
