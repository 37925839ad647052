"""One way to open connections: our trust, our time limits, nothing chatty in logs."""

import logging
import ssl
from pathlib import Path

import httpx

from bot.domain.errors import BotError
from bot.graph.connection_pool import Connections

MOST_CONNECTIONS = 40
CONNECT_SECONDS = 10.0
# Listing authentication methods may take Graph up to a minute.
READ_SECONDS = 65.0


class CaBundleError(BotError):
    """The file of extra authorities cannot be used."""

    code = "ca_bundle"

    def __init__(self, ca_bundle: Path) -> None:
        super().__init__(
            f"GATEHOUSE_CA_BUNDLE names {ca_bundle}, which cannot be read or holds no "
            "certificates.",
            remedy="Give the path of a PEM file, or leave the setting out.",
        )


def trust(ca_bundle: Path | None) -> ssl.SSLContext:
    """A client TLS context: public CAs, the machine's, and those of `ca_bundle`.

    Raises:
        CaBundleError: the bundle cannot be read, or holds no certificates.
    """
    context = httpx.create_ssl_context()
    context.load_default_certs()
    if ca_bundle is not None:
        _add(context, ca_bundle)
    return context


def _add(context: ssl.SSLContext, ca_bundle: Path) -> None:
    try:
        context.load_verify_locations(cafile=ca_bundle)
    except OSError as error:  # ssl.SSLError, for what is no PEM, is one too
        raise CaBundleError(ca_bundle) from error


def async_client(ca_bundle: Path | None) -> httpx.AsyncClient:
    """The pool for Graph. Never follows redirects: a token must not leave its host."""
    quieten()
    context = trust(ca_bundle)
    return httpx.AsyncClient(
        verify=context,  # for proxies that the environment names
        transport=Connections(context, MOST_CONNECTIONS),
        timeout=httpx.Timeout(READ_SECONDS, connect=CONNECT_SECONDS),
        limits=httpx.Limits(
            max_connections=MOST_CONNECTIONS, max_keepalive_connections=MOST_CONNECTIONS
        ),
        follow_redirects=False,
    )


def quieten() -> None:
    """Keep libraries from logging addresses, which hold people's names, and headers."""
    for name in ("httpx", "httpcore", "msal"):
        logging.getLogger(name).setLevel(logging.WARNING)
