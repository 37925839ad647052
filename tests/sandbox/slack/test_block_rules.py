"""Rules of Block Kit beyond lengths: types, surfaces, IDs, presets."""

from typing import Any

import pytest

from sandbox.slack.blocks.judge import find_faults, judge_message
from sandbox.slack.blocks.layout import BLOCKS
from sandbox.slack.blocks.spots import Surface
from sandbox.slack.errors import SlackError

Json = dict[str, Any]
pytestmark = pytest.mark.quick

TEXT = {"type": "plain_text", "text": "Hello"}
BUTTON = {"type": "button", "text": TEXT, "action_id": "a"}
INPUT: Json = {
    "type": "input",
    "block_id": "i",
    "label": TEXT,
    "element": {"type": "plain_text_input", "action_id": "a"},
}
RICH = {
    "type": "rich_text",
    "elements": [
        {"type": "rich_text_section", "elements": [{"type": "text", "text": "Hi"}]}
    ],
}
SOUND: dict[str, Json] = {
    "section": {"type": "section", "text": TEXT, "accessory": BUTTON, "expand": True},
    "header": {"type": "header", "text": TEXT},
    "divider": {"type": "divider"},
    "image": {"type": "image", "slack_file": {"id": "F1"}, "alt_text": "A door"},
    "context": {"type": "context", "elements": [TEXT]},
    "actions": {"type": "actions", "elements": [BUTTON]},
    "rich_text": RICH,
    "input": INPUT,
    "alert": {"type": "alert", "text": TEXT, "level": "warning"},
    "markdown": {"type": "markdown", "text": "# Hello"},
    "table": {"type": "table", "rows": [[{"type": "raw_text", "text": "x"}, RICH]]},
    "data_table": {
        "type": "data_table",
        "caption": "Secrets",
        "rows": [
            [{"type": "raw_text", "text": "App"}],
            [{"type": "action_cell", "elements": [BUTTON]}],
        ],
    },
    "data_visualization": {
        "type": "data_visualization",
        "title": "Expiry",
        "chart": {
            "type": "bar",
            "series": [{"name": "Apps", "data": [{"label": "May", "value": 3}]}],
            "axis_config": {"categories": ["May"], "x_label": "Month"},
        },
    },
    "task_card": {
        "type": "task_card",
        "task_id": "t1",
        "title": "Revoke sessions",
        "status": "in_progress",
        "details": RICH,
        "sources": [{"type": "url", "url": "https://x.example/", "text": "Log"}],
    },
    "plan": {"type": "plan", "title": "Offboarding"},
    "context_actions": {
        "type": "context_actions",
        "elements": [
            {
                "type": "feedback_buttons",
                "action_id": "f",
                "positive_button": {"text": TEXT, "value": "up"},
                "negative_button": {"text": TEXT, "value": "down"},
            }
        ],
    },
    "card": {"type": "card", "title": TEXT, "actions": [BUTTON]},
    "carousel": {"type": "carousel", "elements": [{"type": "card", "body": TEXT}]},
    "container": {
        "type": "container",
        "title": TEXT,
        "child_blocks": [{"type": "divider"}],
        "is_collapsible": True,
    },
}
COMMON = {"actions", "context", "divider", "header", "image", "rich_text", "section"}
NOT_IN_MESSAGES = {"input", "alert"}
MESSAGE_ONLY = set(SOUND) - COMMON - NOT_IN_MESSAGES
WHERE: dict[Surface, set[str]] = {
    Surface.MESSAGE: set(SOUND) - NOT_IN_MESSAGES,
    Surface.MODAL: set(SOUND) - MESSAGE_ONLY,
    Surface.HOME: set(SOUND) - MESSAGE_ONLY - {"alert"},
}


@pytest.mark.parametrize("surface", list(Surface))
@pytest.mark.parametrize("kind", SOUND)
def test_each_block_only_on_its_surfaces(kind: str, surface: Surface) -> None:
    """A block that Slack does not show somewhere is an unsupported type there."""
    lines = [finding.line() for finding in find_faults([SOUND[kind]], surface)]

    refused = f"unsupported type: {kind} [json-pointer:/blocks/0/type]"
    assert lines == ([] if kind in WHERE[surface] else [refused])
    assert set(BLOCKS[surface]) == WHERE[surface]


