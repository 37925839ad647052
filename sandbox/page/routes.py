"""Serve the page: one HTML file and the scripts and styles it asks for."""

from pathlib import Path

from aiohttp import web

STATIC = Path(__file__).parent / "static"
# Names from a directory are drawn on this page. Should one ever reach the browser as
# markup, this header is the second wall: nothing inline runs, nothing is fetched.
HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; "
        "img-src 'self' data:; form-action 'none'; base-uri 'none'; "
        "frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-cache",
}


def page_routes() -> list[web.RouteDef]:
    """Give the routes of the page, to be added beside the control API's.

    `GET /` is the page, `GET /static/<path>` its scripts and styles.
    """
    return [
        web.get("/", _index),
        web.get("/static/{path:.+}", _asset),
        web.get("/favicon.ico", _icon),
    ]


async def _index(_request: web.Request) -> web.StreamResponse:
    return web.FileResponse(STATIC / "index.html", headers=HEADERS)


async def _icon(_request: web.Request) -> web.StreamResponse:
    return web.FileResponse(STATIC / "icon.svg", headers=HEADERS)


async def _asset(request: web.Request) -> web.StreamResponse:
    wanted = (STATIC / request.match_info["path"]).resolve()
    if not wanted.is_relative_to(STATIC.resolve()) or not wanted.is_file():
        raise web.HTTPNotFound(text="The page has no such file.")
    return web.FileResponse(wanted, headers=HEADERS)
