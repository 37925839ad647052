"""Limits of the blocks that only messages may hold."""

from collections.abc import Callable
from typing import Any

import pytest

from sandbox.slack.blocks.judge import find_faults
from sandbox.slack.blocks.spots import Surface
from tests.sandbox.slack.blocks import (
    button,
    cells,
    mrkdwn,
    plain,
    task,
)

Json = dict[str, Any]
Draw = Callable[[int], Json]
pytestmark = pytest.mark.quick

MESSAGE_ONLY_LIMITS: dict[str, tuple[Draw, int]] = {
    "markdown": (lambda n: {"type": "markdown", "text": "x" * n}, 12_000),
    "table rows": (lambda n: {"type": "table", "rows": cells(n, 1)}, 100),
    "table columns": (lambda n: {"type": "table", "rows": cells(1, n)}, 20),
    "table characters": (
        lambda n: {
            "type": "table",
            "rows": cells(10, 1, "x" * (n // 10)) + cells(1, 1),
        },
        9_999,
    ),
    "data table rows": (
        lambda n: {"type": "data_table", "caption": "c", "rows": cells(n + 1, 1)},
        100,
    ),
    "data table page": (
        lambda n: {
            "type": "data_table",
            "caption": "c",
            "rows": cells(2, 1),
            "page_size": n,
        },
        100,
    ),
    "chart title": (
        lambda n: {
            "type": "data_visualization",
            "title": "t" * n,
            "chart": {"type": "pie", "segments": [{"label": "l", "value": 1}]},
        },
        50,
    ),
    "chart segments": (
        lambda n: {
            "type": "data_visualization",
            "title": "t",
            "chart": {"type": "pie", "segments": [{"label": "l", "value": 1}] * n},
        },
        12,
    ),
    "context actions": (
        lambda n: {
            "type": "context_actions",
            "elements": [
                {
                    "type": "icon_button",
                    "icon": "trash",
                    "text": plain(1),
                    "action_id": f"a{i}",
                }
                for i in range(n)
            ],
        },
        5,
    ),
    "card title": (lambda n: {"type": "card", "title": mrkdwn(n)}, 150),
    "card body": (lambda n: {"type": "card", "body": mrkdwn(n)}, 200),
    "card buttons": (
        lambda n: {
            "type": "card",
            "actions": [button(action_id=f"a{i}") for i in range(n)],
        },
        3,
    ),
    "carousel": (
        lambda n: {
            "type": "carousel",
            "elements": [{"type": "card", "title": plain(1)}] * n,
        },
        10,
    ),
    "container children": (
        lambda n: {
            "type": "container",
            "title": plain(1),
            "child_blocks": [{"type": "divider"}] * n,
        },
        10,
    ),
    "container title": (
        lambda n: {
            "type": "container",
            "title": plain(n),
            "child_blocks": [{"type": "divider"}],
        },
        150,
    ),
}


@pytest.mark.parametrize("name", MESSAGE_ONLY_LIMITS)
def test_message_only_block_at_its_limit(name: str) -> None:
    """The limit itself passes, one more does not."""
    draw, limit = MESSAGE_ONLY_LIMITS[name]

    assert find_faults([draw(limit)], Surface.MESSAGE) == []
    assert len(find_faults([draw(limit + 1)], Surface.MESSAGE)) >= 1


def test_plan_of_fifty_tasks() -> None:
    """A plan holds 50 tasks, each with a known status."""
    plan = {"type": "plan", "title": "Offboarding", "tasks": [task()] * 50}
    assert find_faults([plan], Surface.MESSAGE) == []
    assert find_faults([plan | {"tasks": [task()] * 51}], Surface.MESSAGE) != []

    [finding] = find_faults([task(status="done")], Surface.MESSAGE)
    assert finding.pointer == "/blocks/0/status"
