"""Every HTTP route of the simulated Slack."""

from aiohttp import web

from sandbox.feed import feed_routes
from sandbox.slack.api import api_routes
from sandbox.slack.control import control_routes
from sandbox.slack.errors import Json, SlackError
from sandbox.slack.posting import edit, post, remove
from sandbox.slack.reach import require_scope
from sandbox.slack.tickets import ResponseUrl
from sandbox.slack.workspace import SlackWorkspace


def slack_routes(workspace: SlackWorkspace) -> list[web.RouteDef]:
    """Return the Web API, Socket Mode, response and upload URLs, and the control API.

    Set `workspace.base_url` before the first request, and await `workspace.close()`
    before the web server stops, or it waits for open event streams and sockets.
    """

    async def link(request: web.Request) -> web.StreamResponse:
        return await _link(workspace, request)

    async def respond(request: web.Request) -> web.StreamResponse:
        return await _respond(workspace, request)

    async def upload(request: web.Request) -> web.StreamResponse:
        return await _upload(workspace, request)

    return [
        *api_routes(workspace),
        web.get("/link", link),
        web.post("/response/{kind}/{team}/{url_id}", respond),
        web.post("/upload/{file_id}", upload),
        *control_routes(workspace),
        *feed_routes(workspace.feed),
    ]


async def _link(workspace: SlackWorkspace, request: web.Request) -> web.StreamResponse:
    if workspace.faults.strikes("dead_ticket"):
        return web.Response(status=408, text="ticket is dead")
    if workspace.sockets.full or not workspace.tickets.take(
        request.query.get("ticket", "")
    ):
        return web.Response(status=400, text="bad ticket or too many connections")
    return await workspace.sockets.serve(request)


async def _respond(
    workspace: SlackWorkspace, request: web.Request
) -> web.StreamResponse:
    try:
        body = await request.json()
    except ValueError:
        return web.Response(status=400, text="invalid_payload")
    url_id = request.match_info["url_id"]
    try:
        url = workspace.response_urls.use(url_id)
    except SlackError as refusal:
        workspace.log.called("response_url", body, error=refusal.code, status=404)
        return web.json_response(refusal.answer(), status=404)
    try:
        _answer_act(workspace, url, body)
    except SlackError as refusal:
        workspace.log.called("response_url", body, error=refusal.code, status=400)
        return web.json_response(refusal.answer(), status=400)
    workspace.log.called("response_url", body, error=None)
    return web.Response(text="ok")


def _answer_act(workspace: SlackWorkspace, url: ResponseUrl, body: Json) -> None:
    """Post, replace or delete by a response URL. It needs no channel membership."""
    require_scope(workspace, "commands", "chat:write")
    acted_on = None
    if url.message_ts is not None:
        acted_on = workspace.messages.find(url.channel, url.message_ts)
    if body.get("delete_original"):
        if acted_on is None:
            raise SlackError("message_not_found")
        remove(workspace, acted_on)
    elif body.get("replace_original") and acted_on is not None:
        edit(workspace, acted_on, body)
    else:
        in_channel = body.get("response_type") == "in_channel"
        channel = workspace.channels.existing(url.channel)
        to = None if in_channel else url.user
        post(workspace, channel, body, ephemeral_to=to)


async def _upload(
    workspace: SlackWorkspace, request: web.Request
) -> web.StreamResponse:
    upload = workspace.uploads.get(request.match_info["file_id"])
    if upload is None:
        return web.Response(status=404, text="unknown file")
    content = await request.read()
    if len(content) != upload.length:
        return web.Response(status=400, text=f"expected {upload.length} bytes")
    upload.content = content
    return web.Response(text=f"OK - {len(content)}")
