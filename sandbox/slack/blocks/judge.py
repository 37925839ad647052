"""Accept or refuse what an app draws, in the words of each kind of method."""

import json
from typing import Any

from sandbox.slack.blocks.fill import filled
from sandbox.slack.errors import Json, SlackError, invalid_arguments
from sandbox.slack.ids import Mint

VIEW_BYTES = 250_000


def judge_message(blocks: Any) -> None:
    """Check a message's blocks."""
    if not isinstance(blocks, list):
        raise SlackError("invalid_blocks_format")


def judge_view(raw: Any, mint: Mint, *, modal: bool) -> Json:
    """Check a view and return it completed."""
    if not isinstance(raw, dict):
        raise invalid_arguments("missing required field: view")
    if len(json.dumps(raw)) > VIEW_BYTES:
        raise SlackError("view_too_large")
    return raw | {"blocks": filled(raw["blocks"], mint)}


def judge_options(answer: Json) -> None:
    """Check the answer to a block_suggestion."""
    if not {"options", "option_groups"} & set(answer):
        raise invalid_arguments("missing required field: options")
