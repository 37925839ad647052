"""Accept or refuse what an app draws, in the words of each kind of method."""

import json
from typing import Any

from sandbox.slack.blocks.checks import either, shape
from sandbox.slack.blocks.composition import option_groups, plain_options
from sandbox.slack.blocks.fill import filled
from sandbox.slack.blocks.modals import check_view
from sandbox.slack.blocks.spots import Finding, Spot, Surface
from sandbox.slack.blocks.whole import MESSAGE_TEXT_MOST, check_blocks, text_length
from sandbox.slack.errors import Json, SlackError, invalid_arguments
from sandbox.slack.ids import Mint

VIEW_BYTES = 250_000
_answer = shape(
    {},
    {"options": plain_options, "option_groups": option_groups},
    either("options", "option_groups"),
)


def find_faults(blocks: Any, surface: Surface) -> list[Finding]:
    """Return all mistakes in blocks; pointers start at `/blocks`."""
    spot = Spot("/blocks", surface, [])
    check_blocks(spot, blocks)
    return spot.findings


def judge_message(blocks: Any) -> None:
    """Check a message's blocks.

    Raises:
        SlackError: `invalid_blocks_format` (not a list of objects), `invalid_blocks`
            with pointers, `invalid_attachments` for a second table, or
            `msg_blocks_too_long`.
    """
    if not isinstance(blocks, list) or not all(isinstance(b, dict) for b in blocks):
        raise SlackError("invalid_blocks_format")
    findings = find_faults(blocks, Surface.MESSAGE)
    if findings:
        tables = any(each.message == "only_one_table_allowed" for each in findings)
        code = "invalid_attachments" if tables else "invalid_blocks"
        raise _refusal(code, findings)
    if text_length(blocks) > MESSAGE_TEXT_MOST:
        raise SlackError("msg_blocks_too_long")


def judge_view(raw: Any, mint: Mint, *, modal: bool) -> Json:
    """Check a view and return it with IDs filled in.

    Raises:
        SlackError: `view_too_large`, or `invalid_arguments` with pointers.
    """
    if not isinstance(raw, dict):
        raise invalid_arguments("missing required field: view [json-pointer:/view]")
    if len(json.dumps(raw).encode()) > VIEW_BYTES:
        raise SlackError("view_too_large")
    spot = Spot("/view", Surface.MODAL if modal else Surface.HOME, [])
    check_view(spot, raw)
    if spot.findings:
        raise invalid_arguments(*(finding.line() for finding in spot.findings))
    return raw | {"blocks": filled(raw["blocks"], mint)}


def judge_options(answer: Json) -> None:
    """Check the answer to a block_suggestion.

    Raises:
        SlackError: `invalid_arguments` with pointers.
    """
    spot = Spot("", Surface.MODAL, [])
    if answer.get("options") != []:  # "nothing found" is a proper answer
        _answer(spot, answer)
    if spot.findings:
        raise invalid_arguments(*(finding.line() for finding in spot.findings))


def _refusal(code: str, findings: list[Finding]) -> SlackError:
    lines = [finding.line() for finding in findings]
    messages = [f"[ERROR] {line}" for line in lines]
    return SlackError(code, errors=lines, response_metadata={"messages": messages})
