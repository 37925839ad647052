"""Owners that refuse to tell what they own, where the others' is worth having."""

from dataclasses import dataclass, field
from uuid import UUID

from bot.graph.errors import GraphError, UnlicensedError

_FORBIDDEN = 403


@dataclass
class RefusedOwners:
    """How many were asked, and how many would not tell.

    One owner's refusal tells of that owner, everybody's tells of us.
    """

    asked: int = 0
    refused: int = 0
    first: GraphError | None = None
    _new: list[UUID] = field(default_factory=list)

    def forgives(self, owner: UUID, error: GraphError) -> bool:
        """Whether to read on after an answer; a refusal that counts is noted."""
        if error.status != _FORBIDDEN or isinstance(error, UnlicensedError):
            return False
        self.refused += 1
        self.first = self.first or error
        self._new.append(owner)
        return True

    def since(self) -> tuple[UUID, ...]:
        """Who refused since this was asked last: what is stored of them must stay."""
        since, self._new = tuple(self._new), []
        return since

    def caveat(self) -> str | None:
        """What is missing in a read that came to its end; None where nothing is.

        Raises:
            GraphError: all that were asked refused.
        """
        if self.first is None:
            return None
        if self.refused == self.asked:
            raise self.first
        return (
            f"{self.refused} of {self.asked} that were asked would not tell. "
            f"{self.first.message} {self.first.remedy}"
        )
