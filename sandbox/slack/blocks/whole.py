"""Checks across blocks: unique IDs, one table, sums of characters."""

from collections import Counter
from collections.abc import Iterator
from typing import Any

from sandbox.slack.blocks.checks import by_type, items
from sandbox.slack.blocks.layout import BLOCKS, BLOCKS_MOST
from sandbox.slack.blocks.spots import Spot, Surface
from sandbox.slack.blocks.walk import placed_elements
from sandbox.slack.errors import Json

MARKDOWN_MOST = 12_000  # characters over all markdown blocks of one message
CHARTS_MOST = 2
# Slack publishes no figure; 13,200 was measured by users (bolt-js issue 2509).
MESSAGE_TEXT_MOST = 13_200


def check_blocks(spot: Spot, blocks: Any) -> None:
    """Check each block, and if each is sound, all of them together."""
    before = len(spot.findings)
    one_block = by_type(BLOCKS[spot.surface])
    items(one_block, BLOCKS_MOST[spot.surface], 0)(spot, blocks)
    if len(spot.findings) > before:
        return
    _check_unique_blocks(spot, blocks)
    _check_unique_actions(spot, blocks)
    _check_focus(spot, blocks)
    if spot.surface is Surface.MESSAGE:
        _check_counts(spot, blocks)


def text_length(blocks: list[Json]) -> int:
    """Return how many characters the blocks say in total."""
    return sum(len(each) for each in _texts(blocks))


def _texts(node: Any) -> Iterator[str]:
    if isinstance(node, list):
        for item in node:
            yield from _texts(item)
    elif isinstance(node, dict):
        for name, member in node.items():
            if name in ("text", "title") and isinstance(member, str):
                yield member
            else:
                yield from _texts(member)


def _check_unique_blocks(spot: Spot, blocks: list[Json]) -> None:
    seen: set[str] = set()
    for index, block in enumerate(blocks):
        block_id = block.get("block_id")
        if block_id in seen:
            spot.at(index).at("block_id").refuse(f"`block_id` {block_id} exists twice")
        if block_id is not None:
            seen.add(block_id)


def _check_unique_actions(spot: Spot, blocks: list[Json]) -> None:
    """Action IDs must be unique within their block."""
    for index, block in enumerate(blocks):
        ids = Counter(each.element["action_id"] for each in placed_elements([block]))
        for action_id, count in ids.items():
            if count > 1:
                spot.at(index).refuse(f"`action_id` {action_id} exists {count} times")


def _check_focus(spot: Spot, blocks: list[Json]) -> None:
    focused = [
        each for each in placed_elements(blocks) if each.element.get("focus_on_load")
    ]
    if len(focused) > 1:
        spot.refuse("only one element may have focus_on_load")


def _check_counts(spot: Spot, blocks: list[Json]) -> None:
    kinds = Counter(block["type"] for block in blocks)
    if kinds["table"] > 1:
        spot.refuse("only_one_table_allowed")
    if kinds["data_visualization"] > CHARTS_MOST:
        spot.refuse(f"no more than {CHARTS_MOST} data_visualization blocks allowed")
    markdown = (block["text"] for block in blocks if block["type"] == "markdown")
    if sum(map(len, markdown)) > MARKDOWN_MOST:
        spot.refuse(f"markdown must be less than {MARKDOWN_MOST + 1} characters")
