"""AADSTS errors of the login endpoint: code, HTTP status, OAuth error, our wording.

Codes, `error` values and statuses: Microsoft's reference of AADSTS error codes, and
what public logs show; where those are silent the usual pair of that family is used.
"""

from dataclasses import dataclass
from datetime import datetime
from uuid import uuid4

from sandbox.graph.tenant import Json


@dataclass(frozen=True)
class _Entry:
    status: int
    error: str
    text: str


_ENTRIES = {
    7000215: _Entry(
        401,
        "invalid_client",
        "Invalid client secret provided. Ensure the secret being sent in the request "
        "is the client secret value, not the client secret ID, for a secret added to "
        "app '{client}'.",
    ),
    7000222: _Entry(
        401, "invalid_client", "The client secret keys of app '{client}' are expired."
    ),
    7000216: _Entry(
        401, "invalid_client", "A client secret or client assertion is required."
    ),
    7000218: _Entry(
        401,
        "invalid_client",
        "The body must contain 'client_assertion' or 'client_secret'.",
    ),
    700016: _Entry(
        400,
        "unauthorized_client",
        "Application with identifier '{client}' was not found in the directory "
        "'{tenant}'.",
    ),
    700038: _Entry(
        400, "unauthorized_client", "'{client}' is not a valid application identifier."
    ),
    7000229: _Entry(
        401,
        "invalid_client",
        "The client application '{client}' is missing service principal in the tenant "
        "'{tenant}'.",
    ),
    7000112: _Entry(400, "unauthorized_client", "Application '{client}' is disabled."),
    90002: _Entry(
        400,
        "invalid_request",
        "Tenant '{tenant}' not found. Check that the tenant ID is right and that this "
        "is the right cloud.",
    ),
    900023: _Entry(
        400,
        "invalid_request",
        "Specified tenant identifier '{tenant}' is neither a valid DNS name nor a "
        "valid GUID.",
    ),
    90038: _Entry(
        400, "invalid_request", "Tenant '{tenant}' belongs to another national cloud."
    ),
    900382: _Entry(
        400, "invalid_request", "Confidential client is not supported across clouds."
    ),
    900432: _Entry(
        400, "invalid_request", "Confidential client is not supported across clouds."
    ),
    500011: _Entry(
        400,
        "invalid_resource",
        "The resource principal named in the scope was not found in the tenant "
        "'{tenant}'.",
    ),
    650052: _Entry(
        400, "invalid_client", "The app needs a service that the tenant has not got."
    ),
    53003: _Entry(
        400, "invalid_grant", "Access has been blocked by Conditional Access policies."
    ),
    530035: _Entry(400, "invalid_grant", "Access is blocked by security defaults."),
    700027: _Entry(
        401,
        "invalid_client",
        "The client assertion failed signature validation. {detail}",
    ),
    700024: _Entry(
        401,
        "invalid_client",
        "The client assertion is not within its valid time range. {detail}",
    ),
    50012: _Entry(401, "invalid_client", "Authentication failed."),
    700211: _Entry(
        401, "invalid_client", "No matching federated identity record for the issuer."
    ),
    700213: _Entry(
        401, "invalid_client", "No matching federated identity record for the subject."
    ),
    1002012: _Entry(
        400,
        "invalid_scope",
        "The scope '{detail}' is not valid: client credential flows need a scope that "
        "ends in /.default.",
    ),
    70011: _Entry(400, "invalid_scope", "The scope '{detail}' is not valid."),
    70003: _Entry(400, "unsupported_grant_type", "The grant type is not supported."),
    900144: _Entry(
        400, "invalid_request", "The body must contain the parameter '{detail}'."
    ),
    50196: _Entry(400, "invalid_grant", "The client is requesting tokens in a loop."),
    90033: _Entry(
        503, "temporarily_unavailable", "A transient error has occurred. Try again."
    ),
    90024: _Entry(503, "temporarily_unavailable", "A transient throttle. Try again."),
    90055: _Entry(
        429, "invalid_request", "The tenant is throttled: too many requests."
    ),
}


class SignInError(Exception):
    """A refused sign-in, with its AADSTS code and what the words need."""

    def __init__(
        self, code: int, *, client: str = "", tenant: str = "", detail: str = ""
    ) -> None:
        super().__init__(f"AADSTS{code}")
        self.code = code
        self._facts = {"client": client, "tenant": tenant, "detail": detail}

    @property
    def _entry(self) -> _Entry:
        unknown = _Entry(400, "invalid_request", "The sign-in was refused.")
        return _ENTRIES.get(self.code, unknown)

    @property
    def status(self) -> int:
        """Return the HTTP status."""
        return self._entry.status

    def body(
        self, now: datetime, *, correlation_id: str, error: str | None = None
    ) -> Json:
        """Return the JSON body. `error` replaces the OAuth error, as discovery does."""
        trace_id, moment = str(uuid4()), now.strftime("%Y-%m-%d %H:%M:%SZ")
        words = self._entry.text.format(**self._facts)
        body: Json = {
            "error": error or self._entry.error,
            "error_description": (
                f"AADSTS{self.code}: {words} Trace ID: {trace_id} Correlation ID: "
                f"{correlation_id} Timestamp: {moment}"
            ),
            "error_codes": [self.code],
            "timestamp": moment,
            "trace_id": trace_id,
            "correlation_id": correlation_id,
            "error_uri": f"https://login.microsoftonline.com/error?code={self.code}",
        }
        if self.code == 53003:
            claims = '{"access_token":{"capolids":{"essential":true}}}'
            body |= {"suberror": "message_only", "claims": claims}
        return body
