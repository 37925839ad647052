"""The web application behind TLS: login and Graph on one address, as for all clouds."""

import asyncio
from collections.abc import Awaitable, Callable
from uuid import uuid4

from aiohttp import web
from aiohttp.typedefs import Handler, Middleware

from sandbox.graph.downloads import opened
from sandbox.graph.entra import Entra
from sandbox.graph.errors import ConnectionCutError, GraphError
from sandbox.graph.exchange import Reply
from sandbox.graph.login import SignInReply, discovery, token
from sandbox.graph.pipeline import Incoming, answer

Respond = Callable[[Incoming], Awaitable[Reply]]

_METADATA = "/{tenant}/v2.0/.well-known/openid-configuration"


def entra_app(entra: Entra, respond: Respond | None = None) -> web.Application:
    """Return the application that serves login and Graph v1.0 for all clouds.

    `respond` answers Graph requests in place of the ordinary simulator.
    """
    app = web.Application(middlewares=[_weather(entra)], client_max_size=4 * 2**20)
    service = _Service(entra, respond)
    app.add_routes(
        [
            web.route("*", "/v1.0{target:/.*}", service.graph),
            web.get(_METADATA, service.metadata),
            web.post("/{tenant}/oauth2/v2.0/token", service.token),
            web.get("/{tenant}/discovery/v2.0/keys", service.keys),
        ]
    )
    return app


def download_app(entra: Entra) -> web.Application:
    """Return the application that serves report files, on an origin of its own."""
    app = web.Application()

    async def download(request: web.Request) -> web.StreamResponse:
        signed = "Authorization" in request.headers
        try:
            found = opened(entra, request.match_info["name"], signed=signed)
        except GraphError as error:
            _note_download(entra, request, error)
            return web.Response(status=error.status, text=error.message)
        _note_download(entra, request, None)
        response = web.StreamResponse()
        response.content_type = "application/octet-stream"
        await response.prepare(request)
        cut = entra.faults.strike("report_cut", "GET", request.path)
        for piece in found():
            if cut is not None:
                await response.write(piece[: len(piece) // 2])
                return _cut(request)
            await response.write(piece)
        return response

    app.add_routes([web.get("/data/download/{name}", download)])
    return app


def _note_download(
    entra: Entra, request: web.Request, error: GraphError | None
) -> None:
    """Write a download into the journal, without the address that opens it."""
    entra.journal.write(
        seq=entra.journal.next_seq(),
        at=entra.now(),
        service="reports",
        method=request.method,
        url="https://reports.office.com/data/download/…",
        headers=dict(request.headers),
        body=None,
        status=200 if error is None else error.status,
        reason=None if error is None else f"{error.code}: {error.message}",
    )


def _weather(entra: Entra) -> Middleware:
    """Return the middleware for faults of the network: down, slow, cut."""

    @web.middleware
    async def middleware(request: web.Request, handler: Handler) -> web.StreamResponse:
        path = request.path.removeprefix("/v1.0")
        if entra.faults.strike("network_down", request.method, path):
            return _cut(request)
        if slow := entra.faults.strike("slow", request.method, path):
            await asyncio.sleep(float(slow.params["ms"]) / 1000)
        try:
            return await handler(request)
        except ConnectionCutError:
            return _cut(request)

    return middleware


def _cut(request: web.Request) -> web.Response:
    """Break the connection so that the client sees a reset, not an HTTP answer.

    The response returned goes nowhere: aiohttp wants one from every handler.
    """
    if request.transport is not None:
        request.transport.abort()
    return web.Response(status=503)


class _Service:
    """The handlers. They read the request, and leave the thinking to others."""

    def __init__(self, entra: Entra, respond: Respond | None) -> None:
        self._entra = entra
        self._respond = respond or self._ordinarily

    async def _ordinarily(self, incoming: Incoming) -> Reply:
        return answer(self._entra, incoming)

    async def graph(self, request: web.Request) -> web.Response:
        """Serve Graph."""
        incoming = Incoming(
            method=request.method,
            target=request.rel_url.raw_path_qs.removeprefix("/v1.0"),
            headers=dict(request.headers),
            raw_body=await request.read(),
            root=f"{_origin(request)}/v1.0",
        )
        return _drawn(await self._respond(incoming))

    async def metadata(self, request: web.Request) -> web.Response:
        """Serve a tenant's OpenID configuration."""
        tenant = request.match_info["tenant"]
        reply = discovery(self._entra, tenant, _origin(request), _correlation(request))
        return self._sign_in(request, reply)

    async def token(self, request: web.Request) -> web.Response:
        """Serve the token endpoint."""
        form = {name: str(value) for name, value in (await request.post()).items()}
        tenant = request.match_info["tenant"]
        root, correlation_id = _origin(request), _correlation(request)
        reply = token(self._entra, tenant, form, root, correlation_id)
        return self._sign_in(request, reply)

    async def keys(self, request: web.Request) -> web.Response:
        """Serve the (empty) set of signing keys: tokens are opaque to clients."""
        return web.json_response({"keys": []})

    def _sign_in(self, request: web.Request, reply: SignInReply) -> web.Response:
        journal, codes = self._entra.journal, reply.body.get("error_codes")
        journal.write(
            seq=journal.next_seq(),
            at=self._entra.now(),
            service="login",
            method=request.method,
            url=f"https://login.microsoftonline.com{request.rel_url.raw_path_qs}",
            headers=dict(request.headers),
            body=None,  # it holds what signs in
            status=reply.status,
            reason=f"AADSTS{codes[0]}" if codes else None,
        )
        return web.json_response(
            reply.body, status=reply.status, headers=dict(reply.headers)
        )


def _origin(request: web.Request) -> str:
    return f"https://{request.host}"


def _correlation(request: web.Request) -> str:
    """Return the caller's id of the request, which the service keeps, or a new one."""
    return request.headers.get("client-request-id") or str(uuid4())


def _drawn(reply: Reply) -> web.Response:
    if reply.text is not None:
        return web.Response(text=reply.text, status=reply.status, headers=reply.headers)
    if reply.raw is not None:
        return web.Response(
            body=reply.raw,
            status=reply.status,
            headers=reply.headers,
            content_type="application/json",
            charset="utf-8",
        )
    if reply.body is None:
        return web.Response(status=reply.status, headers=reply.headers)
    return web.json_response(reply.body, status=reply.status, headers=reply.headers)
