"""What Graph answers when it refuses, as exceptions that the pipeline draws."""

from collections.abc import Mapping
from types import MappingProxyType

_NO_HEADERS: Mapping[str, str] = MappingProxyType({})


class GraphError(Exception):
    """A refusal: HTTP status, Graph's code and message, extra response headers."""

    def __init__(
        self,
        status: int,
        code: str,
        message: str,
        headers: Mapping[str, str] = _NO_HEADERS,
    ) -> None:
        super().__init__(f"{status} {code}: {message}")
        self.status, self.code, self.message = status, code, message
        self.headers = dict(headers)


class ConnectionCutError(Exception):
    """The connection breaks instead of an answer (a fault asked for it)."""


def bad_request(message: str) -> GraphError:
    """Refuse a request that the directory understands but will not carry out."""
    return GraphError(400, "Request_BadRequest", message)


def unsupported_query(message: str) -> GraphError:
    """Refuse query options that the directory does not support."""
    return GraphError(400, "Request_UnsupportedQuery", message)


def malformed(message: str) -> GraphError:
    """Refuse what the gateway cannot parse: path, query options, body."""
    return GraphError(400, "BadRequest", message)


def denied() -> GraphError:
    """Refuse for want of a permission, or because the target is privileged."""
    return GraphError(
        403,
        "Authorization_RequestDenied",
        "Insufficient privileges to complete the operation.",
    )


def not_found(object_id: str) -> GraphError:
    """Say that an object, or one that it refers to, is not there."""
    return GraphError(
        404,
        "Request_ResourceNotFound",
        f"Resource '{object_id}' does not exist or one of its queried "
        "reference-property objects are not present.",
    )


def unauthenticated(message: str) -> GraphError:
    """Refuse an access token. 401, so a caller should fetch a new one."""
    return GraphError(
        401,
        "InvalidAuthenticationToken",
        message,
        {"WWW-Authenticate": 'Bearer realm="", error="invalid_token"'},
    )
