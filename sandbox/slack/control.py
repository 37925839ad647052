"""/control/slack/*: what the page and tests do and see, as JSON over HTTP."""

from collections.abc import Awaitable, Callable
from typing import Any

from aiohttp import web

from sandbox.slack import sights
from sandbox.slack.errors import ControlError, Json
from sandbox.slack.workspace import SlackWorkspace

Act = Callable[[SlackWorkspace, Json], Awaitable[Json]]


async def _command(workspace: SlackWorkspace, body: Json) -> Json:
    outcome = await workspace.command(body["user"], body["channel"], body["text"])
    return outcome.to_json()


async def _shortcut(workspace: SlackWorkspace, body: Json) -> Json:
    outcome = await workspace.shortcut(
        body["user"],
        body["callback_id"],
        channel=body.get("channel"),
        message_ts=body.get("message_ts"),
    )
    return outcome.to_json()


async def _action(workspace: SlackWorkspace, body: Json) -> Json:
    outcome = await workspace.act(
        body["user"], body["action"], body["container"], body.get("state")
    )
    return outcome.to_json()


async def _options(workspace: SlackWorkspace, body: Json) -> Json:
    return await workspace.options(
        body["user"],
        body["action_id"],
        body["value"],
        block_id=body.get("block_id"),
        **body["container"],
    )


async def _submit(workspace: SlackWorkspace, body: Json) -> Json:
    submission = await workspace.submit(
        body["user"], body["view_id"], body.get("state")
    )
    return submission.to_json()


async def _close(workspace: SlackWorkspace, body: Json) -> Json:
    outcome = await workspace.close_view(
        body["user"], body["view_id"], everything=bool(body.get("all"))
    )
    return outcome.to_json()


async def _home(workspace: SlackWorkspace, body: Json) -> Json:
    outcome = await workspace.open_home(body["user"], tab=body.get("tab", "home"))
    return outcome.to_json()


async def _say(workspace: SlackWorkspace, body: Json) -> Json:
    message = await workspace.say(
        body["user"], body["channel"], body["text"], thread_ts=body.get("thread_ts")
    )
    return {"message": message.to_slack()}


async def _person(workspace: SlackWorkspace, body: Json) -> Json:
    changes = {name: value for name, value in body.items() if name != "id"}
    user = workspace.people.change(body["id"], changes)
    workspace.changed("workspace")
    return {"person": user}


async def _channel(workspace: SlackWorkspace, body: Json) -> Json:
    sights.change_channel(workspace, body)
    return {}


async def _set_fault(workspace: SlackWorkspace, body: Json) -> Json:
    await workspace.set_fault(body["name"], bool(body["on"]), body.get("params"))
    return sights.faults(workspace)


async def _clock(workspace: SlackWorkspace, body: Json) -> Json:
    workspace.clock.set_offset(float(body["offset_seconds"]))
    return {"now": workspace.clock.now()}


ACTS: dict[str, Act] = {
    "command": _command,
    "shortcut": _shortcut,
    "action": _action,
    "options": _options,
    "submit": _submit,
    "close": _close,
    "home": _home,
    "say": _say,
    "person": _person,
    "channel": _channel,
    "faults": _set_fault,
    "clock": _clock,
}


async def _workspace(workspace: SlackWorkspace, query: Json) -> Json:
    return sights.overview(workspace)


async def _messages(workspace: SlackWorkspace, query: Json) -> Json:
    return sights.messages(workspace, query["channel"], query["as"])


async def _views(workspace: SlackWorkspace, query: Json) -> Json:
    return sights.views(workspace, query["as"])


async def _log(workspace: SlackWorkspace, query: Json) -> Json:
    return workspace.log.since(int(query.get("since", 0)))


async def _faults(workspace: SlackWorkspace, query: Json) -> Json:
    return sights.faults(workspace)


SIGHTS: dict[str, Act] = {
    "workspace": _workspace,
    "messages": _messages,
    "views": _views,
    "log": _log,
    "faults": _faults,
}


def control_routes(workspace: SlackWorkspace) -> list[web.RouteDef]:
    """Serve every act as POST and every sight as GET."""
    acts = [
        web.post(f"/control/slack/{name}", _served(workspace, act))
        for name, act in ACTS.items()
    ]
    seen = [
        web.get(f"/control/slack/{name}", _served(workspace, sight))
        for name, sight in SIGHTS.items()
    ]
    return acts + seen


def _served(
    workspace: SlackWorkspace, act: Act
) -> Callable[[web.Request], Awaitable[web.StreamResponse]]:
    async def handle(request: web.Request) -> web.StreamResponse:
        try:
            given = await _given(request)
            answer = await act(workspace, given)
        except ControlError as refusal:
            return web.json_response(refusal.answer(), status=refusal.status)
        return web.json_response({"ok": True, **answer})

    return handle


class _Given(dict[str, Any]):
    """What a request gave; asking for a member that is not there refuses it."""

    def __missing__(self, name: str) -> Any:
        raise ControlError("missing_field", f"Give {name!r}.")


async def _given(request: web.Request) -> Json:
    if request.method == "GET":
        return _Given(request.query)
    try:
        body = await request.json()
    except ValueError as mistake:
        raise ControlError("invalid_json", "Send a JSON object.") from mistake
    if not isinstance(body, dict):
        raise ControlError("invalid_json", "Send a JSON object.")
    return _Given(body)
