"""Complete blocks as Slack does before it stores them."""

import copy
from typing import Any

from sandbox.slack.errors import Json
from sandbox.slack.ids import Mint

_HOLDS_ELEMENTS = ("section", "actions", "input", "context_actions", "card")


def filled(blocks: list[Json], mint: Mint) -> list[Json]:
    """Return a copy with block IDs, action IDs and text flags filled in.

    Source: messages read back from Slack carry `emoji` on plain_text, `verbatim` on
    mrkdwn, and made-up IDs where the app gave none.
    """
    return [_fill_block(copy.deepcopy(block), mint) for block in blocks]


def _fill_block(block: Json, mint: Mint) -> Json:
    block.setdefault("block_id", mint.token("block")[:5])
    _fill_texts(block)
    if block["type"] in _HOLDS_ELEMENTS:
        for element in _elements(block):
            _fill_element(element, mint)
    for card in block["elements"] if block["type"] == "carousel" else ():
        _fill_block(card, mint)
    for child in block.get("child_blocks", ()):
        _fill_block(child, mint)
    return block


def _elements(block: Json) -> list[Json]:
    single: list[Json] = [
        block[key] for key in ("accessory", "element") if key in block
    ]
    listed: list[Json] = block.get("elements", []) if block["type"] != "card" else []
    actions: list[Json] = block.get("actions", [])
    return single + listed + actions


def _fill_element(element: Json, mint: Mint) -> None:
    if element["type"] != "image":
        element.setdefault("action_id", mint.token("action")[:5])


def _fill_texts(node: Any) -> None:
    if isinstance(node, list):
        for item in node:
            _fill_texts(item)
    elif isinstance(node, dict):
        if node.get("type") == "plain_text":
            node.setdefault("emoji", True)
        elif node.get("type") == "mrkdwn":
            node.setdefault("verbatim", False)
        for item in node.values():
            _fill_texts(item)
