"""What a Graph type is to the simulator: its properties, and what queries accept."""

from dataclasses import dataclass


def words(text: str) -> tuple[str, ...]:
    """Return the names in a text."""
    return tuple(text.split())


@dataclass(frozen=True)
class EntityType:
    """A type: its properties, those sent without $select, those queries accept."""

    name: str
    properties: tuple[str, ...]
    default: tuple[str, ...]
    filterable: tuple[str, ...] = ()
    sortable: tuple[str, ...] = ()
    searchable: tuple[str, ...] = ()
    relations: tuple[str, ...] = ()

    @property
    def full_name(self) -> str:
        """Return the name that messages of the service use."""
        return f"microsoft.graph.{self.name}"
