"""POST and GET /api/{method}: tokens, scopes, limits, faults, then the method."""

import asyncio
from collections.abc import Mapping

from aiohttp import web

from sandbox.slack.arguments import read_arguments
from sandbox.slack.core import WorkspaceCore
from sandbox.slack.errors import Json, SlackError, invalid_arguments
from sandbox.slack.methods import (
    chat,
    conversations,
    files,
    history,
    session,
    users,
    views,
)
from sandbox.slack.methods.method import Method
from sandbox.slack.reach import require_scope

METHODS: Mapping[str, Method] = (
    session.METHODS
    | chat.METHODS
    | views.METHODS
    | users.METHODS
    | conversations.METHODS
    | history.METHODS
    | files.METHODS
)
POSTS = frozenset(("chat.postMessage", "chat.postEphemeral"))


def api_routes(workspace: WorkspaceCore) -> list[web.RouteDef]:
    """Serve the Web API. Slack takes every method by GET and by POST."""

    async def call(request: web.Request) -> web.StreamResponse:
        return await answer_call(workspace, request)

    path = "/api/{method}"
    return [web.get(path, call, allow_head=False), web.post(path, call)]


async def answer_call(
    workspace: WorkspaceCore, request: web.Request
) -> web.StreamResponse:
    """Answer one call, with HTTP 200 even for refusals, as Slack does."""
    name = request.match_info["method"]
    args: Json = {}
    try:
        args = await read_arguments(request)
        await _be_slow(workspace)
        hindered = _hindered(workspace, name, args)
        if hindered is not None:
            return hindered
        result = run_method(workspace, name, args, _token(request, args))
    except SlackError as refusal:
        workspace.log.called(name, args, error=refusal.code)
        return _json(workspace, name, refusal.answer())
    workspace.log.called(name, args, error=None)
    return _after_the_work(workspace, request, name, result)


def run_method(
    workspace: WorkspaceCore, name: str, args: Json, token: str | None
) -> Json:
    """Check token, scopes and required arguments, then run a method.

    Raises:
        SlackError: every refusal, in Slack's order: method, token, scope, arguments.
    """
    method = METHODS.get(name)
    if method is None:
        raise SlackError("unknown_method", req_method=name)
    _check_token(workspace, method, token)
    if not method.app_token:
        require_scope(workspace, *method.needs)
    missing = [each for each in method.required if args.get(each) in (None, "")]
    if missing:
        lines = (f"missing required field: {each}" for each in missing)
        raise invalid_arguments(*lines)
    return method.run(workspace, args)


def _token(request: web.Request, args: Json) -> str | None:
    kind, _, token = request.headers.get("Authorization", "").partition(" ")
    if kind.lower() == "bearer" and token:
        return token.strip()
    return args.get("token")


def _check_token(workspace: WorkspaceCore, method: Method, token: str | None) -> None:
    app = workspace.app
    if not token:
        raise SlackError("not_authed")
    if token not in (app.bot_token, app.app_token):
        raise SlackError("invalid_auth")
    if (token == app.app_token) != method.app_token:
        raise SlackError("not_allowed_token_type")
    if token == app.bot_token and workspace.faults.is_on("token_revoked"):
        raise SlackError("token_revoked")


async def _be_slow(workspace: WorkspaceCore) -> None:
    if workspace.faults.is_on("slow_api"):
        await asyncio.sleep(workspace.faults.param("slow_api", "ms") / 1000)


def _hindered(workspace: WorkspaceCore, name: str, args: Json) -> web.Response | None:
    """Return the answer of a fault or rate limit that hits before any work."""
    if workspace.faults.strikes("server_error", method=name):
        status = int(workspace.faults.param("server_error", "status"))
        workspace.log.called(name, args, error="server_error", status=status)
        return web.Response(status=status, text="server error")
    wait: int | None = None
    if workspace.faults.strikes("rate_limit", method=name):
        wait = int(workspace.faults.param("rate_limit", "retry_after"))
    elif name in METHODS:
        channel = str(args.get("channel", ""))
        wait = workspace.limits.wait_for(name, METHODS[name].tier, channel)
    if wait is None:
        return None
    workspace.log.called(name, args, error="ratelimited", status=429)
    body = {"ok": False, "error": "ratelimited"}
    return web.json_response(body, status=429, headers={"Retry-After": str(wait)})


def _after_the_work(
    workspace: WorkspaceCore, request: web.Request, name: str, result: Json
) -> web.StreamResponse:
    if name in POSTS and workspace.faults.strikes("reset_after_post"):
        if request.transport is not None:
            request.transport.abort()
        return web.Response()
    if name in POSTS and workspace.faults.strikes("fatal_error"):
        return _json(workspace, name, {"ok": False, "error": "fatal_error"})
    return _json(workspace, name, {"ok": True, **result})


def _json(workspace: WorkspaceCore, name: str, body: Json) -> web.Response:
    headers = {"x-oauth-scopes": ",".join(sorted(workspace.scopes))}
    method = METHODS.get(name)
    if method is not None and method.needs:
        headers["x-accepted-oauth-scopes"] = ",".join(method.needs)
    return web.json_response(body, headers=headers)
