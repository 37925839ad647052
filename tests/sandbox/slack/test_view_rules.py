"""Limits of modals and Home tabs, and how Slack completes them."""

from typing import Any

import pytest

from sandbox.slack.blocks.judge import judge_view
from sandbox.slack.clock import Clock
from sandbox.slack.errors import SlackError
from sandbox.slack.ids import Mint

Json = dict[str, Any]
pytestmark = pytest.mark.quick

TEXT = {"type": "plain_text", "text": "Hello"}
BUTTON = {"type": "button", "text": TEXT, "action_id": "a"}
SECTION = {"type": "section", "text": TEXT}
INPUT: Json = {
    "type": "input",
    "block_id": "i",
    "label": TEXT,
    "element": {"type": "plain_text_input", "action_id": "a"},
}


def modal(**members: Any) -> Json:
    """Make a sound modal with an input."""
    sound = {"type": "modal", "title": TEXT, "submit": TEXT, "blocks": [INPUT]}
    return sound | members


def view_lines(view: Json, *, is_modal: bool = True) -> list[str]:
    """Return the lines with which a view is refused; none when it passes."""
    try:
        judge_view(view, Mint(Clock()), modal=is_modal)
    except SlackError as refused:
        lines: list[str] = refused.details["response_metadata"]["messages"]
        return lines
    return []


@pytest.mark.parametrize("name", ["title", "submit", "close"])
def test_view_titles_have_24_characters(name: str) -> None:
    """Title, submit and close are plain text of at most 24 characters."""

    def titled(length: int) -> Json:
        return modal(**{name: {"type": "plain_text", "text": "x" * length}})

    assert view_lines(titled(24)) == []
    pointer = f"[json-pointer:/view/{name}/text]"
    assert view_lines(titled(25)) == [
        f"[ERROR] must be less than 25 characters {pointer}"
    ]


@pytest.mark.parametrize(
    ("name", "limit"),
    [("private_metadata", 3000), ("callback_id", 255), ("external_id", 255)],
)
def test_view_strings_at_their_limits(name: str, limit: int) -> None:
    """Metadata and IDs of a view have limits of their own."""
    assert view_lines(modal(**{name: "x" * limit})) == []
    assert view_lines(modal(**{name: "x" * (limit + 1)})) != []


def test_inputs_need_a_submit_button() -> None:
    """A modal with an input but no submit button is refused; without inputs not."""
    without = modal()
    del without["submit"]

    assert len(view_lines(without)) == 1
    assert view_lines(without | {"blocks": [SECTION]}) == []


def test_view_kinds_do_not_mix() -> None:
    """A Home tab has no title and is no modal, nor the reverse."""
    home = {"type": "home", "blocks": [SECTION]}

    assert view_lines(home, is_modal=False) == []
    assert view_lines(home) != []
    assert view_lines(modal(), is_modal=False) != []
    assert view_lines(home | {"title": TEXT}, is_modal=False) != []


def test_a_view_read_back_cannot_be_sent_again() -> None:
    """Members that only Slack writes are refused."""
    [line] = view_lines(modal(hash="1.x"))

    assert "invalid additional property: hash" in line


def test_view_of_250_kilobytes() -> None:
    """One byte above 250,000 is `view_too_large`, before anything else is said."""
    empty = len('{"type": "modal", "private_metadata": ""}')
    view: Json = {"type": "modal", "private_metadata": "x" * (250_000 - empty)}

    assert view_lines(view) != []
    view["private_metadata"] += "x"
    with pytest.raises(SlackError, match="view_too_large"):
        judge_view(view, Mint(Clock()), modal=True)


def test_ids_and_flags_are_filled_in() -> None:
    """Slack makes up missing IDs and states the defaults of texts."""
    given = modal(blocks=[{"type": "section", "text": TEXT, "accessory": BUTTON}])
    nameless = given["blocks"][0]["accessory"] = {"type": "button", "text": TEXT}

    [block] = judge_view(given, Mint(Clock()), modal=True)["blocks"]

    assert block["block_id"]
    assert block["accessory"]["action_id"]
    assert block["text"] == TEXT | {"emoji": True}
    assert "action_id" not in nameless, "the app's own tree stays as it was"
