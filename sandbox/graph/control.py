"""/control/entra/*: what the page and tests see and do, as JSON over HTTP."""

from collections.abc import Awaitable, Callable

from aiohttp import web

from sandbox.graph.control_view import overview
from sandbox.graph.entra import Entra
from sandbox.graph.portal import Portal, PortalError
from sandbox.graph.tenant import Json

Act = Callable[[Json], Json]
Served = Callable[[web.Request], Awaitable[web.Response]]


def entra_control_routes(entra: Entra) -> list[web.RouteDef]:
    """Return the routes, to be served beside the page (without TLS)."""
    portal = Portal(entra)
    acts: dict[str, Act] = {
        "consent": portal.consent,
        "app": portal.app,
        "user": portal.user,
        "tenant": portal.tenant,
        "log": portal.log,
        "faults": portal.fault,
        "reset": _reset(entra),
    }
    return [
        web.get("/control/entra/tenant", _seen(lambda _: overview(entra))),
        web.get("/control/entra/faults", _seen(lambda _: _faults(entra))),
        web.get("/control/entra/requests", _seen(lambda query: _asked(entra, query))),
        *(
            web.post(f"/control/entra/{n}", _done(entra, act))
            for n, act in acts.items()
        ),
    ]


def _faults(entra: Entra) -> Json:
    return {"faults": [fault.to_json() for fault in entra.faults]}


def _asked(entra: Entra, query: Json) -> Json:
    since = str(query.get("since", "0"))
    if not since.isdigit():
        raise PortalError("bad_since", "Give since as a number.")
    return {"requests": [entry.to_json() for entry in entra.journal.since(int(since))]}


def _reset(entra: Entra) -> Act:
    def reset(_: Json) -> Json:
        entra.reset()
        return {}

    return reset


def _seen(sight: Act) -> Served:
    async def serve(request: web.Request) -> web.Response:
        try:
            return web.json_response({"ok": True, **sight(dict(request.query))})
        except PortalError as refusal:
            return _refused(refusal)

    return serve


def _done(entra: Entra, act: Act) -> Served:
    async def serve(request: web.Request) -> web.Response:
        try:
            answer = act(await _body(request))
        except PortalError as refusal:
            return _refused(refusal)
        entra.tenant_changed()
        return web.json_response({"ok": True, **answer})

    return serve


async def _body(request: web.Request) -> Json:
    if not request.can_read_body:
        return {}
    try:
        body = await request.json()
    except ValueError:
        raise PortalError("bad_json", "Send a JSON object.") from None
    if not isinstance(body, dict):
        raise PortalError("bad_json", "Send a JSON object.")
    return body


def _refused(refusal: PortalError) -> web.Response:
    body = {"ok": False, "error": refusal.code, "message": str(refusal)}
    return web.json_response(body, status=400)
