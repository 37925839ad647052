"""Where in a block tree a check stands, and what it found wrong there."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any


class Surface(StrEnum):
    """Where blocks are shown; not every block may be shown everywhere."""

    MESSAGE = "message"
    MODAL = "modal"
    HOME = "home"


@dataclass(frozen=True)
class Finding:
    """One mistake, with a JSON pointer to it such as `/blocks/0/text`."""

    pointer: str
    message: str

    def line(self) -> str:
        """Word the finding as Slack does in `response_metadata.messages`."""
        return f"{self.message} [json-pointer:{self.pointer}]"


@dataclass(frozen=True)
class Spot:
    """A place in the tree. All spots of one tree share the list of findings."""

    pointer: str
    surface: Surface
    findings: list[Finding]

    def at(self, key: str | int) -> "Spot":
        """Step down to a member or item."""
        return Spot(f"{self.pointer}/{key}", self.surface, self.findings)

    def refuse(self, message: str) -> None:
        """Note a mistake here."""
        self.findings.append(Finding(self.pointer, message))


Check = Callable[[Spot, Any], None]