WRONG: dict[str, tuple[Json, str]] = {
    "no type": ({"text": TEXT}, "/blocks/0 missing required field: type"),
    "unknown type": ({"type": "banner"}, "/blocks/0/type unsupported type: banner"),
    "unknown member": (
        {"type": "divider", "colour": "red"},
        "/blocks/0 invalid additional property: colour",
    ),
    "section of nothing": (
        {"type": "section"},
        "/blocks/0 must define one of: text, fields",
    ),
    "empty text": (
        {"type": "section", "text": {"type": "mrkdwn", "text": ""}},
        "/blocks/0/text/text must be more than 0 characters",
    ),
    "header in mrkdwn": (
        {"type": "header", "text": {"type": "mrkdwn", "text": "x"}},
        "/blocks/0/text/type unsupported type: mrkdwn",
    ),
    "bare string": (
        {"type": "section", "text": "hello"},
        "/blocks/0/text must be an object",
    ),
    "emoji on mrkdwn": (
        {"type": "section", "text": {"type": "mrkdwn", "text": "x", "emoji": True}},
        "/blocks/0/text invalid additional property: emoji",
    ),
    "null accessory": (
        {"type": "section", "text": TEXT, "accessory": None},
        "/blocks/0/accessory must be an object",
    ),
    "input element in actions": (
        {"type": "actions", "elements": [INPUT["element"]]},
        "/blocks/0/elements/0/type unsupported type: plain_text_input",
    ),
    "no elements": (
        {"type": "actions", "elements": []},
        "/blocks/0/elements no fewer than 1 items allowed",
    ),
    "style": (
        {"type": "actions", "elements": [BUTTON | {"style": "default"}]},
        "/blocks/0/elements/0/style must be one of: primary, danger",
    ),
    "relative address": (
        {"type": "actions", "elements": [BUTTON | {"url": "/path"}]},
        "/blocks/0/elements/0/url must be a valid URL",
    ),
    "image of nothing": (
        {"type": "image", "alt_text": "x"},
        "/blocks/0 must define one of: image_url, slack_file",
    ),
    "same action twice": (
        {"type": "actions", "elements": [BUTTON, BUTTON]},
        "/blocks/0 `action_id` a exists 2 times",
    ),
    "divider under a collapsible title": (
        SOUND["container"] | {"has_header_divider": True},
        "/blocks/0 has_header_divider is only for what cannot be collapsed",
    ),
    "uneven rows": (
        {
            "type": "table",
            "rows": [
                [{"type": "raw_text", "text": "x"}],
                [{"type": "raw_text", "text": "x"}] * 2,
            ],
        },
        "/blocks/0/rows/1 must have 1 cells",
    ),
    "rich text in a header row": (
        {"type": "data_table", "caption": "c", "rows": [[RICH]]},
        "/blocks/0/rows/0/0/type unsupported type: rich_text",
    ),
    "empty pie": (
        {
            "type": "data_visualization",
            "title": "t",
            "chart": {"type": "pie", "segments": [{"label": "x", "value": 0}]},
        },
        "/blocks/0/chart/segments/0/value must be more than 0",
    ),
    "unknown rich text": (
        {"type": "rich_text", "elements": [{"type": "text", "text": "x"}]},
        "/blocks/0/elements/0/type unsupported type: text",
    ),
}


@pytest.mark.parametrize("name", WRONG)
def test_mistake_is_pointed_at(name: str) -> None:
    """Each mistake gives exactly one line, with a pointer to it."""
    block, expected = WRONG[name]

    found = find_faults([block], Surface.MESSAGE)

    assert [f"{each.pointer} {each.message}" for each in found] == [expected]


def select(**members: Any) -> Json:
    """Make a message block with a select of two options."""
    offered = [{"text": TEXT, "value": value} for value in ("one", "two")]
    element = {"type": "static_select", "action_id": "a", "options": offered}
    return {"type": "actions", "elements": [element | members]}


def test_presets_must_be_offered() -> None:
    """An initial option that is not among the options is refused."""
    sound = select(initial_option={"text": TEXT, "value": "two"})
    wrong = select(initial_option={"text": TEXT, "value": "three"})

    assert find_faults([sound], Surface.MESSAGE) == []
    assert find_faults([wrong], Surface.MESSAGE) != []


def test_options_or_groups_not_both() -> None:
    """A select takes its options from one place."""
    group = {"label": TEXT, "options": [{"text": TEXT, "value": "one"}]}

    assert find_faults([select(option_groups=[group])], Surface.MESSAGE) != []


def test_block_ids_are_unique_and_action_ids_may_repeat_across_blocks() -> None:
    """Two blocks may share action IDs, but not block IDs."""
    one = {"type": "actions", "block_id": "b1", "elements": [BUTTON]}
    two = {"type": "actions", "block_id": "b2", "elements": [BUTTON]}

    assert find_faults([one, two], Surface.MESSAGE) == []
    [finding] = find_faults([one, one], Surface.MESSAGE)
    assert finding.pointer == "/blocks/1/block_id"


def test_focus_goes_to_one_element() -> None:
    """Only one element of a view may ask for the focus."""
    element = INPUT["element"] | {"focus_on_load": True}
    focused = [INPUT | {"block_id": name, "element": element} for name in ("a", "b")]

    assert find_faults(focused[:1], Surface.MODAL) == []
    assert find_faults(focused, Surface.MODAL) != []


def test_lengths_in_order() -> None:
    """min_length above max_length can never be satisfied."""
    element = INPUT["element"] | {"min_length": 5, "max_length": 4}

    assert find_faults([INPUT | {"element": element}], Surface.MODAL) != []


def refusal(blocks: Any) -> SlackError:
    """Return how these blocks are refused."""
    with pytest.raises(SlackError) as caught:
        judge_message(blocks)
    return caught.value


def test_message_refusals_have_slacks_names() -> None:
    """The error tells a wrong format, a wrong block and too much text apart."""
    table = SOUND["table"]
    long = {"type": "section", "text": {"type": "mrkdwn", "text": "x" * 3000}}

    assert refusal("[{").code == "invalid_blocks_format"
    assert refusal(["divider"]).code == "invalid_blocks_format"
    assert refusal([{"type": "banner"}]).code == "invalid_blocks"
    assert refusal([table, table]).code == "invalid_attachments"
    assert refusal([long] * 5).code == "msg_blocks_too_long"
    judge_message([long] * 4)


def test_markdown_is_summed_over_the_message() -> None:
    """Two markdown blocks of 6,000 characters fit, 6,001 do not."""
    half = {"type": "markdown", "text": "x" * 6000}

    judge_message([half, half])
    assert refusal([half, half | {"text": "x" * 6001}]).code == "invalid_blocks"


def test_refusal_carries_lines_for_developers() -> None:
    """`errors` and `response_metadata.messages` name the place."""
    answer = refusal([{"type": "header", "text": {"type": "plain_text", "text": ""}}])

    line = "must be more than 0 characters [json-pointer:/blocks/0/text/text]"
    assert answer.answer() == {
        "ok": False,
        "error": "invalid_blocks",
        "errors": [line],
        "response_metadata": {"messages": [f"[ERROR] {line}"]},
    }
