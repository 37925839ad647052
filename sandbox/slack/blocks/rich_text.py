"""Rich text: sections, lists, quotes and preformatted text, without mark-up."""

from collections.abc import Mapping

from sandbox.slack.blocks.checks import (
    boolean,
    by_type,
    identifier,
    integer,
    items,
    one_of,
    shape,
    string,
    url,
)
from sandbox.slack.blocks.spots import Check

_MOST_TEXT = 12_000  # the message's total limit; a part has none of its own
_MOST_PARTS = 1000
_id = string(255)
_style = shape(
    {},
    dict.fromkeys(
        (
            "bold",
            "italic",
            "strike",
            "code",
            "underline",
            "highlight",
            "client_highlight",
            "unlink",
        ),
        boolean,
    ),
)
_styled: dict[str, Check] = {"style": _style}

_PARTS: Mapping[str, Check] = {
    "text": shape({"text": string(_MOST_TEXT)}, _styled),
    "link": shape(
        {"url": url(3000)}, _styled | {"text": string(3000), "unsafe": boolean}
    ),
    "emoji": shape(
        {"name": _id},
        _styled | {"unicode": _id, "skin_tone": integer(1, 6), "url": url(3000)},
    ),
    "user": shape({"user_id": _id}, _styled),
    "usergroup": shape({"usergroup_id": _id}, _styled),
    "channel": shape({"channel_id": _id}, _styled),
    "team": shape({"team_id": _id}, _styled),
    "broadcast": shape({"range": one_of("here", "channel", "everyone")}, _styled),
    "color": shape({"value": _id}, _styled),
    "date": shape(
        {"timestamp": integer(0, 99_999_999_999), "format": string(255)},
        _styled | {"url": url(3000), "fallback": string(3000)},
    ),
}
_parts = items(by_type(_PARTS), _MOST_PARTS, 0)
_section = shape({"elements": _parts})
_border: dict[str, Check] = {"border": integer(0, 1)}

_ELEMENTS: Mapping[str, Check] = {
    "rich_text_section": _section,
    "rich_text_quote": shape({"elements": _parts}, _border),
    "rich_text_preformatted": shape(
        {"elements": _parts}, _border | {"language": string(255)}
    ),
    "rich_text_list": shape(
        {
            "style": one_of("bullet", "ordered"),
            "elements": items(by_type({"rich_text_section": _section}), _MOST_PARTS),
        },
        _border | {"indent": integer(0, 8), "offset": integer(0, 100_000)},
    ),
}
_body = shape(
    {"elements": items(by_type(_ELEMENTS), _MOST_PARTS)}, {"block_id": identifier}
)
rich_text: Check = by_type({"rich_text": _body})
