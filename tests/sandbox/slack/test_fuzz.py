"""Whatever an app sends, the validator answers with findings, never with a crash."""

import copy
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sandbox.slack.blocks.judge import find_faults, judge_message, judge_view
from sandbox.slack.blocks.spots import Surface
from sandbox.slack.clock import Clock
from sandbox.slack.errors import SlackError
from sandbox.slack.ids import Mint
from tests.sandbox.slack.test_block_rules import SOUND

Json = dict[str, Any]
pytestmark = pytest.mark.quick

scraps = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=2)
        | st.dictionaries(st.sampled_from(["type", "text", "value"]), inner, max_size=2)
    ),
    max_leaves=4,
)


def spots(node: Any) -> list[tuple[Any, Any]]:
    """Return every (container, key) inside a tree."""
    if isinstance(node, dict):
        pairs = list(node.items())
    elif isinstance(node, list):
        pairs = list(enumerate(node))
    else:
        return []
    found = [(node, key) for key, _ in pairs]
    return found + [spot for _, child in pairs for spot in spots(child)]


@st.composite
def spoilt_blocks(draw: st.DrawFn) -> list[Json]:
    """Take a sound block and put a scrap somewhere into it."""
    block = copy.deepcopy(SOUND[draw(st.sampled_from(sorted(SOUND)))])
    container, key = draw(st.sampled_from(spots(block)))
    container[key] = draw(scraps)
    return [block]


@settings(max_examples=300, deadline=None)
@given(blocks=spoilt_blocks() | scraps, surface=st.sampled_from(list(Surface)))
def test_spoilt_blocks_are_judged(blocks: Any, surface: Surface) -> None:
    """Findings point below /blocks, and judging agrees with finding."""
    findings = find_faults(blocks, surface)

    assert all(finding.pointer.startswith("/blocks") for finding in findings)
    if surface is not Surface.MESSAGE:
        return
    try:
        judge_message(blocks)
    except SlackError:
        assert findings or not isinstance(blocks, list)
    else:
        assert findings == []


@settings(max_examples=150, deadline=None)
@given(blocks=spoilt_blocks() | scraps)
def test_spoilt_views_are_refused_or_completed(blocks: Any) -> None:
    """A view is refused with Slack's words, or comes back with all IDs."""
    title = {"type": "plain_text", "text": "Title"}
    view = {"type": "modal", "title": title, "submit": title, "blocks": blocks}
    try:
        done = judge_view(view, Mint(Clock()), modal=True)
    except SlackError as refusal:
        known = refusal.code == "invalid_arguments"
    else:
        known = all(block["block_id"] for block in done["blocks"])

    assert known
