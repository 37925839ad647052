"""Views: titles of 24 characters, metadata of 3,000, a submit button for inputs."""

from typing import Any

from sandbox.slack.blocks.checks import boolean, by_type, shape, string
from sandbox.slack.blocks.composition import plain
from sandbox.slack.blocks.spots import Check, Spot, Surface
from sandbox.slack.blocks.whole import check_blocks

TITLE_MOST = 24
METADATA_MOST = 3000

_common: dict[str, Check] = {
    "private_metadata": string(METADATA_MOST, 0),
    "callback_id": string(255, 0),
    "external_id": string(255, 0),
}


def _inputs_need_submit(spot: Spot, value: Any) -> None:
    blocks = value.get("blocks")
    if value.get("submit") is not None or not isinstance(blocks, list):
        return
    if any(isinstance(each, dict) and each.get("type") == "input" for each in blocks):
        spot.refuse("missing required field: submit (the view has input blocks)")


_modal = shape(
    {"title": plain(TITLE_MOST), "blocks": check_blocks},
    _common
    | {
        "submit": plain(TITLE_MOST),
        "close": plain(TITLE_MOST),
        "clear_on_close": boolean,
        "notify_on_close": boolean,
        "submit_disabled": boolean,
    },
    _inputs_need_submit,
)
_home = shape({"blocks": check_blocks}, _common)


def check_view(spot: Spot, view: Any) -> None:
    """Check a modal or a Home tab, whichever the spot's surface says."""
    if spot.surface is Surface.MODAL:
        by_type({"modal": _modal})(spot, view)
    else:
        by_type({"home": _home})(spot, view)
