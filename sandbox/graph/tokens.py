"""Access tokens: issued by the login endpoint, checked by Graph."""

import base64
import hashlib
import hmac
import json
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from sandbox.graph.errors import GraphError, unauthenticated
from sandbox.graph.permissions import permission_name
from sandbox.graph.tenant import Json, Tenant

LIFETIME = timedelta(seconds=3599)

GRAPH_ROOTS = {
    "global": "https://graph.microsoft.com",
    "gcchigh": "https://graph.microsoft.us",
    "dod": "https://dod-graph.microsoft.us",
    "china": "https://microsoftgraph.chinacloudapi.cn",
}


@dataclass(frozen=True)
class AccessToken:
    """What a token says. `roles` stays as it was when the token was issued."""

    value: str
    tenant_id: str
    client_id: str
    principal_id: str
    roles: frozenset[str]
    audience: str
    expires_at: datetime


def encode(part: bytes) -> str:
    """Encode a part of a JWT: base64url without padding."""
    return base64.urlsafe_b64encode(part).rstrip(b"=").decode()


class TokenOffice:
    """Issues tokens and remembers them; a token it does not know is refused."""

    def __init__(self) -> None:
        self._key = secrets.token_bytes(32)
        self._issued: dict[str, AccessToken] = {}

    def issue(
        self,
        tenant: Tenant,
        principal: Json,
        *,
        audience: str,
        now: datetime,
        lifetime: timedelta = LIFETIME,
        without_roles: bool = False,
    ) -> AccessToken:
        """Issue a token that carries what is consented at this moment."""
        roles = [] if without_roles else granted_permissions(tenant, principal["id"])
        claims = {
            "aud": audience,
            "iat": int(now.timestamp()),
            "nbf": int(now.timestamp()),
            "exp": int((now + lifetime).timestamp()),
            **_identity(tenant, principal),
        }
        if roles:  # the real service leaves the claim out as well
            claims["roles"] = sorted(roles)
        token = AccessToken(
            value=self._sign(claims),
            tenant_id=tenant.id,
            client_id=principal["appId"],
            principal_id=principal["id"],
            roles=frozenset(roles),
            audience=audience,
            expires_at=now + lifetime,
        )
        self._issued[token.value] = token
        return token

    def _sign(self, claims: dict[str, Any]) -> str:
        header = {"typ": "JWT", "alg": "HS256"}
        parts = (json.dumps(part).encode() for part in (header, claims))
        signed = ".".join(encode(part) for part in parts)
        mac = hmac.new(self._key, signed.encode(), hashlib.sha256).digest()
        return f"{signed}.{encode(mac)}"

    def check(
        self, authorization: str | None, *, audiences: frozenset[str], now: datetime
    ) -> AccessToken:
        """Return the token behind an Authorization header.

        Raises:
            GraphError: 401 InvalidAuthenticationToken: missing, unknown, expired, or
                issued for another resource.
        """
        if not authorization or not authorization.startswith("Bearer "):
            raise unauthenticated("Access token is empty.")
        token = self._issued.get(authorization.removeprefix("Bearer ").strip())
        if token is None:
            raise unauthenticated("Access token validation failure. Unknown token.")
        if token.audience not in audiences:
            raise unauthenticated("Access token validation failure. Invalid audience.")
        if token.expires_at <= now:
            raise _expired()
        return token

    def revoke_all(self) -> None:
        """Forget every token, as after a restart of the service's keys."""
        self._issued.clear()


def _identity(tenant: Tenant, principal: Json) -> Json:
    """Return the claims that say who the bearer is."""
    return {
        "iss": f"https://sts.windows.net/{tenant.id}/",
        "app_displayname": principal["displayName"],
        "appid": principal["appId"],
        "appidacr": "1",
        "idtyp": "app",
        "oid": principal["id"],
        "sub": principal["id"],
        "tid": tenant.id,
        "uti": uuid4().hex,
        "ver": "1.0",
    }


def _expired() -> GraphError:
    return unauthenticated("Lifetime validation failed, the token is expired.")


def granted_permissions(tenant: Tenant, principal_id: str) -> list[str]:
    """Return the names of Graph's application permissions consented to an app."""
    names = (
        permission_name(assignment["appRoleId"])
        for assignment in tenant.granted_roles(principal_id)
    )
    return [name for name in names if name is not None]
