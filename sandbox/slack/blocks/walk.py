"""Find the elements that people can use inside blocks."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from sandbox.slack.errors import ControlError, Json


@dataclass(frozen=True)
class Placed:
    """An interactive element and the block that holds it."""

    block: Json
    element: Json

    @property
    def in_input(self) -> bool:
        """Whether the element stands in an input block."""
        return bool(self.block["type"] == "input")

    @property
    def dispatches(self) -> bool:
        """Whether using the element sends block_actions at once."""
        return not self.in_input or bool(self.block.get("dispatch_action"))

    def shown_to(self, user_id: str) -> bool:
        """Whether the element is drawn for a person at all."""
        allowed = self.element.get("visible_to_user_ids")
        return allowed is None or user_id in allowed


def placed_elements(blocks: Iterable[Json]) -> Iterator[Placed]:
    """Yield every element with an action ID, in reading order."""
    for block in blocks:
        for element in _elements(block):
            if "action_id" in element:
                yield Placed(block, element)
        yield from placed_elements(block.get("child_blocks", []))


def find_element(
    blocks: Iterable[Json], action_id: str, block_id: str | None = None
) -> Placed:
    """Return the element with that action ID, within a block if one is named.

    Raises:
        ControlError: `element_not_found`.
    """
    for placed in placed_elements(blocks):
        same_block = block_id in (None, placed.block.get("block_id"))
        if same_block and placed.element["action_id"] == action_id:
            return placed
    raise ControlError(
        "element_not_found",
        f"Nothing there has action_id {action_id!r} in block {block_id!r}.",
        status=404,
    )


def _elements(block: Json) -> Iterator[Json]:
    yield from block.get("elements", [])
    yield from (block[key] for key in ("accessory", "element") if key in block)
    yield from block.get("actions", [])
    if block["type"] == "carousel":
        for card in block["elements"]:
            yield from card.get("actions", [])
    for row in block.get("rows", []) if block["type"] == "data_table" else []:
        for cell in row:
            yield from cell.get("elements", []) if isinstance(cell, dict) else []
