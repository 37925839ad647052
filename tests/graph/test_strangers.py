"""Something that is not Microsoft answers: a proxy, a portal, a redirect."""

from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import pytest
from aiohttp import web

from bot.domain.clouds import Cloud
from bot.graph.client import GraphClient
from bot.graph.connections import GraphClients
from bot.graph.errors import GraphError, UnknownOutcomeError, UnreadableAnswerError
from bot.graph.organization import organization
from bot.graph.patience import INTERACTIVE
from bot.graph.signin_errors import SignInError
from bot.graph.users import get_user, set_account_enabled
from sandbox.graph.certificates import Tls, make_tls
from tests.graph.house import CLIENT, DANA, SECRET, TENANT, QuickClock

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class Stranger:
    """A TLS server that answers sign-ins, and Graph as a test wants."""

    def __init__(self) -> None:
        self.graph: Handler = _nothing
        self.login: Handler | None = None
        self.seen: list[str] = []
        self.url = ""

    async def answer(self, request: web.Request) -> web.StreamResponse:
        self.seen.append(f"{request.method} {request.path}")
        if request.path.startswith("/v1.0/"):
            return await self.graph(request)
        if self.login is not None:
            return await self.login(request)
        if request.method == "GET":
            place = f"{self.url}/{TENANT}/oauth2/v2.0"
            return web.json_response(
                {
                    "token_endpoint": f"{place}/token",
                    "authorization_endpoint": f"{place}/authorize",
                    "issuer": f"{self.url}/{TENANT}/v2.0",
                }
            )
        return web.json_response({"access_token": "opaque", "expires_in": 3599})


async def _nothing(request: web.Request) -> web.StreamResponse:
    return web.Response(status=204)


@pytest.fixture(scope="module")
def tls(tmp_path_factory: pytest.TempPathFactory) -> Tls:
    return make_tls(Path(tmp_path_factory.mktemp("tls")))


@pytest.fixture
async def stranger(tls: Tls) -> AsyncIterator[Stranger]:
    here = Stranger()
    app = web.Application()
    app.router.add_route("*", "/{rest:.*}", here.answer)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.5)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0, ssl_context=tls.context).start()
    here.url = f"https://127.0.0.1:{runner.addresses[0][1]}"
    yield here
    await runner.cleanup()


@pytest.fixture
async def graph(stranger: Stranger, tls: Tls) -> AsyncIterator[GraphClient]:
    place = {"login": stranger.url, "graph": stranger.url}
    graphs = GraphClients({"global": place}, tls.ca_file, QuickClock())
    yield graphs.fresh(Cloud.GLOBAL, TENANT, CLIENT, SECRET, patience=INTERACTIVE)
    await graphs.aclose()


async def test_an_opaque_token_has_no_roles_and_works(
    stranger: Stranger, graph: GraphClient
) -> None:
    async def one_tenant(request: web.Request) -> web.StreamResponse:
        assert request.headers["Authorization"] == "Bearer opaque"
        return web.json_response(
            {"value": [{"id": str(TENANT), "displayName": "C", "verifiedDomains": []}]}
        )

    stranger.graph = one_tenant

    assert await graph.granted() == frozenset()
    assert (await organization(graph)).display_name == "C"


@pytest.mark.parametrize(
    "body", ["<html>Sign in to the guest network</html>", '["a list"]', "null"]
)
async def test_a_portal_instead_of_graph(
    stranger: Stranger, graph: GraphClient, body: str
) -> None:
    async def portal(request: web.Request) -> web.StreamResponse:
        return web.Response(text=body)

    stranger.graph = portal

    with pytest.raises(UnreadableAnswerError, match="not Microsoft Graph's"):
        await organization(graph)


async def test_a_list_of_another_shape(stranger: Stranger, graph: GraphClient) -> None:
    async def odd(request: web.Request) -> web.StreamResponse:
        return web.json_response({"value": "many"})

    stranger.graph = odd

    with pytest.raises(UnreadableAnswerError):
        [item async for item in graph.items("/users", needs=None)]


async def test_a_redirect_is_not_followed_with_the_token(
    stranger: Stranger, graph: GraphClient
) -> None:
    async def elsewhere(request: web.Request) -> web.StreamResponse:
        raise web.HTTPFound(f"{stranger.url}/v1.0/elsewhere")

    stranger.graph = elsewhere

    with pytest.raises(GraphError):
        await organization(graph)
    assert "GET /v1.0/elsewhere" not in stranger.seen


async def test_a_gateways_page_with_an_error_status(
    stranger: Stranger, graph: GraphClient
) -> None:
    async def refuse(request: web.Request) -> web.StreamResponse:
        return web.Response(status=403, text="<html>Blocked</html>")

    stranger.graph = refuse

    with pytest.raises(GraphError) as caught:
        await get_user(graph, DANA)
    assert caught.value.status == 403
    assert caught.value.graph_code == ""


async def test_a_write_answered_by_a_portal_is_of_unknown_outcome(
    stranger: Stranger, graph: GraphClient
) -> None:
    async def portal(request: web.Request) -> web.StreamResponse:
        return web.Response(text="<html>")

    stranger.graph = portal

    with pytest.raises(UnknownOutcomeError):
        await set_account_enabled(graph, DANA, False)
    assert stranger.seen[-1] == f"PATCH /v1.0/users/{DANA}"


@pytest.mark.parametrize("status", [200, 403])
async def test_a_portal_instead_of_the_sign_in(
    stranger: Stranger, graph: GraphClient, status: int
) -> None:
    async def portal(request: web.Request) -> web.StreamResponse:
        return web.Response(status=status, text="<html>Guest network</html>")

    stranger.login = portal

    with pytest.raises(SignInError) as caught:
        await graph.granted()

    assert "not as Microsoft's sign-in does" in caught.value.message
    assert caught.value.aadsts is None


async def test_a_sign_in_that_is_down(stranger: Stranger, graph: GraphClient) -> None:
    async def down(request: web.Request) -> web.StreamResponse:
        return web.Response(status=502, text="Bad gateway")

    stranger.login = down

    with pytest.raises(SignInError) as caught:
        await graph.granted()

    assert caught.value.is_transient
    assert len(stranger.seen) == INTERACTIVE.attempts
