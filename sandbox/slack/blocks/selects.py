"""Select menus, single and multiple, and where their options come from."""

from collections.abc import Mapping

from sandbox.slack.blocks.checks import (
    boolean,
    either,
    identifier,
    integer,
    items,
    shape,
    string,
)
from sandbox.slack.blocks.composition import (
    OPTIONS_MOST,
    confirm,
    conversation_filter,
    option_groups,
    plain,
    plain_option,
    plain_options,
    presets_offered,
)
from sandbox.slack.blocks.spots import Check

_id = string(255)
_ids = items(_id, 1000, 0)
_base: dict[str, Check] = {
    "action_id": identifier,
    "placeholder": plain(150),
    "confirm": confirm,
    "focus_on_load": boolean,
}
_multi: dict[str, Check] = _base | {"max_selected_items": integer(1, OPTIONS_MOST)}
_sources: dict[str, Check] = {"options": plain_options, "option_groups": option_groups}
_one_source = either("options", "option_groups")
_presets = items(plain_option, OPTIONS_MOST, 0)
_conversations: dict[str, Check] = {
    "default_to_current_conversation": boolean,
    "filter": conversation_filter,
}
_response_url: dict[str, Check] = {"response_url_enabled": boolean}
_query: dict[str, Check] = {"min_query_length": integer(0, 255)}

SELECTS: Mapping[str, Check] = {
    "static_select": shape(
        {},
        _base | _sources | {"initial_option": plain_option},
        _one_source,
        presets_offered,
    ),
    "multi_static_select": shape(
        {},
        _multi | _sources | {"initial_options": _presets},
        _one_source,
        presets_offered,
    ),
    "external_select": shape({}, _base | _query | {"initial_option": plain_option}),
    "multi_external_select": shape({}, _multi | _query | {"initial_options": _presets}),
    "users_select": shape({}, _base | {"initial_user": _id}),
    "multi_users_select": shape({}, _multi | {"initial_users": _ids}),
    "conversations_select": shape(
        {}, _base | _conversations | _response_url | {"initial_conversation": _id}
    ),
    "multi_conversations_select": shape(
        {}, _multi | _conversations | {"initial_conversations": _ids}
    ),
    "channels_select": shape({}, _base | _response_url | {"initial_channel": _id}),
    "multi_channels_select": shape({}, _multi | {"initial_channels": _ids}),
}
