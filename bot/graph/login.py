"""The HTTP client that MSAL signs in with, instead of its own."""

from collections.abc import Mapping
from pathlib import Path

import httpx

from bot.graph.transport import CONNECT_SECONDS, quieten, trust

_READ_SECONDS = 20.0


class LoginClient:
    """What MSAL asks of a client: `get`, `post` and `close`, blocking.

    Ours has time limits and the same trust as calls to Graph, and REQUESTS_CA_BUNDLE
    in the environment does not override it. It keeps no connection open, since tokens
    are wanted about once an hour, and remembers the last refusal, since MSAL's own
    errors may not tell what the endpoint said.
    """

    def __init__(self, ca_bundle: Path | None) -> None:
        quieten()
        self.last_refusal: httpx.Response | None = None
        self._http = httpx.Client(
            verify=trust(ca_bundle),
            timeout=httpx.Timeout(_READ_SECONDS, connect=CONNECT_SECONDS),
            limits=httpx.Limits(max_keepalive_connections=0),
            follow_redirects=False,
        )

    def get(
        self,
        url: str,
        params: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> httpx.Response:
        """Send a GET. Raises httpx.TransportError where no answer came."""
        return self._remembered(self._http.get(url, params=params, headers=headers))

    def post(
        self,
        url: str,
        params: Mapping[str, str] | None = None,
        data: Mapping[str, str | bytes] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> httpx.Response:
        """Send a form. Raises httpx.TransportError where no answer came."""
        # MSAL hands over assertions as bytes, which httpx would spell as Python does.
        form = {name: _text(value) for name, value in (data or {}).items()}
        return self._remembered(
            self._http.post(url, params=params, data=form, headers=headers)
        )

    def close(self) -> None:
        """Close what is open."""
        self._http.close()

    def _remembered(self, response: httpx.Response) -> httpx.Response:
        if response.status_code >= 400:
            self.last_refusal = response
        return response


def _text(value: str | bytes | int) -> str:
    return value.decode() if isinstance(value, bytes) else str(value)
