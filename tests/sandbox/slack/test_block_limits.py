"""Limits of blocks and elements: just inside passes, just over is refused."""

from collections.abc import Callable
from typing import Any

import pytest

from sandbox.slack.blocks.judge import find_faults
from sandbox.slack.blocks.spots import Surface
from tests.sandbox.slack.blocks import (
    actions,
    asks,
    button,
    confirm,
    mrkdwn,
    options,
    plain,
    select,
)

Json = dict[str, Any]
Draw = Callable[[int], Json]
pytestmark = pytest.mark.quick

MESSAGE_LIMITS: dict[str, tuple[Draw, int]] = {
    "section text": (lambda n: {"type": "section", "text": mrkdwn(n)}, 3000),
    "section fields": (lambda n: {"type": "section", "fields": [mrkdwn(1)] * n}, 10),
    "section field": (lambda n: {"type": "section", "fields": [mrkdwn(n)]}, 2000),
    "header": (lambda n: {"type": "header", "text": plain(n)}, 150),
    "block_id": (lambda n: {"type": "divider", "block_id": "b" * n}, 255),
    "context elements": (
        lambda n: {"type": "context", "elements": [mrkdwn(1)] * n},
        10,
    ),
    "actions elements": (
        lambda n: actions(*(button(action_id=f"a{i}") for i in range(n))),
        25,
    ),
    "image alt text": (
        lambda n: {
            "type": "image",
            "image_url": "https://x.example/",
            "alt_text": "x" * n,
        },
        2000,
    ),
    "image url": (
        lambda n: {
            "type": "image",
            "image_url": "https://".ljust(n, "x"),
            "alt_text": "x",
        },
        3000,
    ),
    "image title": (
        lambda n: {
            "type": "image",
            "image_url": "https://x.example/",
            "alt_text": "x",
            "title": plain(n),
        },
        2000,
    ),
    "button text": (lambda n: actions(button() | {"text": plain(n)}), 75),
    "button value": (lambda n: actions(button(value="v" * n)), 2000),
    "button url": (lambda n: actions(button(url="https://".ljust(n, "x"))), 3000),
    "button label": (lambda n: actions(button(accessibility_label="l" * n)), 75),
    "button prompt": (lambda n: actions(button(agent_prompt="p" * n)), 4000),
    "action_id": (lambda n: actions(button(action_id="a" * n)), 255),
    "confirm title": (lambda n: actions(button(confirm=confirm(title=plain(n)))), 100),
    "confirm text": (lambda n: actions(button(confirm=confirm(text=mrkdwn(n)))), 300),
    "confirm button": (
        lambda n: actions(button(confirm=confirm(confirm=plain(n)))),
        30,
    ),
    "deny button": (lambda n: actions(button(confirm=confirm(deny=plain(n)))), 30),
    "select options": (lambda n: actions(select(options=options(n))), 100),
    "option text": (lambda n: actions(select(options=options(1, text=n))), 75),
    "option value": (lambda n: actions(select(options=options(1, value=n))), 150),
    "option description": (
        lambda n: actions(select(options=[options(1)[0] | {"description": plain(n)}])),
        75,
    ),
    "option groups": (
        lambda n: actions(
            select(option_groups=[{"label": plain(1), "options": options(1)}] * n)
        ),
        100,
    ),
    "group label": (
        lambda n: actions(
            select(option_groups=[{"label": plain(n), "options": options(1)}])
        ),
        75,
    ),
    "placeholder": (
        lambda n: actions(select(options=options(1), placeholder=plain(n))),
        150,
    ),
    "overflow options": (
        lambda n: actions(
            {"type": "overflow", "action_id": "a", "options": options(n)}
        ),
        5,
    ),
    "checkboxes": (
        lambda n: actions(
            {"type": "checkboxes", "action_id": "a", "options": options(n)}
        ),
        10,
    ),
    "radio buttons": (
        lambda n: actions(
            {"type": "radio_buttons", "action_id": "a", "options": options(n)}
        ),
        10,
    ),
}
MODAL_LIMITS: dict[str, tuple[Draw, int]] = {
    "input label": (
        lambda n: (
            asks({"type": "plain_text_input", "action_id": "a"}) | {"label": plain(n)}
        ),
        2000,
    ),
    "input hint": (
        lambda n: asks({"type": "plain_text_input", "action_id": "a"}, hint=plain(n)),
        2000,
    ),
    "max_length": (
        lambda n: asks({"type": "plain_text_input", "action_id": "a", "max_length": n}),
        3000,
    ),
    "min_length": (
        lambda n: asks({"type": "plain_text_input", "action_id": "a", "min_length": n}),
        3000,
    ),
    "initial_value": (
        lambda n: asks(
            {"type": "plain_text_input", "action_id": "a", "initial_value": "x" * n}
        ),
        3000,
    ),
    "max_files": (
        lambda n: asks({"type": "file_input", "action_id": "a", "max_files": n}),
        10,
    ),
    "max_lines": (
        lambda n: asks({"type": "rich_text_input", "action_id": "a", "max_lines": n}),
        100,
    ),
    "alert text": (lambda n: {"type": "alert", "text": plain(n)}, 200),
}


@pytest.mark.parametrize("name", MESSAGE_LIMITS)
def test_message_block_at_its_limit(name: str) -> None:
    """The limit itself passes, one more does not."""
    draw, limit = MESSAGE_LIMITS[name]

    assert find_faults([draw(limit)], Surface.MESSAGE) == []
    assert len(find_faults([draw(limit + 1)], Surface.MESSAGE)) >= 1


@pytest.mark.parametrize("name", MODAL_LIMITS)
def test_modal_block_at_its_limit(name: str) -> None:
    """The limit itself passes, one more does not."""
    draw, limit = MODAL_LIMITS[name]

    assert find_faults([draw(limit)], Surface.MODAL) == []
    assert len(find_faults([draw(limit + 1)], Surface.MODAL)) >= 1


@pytest.mark.parametrize(
    ("surface", "limit"),
    [(Surface.MESSAGE, 50), (Surface.MODAL, 100), (Surface.HOME, 100)],
)
def test_number_of_blocks(surface: Surface, limit: int) -> None:
    """50 blocks in a message, 100 in a view."""
    assert find_faults([{"type": "divider"}] * limit, surface) == []

    [finding] = find_faults([{"type": "divider"}] * (limit + 1), surface)
    assert (
        finding.line() == f"no more than {limit} items allowed [json-pointer:/blocks]"
    )
