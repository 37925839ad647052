"""One way to open connections: our trust, our time limits, nothing chatty in logs."""

import logging
import ssl
from pathlib import Path

import httpx

CONNECT_SECONDS = 10.0
# Listing authentication methods may take Graph up to a minute.
READ_SECONDS = 65.0


def trust(ca_bundle: Path | None) -> ssl.SSLContext:
    """A client TLS context: public CAs, the machine's, and those of `ca_bundle`.

    Raises:
        OSError: the bundle cannot be read.
        ssl.SSLError: the bundle holds no certificates.
    """
    context = httpx.create_ssl_context()
    context.load_default_certs()
    if ca_bundle is not None:
        context.load_verify_locations(cafile=ca_bundle)
    return context


def async_client(ca_bundle: Path | None) -> httpx.AsyncClient:
    """The pool for Graph. Never follows redirects: a token must not leave its host."""
    quieten()
    return httpx.AsyncClient(
        verify=trust(ca_bundle),
        timeout=httpx.Timeout(READ_SECONDS, connect=CONNECT_SECONDS),
        limits=httpx.Limits(max_connections=40, max_keepalive_connections=20),
        follow_redirects=False,
    )


def quieten() -> None:
    """Keep libraries from logging addresses, which hold people's names, and headers."""
    for name in ("httpx", "httpcore", "msal"):
        logging.getLogger(name).setLevel(logging.WARNING)
