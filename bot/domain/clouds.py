"""The national clouds of Microsoft Entra ID, by the name people choose."""

from enum import StrEnum


class Cloud(StrEnum):
    """One of the four Graph roots. Values are the keys of GATEHOUSE_CLOUDS.

    GCC (not High) lives in the Global cloud.
    """

    GLOBAL = "global"
    GCC_HIGH = "gcchigh"
    DOD = "dod"
    CHINA = "china"

    @property
    def label(self) -> str:
        """The words shown in Slack."""
        return _LABELS[self]


_LABELS = {
    Cloud.GLOBAL: "Global",
    Cloud.GCC_HIGH: "US Government GCC High",
    Cloud.DOD: "US Government DoD",
    Cloud.CHINA: "China (21Vianet)",
}
