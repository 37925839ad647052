"""Every block that an app may send, and on which surfaces."""

from collections.abc import Mapping
from typing import Any

from sandbox.slack.blocks.checks import (
    boolean,
    by_type,
    either,
    identifier,
    items,
    one_of,
    shape,
    string,
    url,
)
from sandbox.slack.blocks.composition import plain, slack_file, text
from sandbox.slack.blocks.elements import (
    ACCESSORIES,
    ACTIONS_ELEMENTS,
    CONTEXT_ACTIONS,
    INPUT_ELEMENTS,
    button,
    image,
)
from sandbox.slack.blocks.rich_text import rich_text
from sandbox.slack.blocks.spots import Check, Spot, Surface
from sandbox.slack.blocks.tables import data_table, data_visualization, table

_own: dict[str, Check] = {"block_id": identifier}
_marked_image = by_type({"image": image})

_section = shape(
    {},
    _own
    | {
        "text": text(3000),
        "fields": items(text(2000), 10),
        "accessory": by_type(ACCESSORIES),
        "expand": boolean,
    },
    either("text", "fields", both=True),
)
_image = shape(
    {"alt_text": string(2000)},
    _own | {"image_url": url(3000), "slack_file": slack_file, "title": plain(2000)},
    either("image_url", "slack_file"),
)
_context_element = by_type(
    {"plain_text": text(3000), "mrkdwn": text(3000), "image": image}
)
_input = shape(
    {"label": plain(2000), "element": by_type(INPUT_ELEMENTS)},
    _own | {"hint": plain(2000), "optional": boolean, "dispatch_action": boolean},
)
_source = by_type({"url": shape({"url": url(3000), "text": string(3000)})})
_task_card = shape(
    {
        "task_id": identifier,
        "title": string(256),
        "status": one_of("pending", "in_progress", "complete", "error"),
    },
    _own | {"details": rich_text, "output": rich_text, "sources": items(_source, 50)},
)
_plan = shape(
    {"title": string(256)},
    _own | {"tasks": items(by_type({"task_card": _task_card}), 50)},
)
_card = shape(
    {},
    _own
    | {
        "hero_image": _marked_image,
        "icon": _marked_image,
        "title": text(150),
        "subtitle": text(150),
        "subtext": text(200),
        "body": text(200),
        "actions": items(by_type({"button": button}), 3),
    },
    either("hero_image", "title", "actions", "body", both=True),
)
_alert = shape(
    {"text": text(200)},
    _own | {"level": one_of("default", "info", "warning", "error", "success")},
)


def _no_divider_when_collapsible(spot: Spot, value: Any) -> None:
    if value.get("is_collapsible") and value.get("has_header_divider"):
        spot.refuse("has_header_divider is only for what cannot be collapsed")


_INSIDE_CONTAINER: Mapping[str, Check] = {
    "actions": shape({"elements": items(by_type(ACTIONS_ELEMENTS), 25)}, _own),
    "context": shape({"elements": items(_context_element, 10)}, _own),
    "divider": shape({}, _own),
    "header": shape({"text": plain(150)}, _own),
    "image": _image,
    "rich_text": rich_text,
    "section": _section,
    "table": table,
}
_container = shape(
    {"child_blocks": items(by_type(_INSIDE_CONTAINER), 10)},
    _own
    | {
        "title": plain(150),
        "rich_text_title": rich_text,
        "subtitle": text(150),
        "icon": _marked_image,
        "width": one_of("narrow", "standard", "wide", "full"),
        "is_collapsible": boolean,
        "default_collapsed": boolean,
        "has_header_divider": boolean,
    },
    either("title", "rich_text_title", both=True),
    _no_divider_when_collapsible,
)

_EVERYWHERE: Mapping[str, Check] = {
    name: check for name, check in _INSIDE_CONTAINER.items() if name != "table"
}
_MESSAGE_ONLY: Mapping[str, Check] = {
    "markdown": shape({"text": string(12_000)}, _own),
    "table": table,
    "data_table": data_table,
    "data_visualization": data_visualization,
    "task_card": _task_card,
    "plan": _plan,
    "context_actions": shape({"elements": items(by_type(CONTEXT_ACTIONS), 5)}, _own),
    "card": _card,
    "carousel": shape({"elements": items(by_type({"card": _card}), 10)}, _own),
    "container": _container,
}
BLOCKS: Mapping[Surface, Mapping[str, Check]] = {
    Surface.MESSAGE: {**_EVERYWHERE, **_MESSAGE_ONLY},
    Surface.MODAL: {**_EVERYWHERE, "input": _input, "alert": _alert},
    Surface.HOME: {**_EVERYWHERE, "input": _input},
}
BLOCKS_MOST: Mapping[Surface, int] = {
    Surface.MESSAGE: 50,
    Surface.MODAL: 100,
    Surface.HOME: 100,
}
