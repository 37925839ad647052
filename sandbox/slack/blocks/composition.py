"""Composition objects: texts, options, confirmations, filters."""

from typing import Any

from sandbox.slack.blocks.checks import (
    boolean,
    by_type,
    items,
    one_of,
    shape,
    string,
    url,
)
from sandbox.slack.blocks.spots import Check, Spot

OPTION_TEXT, OPTION_VALUE, GROUP_LABEL = 75, 150, 75
OPTIONS_MOST = 100


def plain(most: int) -> Check:
    """Expect a plain_text object."""
    return by_type({"plain_text": shape({"text": string(most)}, {"emoji": boolean})})


def text(most: int) -> Check:
    """Expect a plain_text or mrkdwn object."""
    mrkdwn = shape({"text": string(most)}, {"verbatim": boolean})
    return by_type({"plain_text": plain(most), "mrkdwn": mrkdwn})


def option(check_text: Check, *, with_url: bool = False) -> Check:
    """Expect an option; only overflow menus may have addresses in theirs."""
    optional = {"description": text(OPTION_TEXT)}
    if with_url:
        optional["url"] = url(3000)
    return shape({"text": check_text, "value": string(OPTION_VALUE)}, optional)


plain_option = option(plain(OPTION_TEXT))
marked_option = option(text(OPTION_TEXT))
menu_option = option(plain(OPTION_TEXT), with_url=True)
plain_options = items(plain_option, OPTIONS_MOST)
option_groups = items(
    shape({"label": plain(GROUP_LABEL), "options": plain_options}), OPTIONS_MOST
)

confirm = shape(
    {"title": plain(100), "text": text(300), "confirm": plain(30), "deny": plain(30)},
    {"style": one_of("primary", "danger")},
)

conversation_filter = shape(
    {},
    {
        "include": items(one_of("im", "mpim", "private", "public"), 4),
        "exclude_external_shared_channels": boolean,
        "exclude_bot_users": boolean,
    },
)

dispatch_action_config = shape(
    {},
    {
        "trigger_actions_on": items(
            one_of("on_enter_pressed", "on_character_entered"), 2
        )
    },
)

slack_file = shape({}, {"id": string(255), "url": url(3000)})


def presets_offered(spot: Spot, value: Any) -> None:
    """Refuse presets that are not among the element's own options."""
    offered = list(value.get("options") or [])
    for group in value.get("option_groups") or []:
        offered += group.get("options", []) if isinstance(group, dict) else []
    values = [each.get("value") for each in offered if isinstance(each, dict)]
    preset = value.get("initial_options") or []
    if value.get("initial_option") is not None:
        preset = [value["initial_option"]]
    for each in preset:
        if not isinstance(each, dict) or each.get("value") not in values:
            spot.refuse("initial options must be among the options")
