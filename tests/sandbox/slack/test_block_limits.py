"""Every limit of blocks and elements: just inside passes, just over is refused."""

from collections.abc import Callable
from typing import Any

import pytest

from sandbox.slack.blocks.judge import find_faults
from sandbox.slack.blocks.spots import Surface

Json = dict[str, Any]
pytestmark = pytest.mark.quick


def plain(length: int) -> Json:
    """Make a plain_text object of a certain length."""
    return {"type": "plain_text", "text": "x" * length}


def mrkdwn(length: int) -> Json:
    """Make a mrkdwn object of a certain length."""
    return {"type": "mrkdwn", "text": "x" * length}


def options(count: int, *, text: int = 1, value: int = 8) -> list[Json]:
    """Make options with values of a certain length, all different."""
    return [
        {"text": plain(text), "value": str(number).rjust(value, "v")}
        for number in range(count)
    ]


def button(**members: Any) -> Json:
    """Make a button."""
    return {"type": "button", "text": plain(5), **members}


def actions(*elements: Json) -> Json:
    """Put elements in an actions block."""
    return {"type": "actions", "elements": list(elements)}


def asks(element: Json, **members: Any) -> Json:
    """Put an element in an input block."""
    return {"type": "input", "label": plain(5), "element": element, **members}


def select(**members: Any) -> Json:
    """Make a static select."""
    return {"type": "static_select", "action_id": "a", **members}


def confirm(**members: Any) -> Json:
    """Make a confirmation dialog."""
    sound = {"title": plain(5), "text": plain(5), "confirm": plain(2), "deny": plain(2)}
    return sound | members


def task(**members: Any) -> Json:
    """Make a task card."""
    sound = {"type": "task_card", "task_id": "t", "title": "Do", "status": "pending"}
    return sound | members


def cells(rows: int, columns: int, text: str = "x") -> list[list[Json]]:
    """Make table rows."""
    return [[{"type": "raw_text", "text": text}] * columns for _ in range(rows)]


Draw = Callable[[int], Json]
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


def test_plan_of_fifty_tasks() -> None:
    """A plan holds 50 tasks, each with a known status."""
    plan = {"type": "plan", "title": "Offboarding", "tasks": [task()] * 50}
    assert find_faults([plan], Surface.MESSAGE) == []
    assert find_faults([plan | {"tasks": [task()] * 51}], Surface.MESSAGE) != []

    [finding] = find_faults([task(status="done")], Surface.MESSAGE)
    assert finding.pointer == "/blocks/0/status"
