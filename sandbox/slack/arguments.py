"""Read a Web API call's arguments, wherever in the request they are."""

import json
from typing import Any

from aiohttp import web

from sandbox.slack.errors import Json, SlackError

_BOOLEANS = {"1": True, "true": True, "0": False, "false": False}
# Arguments that are JSON even when they come as a string in a query or form.
_NESTED = frozenset(
    ("view", "blocks", "attachments", "metadata", "files", "errors", "options")
)
_FLAGS = frozenset(
    (
        "include_all_metadata",
        "include_users",
        "include_disabled",
        "include_count",
        "include_num_members",
        "include_locale",
        "exclude_archived",
        "inclusive",
        "return_im",
        "prevent_creation",
        "reply_broadcast",
        "mrkdwn",
        "unfurl_links",
        "unfurl_media",
        "link_names",
    )
)


async def read_arguments(request: web.Request) -> Json:
    """Merge query, form and JSON body; later ones win.

    Raises:
        SlackError: `invalid_json` or `invalid_arguments`: the body cannot be read.
    """
    args: Json = dict(request.query)
    if request.can_read_body:
        args |= await _body(request)
    return {name: _decoded(name, value) for name, value in args.items()}


async def _body(request: web.Request) -> Json:
    if request.content_type == "application/json":
        try:
            body = await request.json()
        except ValueError as mistake:
            raise SlackError("invalid_json") from mistake
        if not isinstance(body, dict):
            raise SlackError("json_not_object")
        return body
    return dict(await request.post())


def _decoded(name: str, value: Any) -> Any:
    if not isinstance(value, str):
        return value
    if name in _FLAGS:
        return _BOOLEANS.get(value.lower(), value)
    if name in _NESTED and value:
        try:
            return json.loads(value)
        except ValueError:
            return value  # the method's own check refuses it by name
    return value
