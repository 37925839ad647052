"""Signing in to one tenant with one credential, and reading what the token allows."""

import asyncio
import base64
import binascii
import json
import threading
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import msal
from msal.exceptions import MsalServiceError

from bot.domain.ids import ClientId, TenantId
from bot.domain.tenants import AppCredential, SignInKind
from bot.graph import signin_errors
from bot.graph.certificates import read_certificate
from bot.graph.clouds import CloudHosts
from bot.graph.login import LoginClient
from bot.graph.patience import retry_after
from bot.graph.signin_errors import SignInError
from bot.ports import Clock, SystemClock

RENEWED_BEFORE = timedelta(minutes=5)


@dataclass(frozen=True)
class Token:
    """An access token for Graph.

    Attributes:
        roles: names in its `roles` claim, fixed when it was issued; empty when
            nothing is consented, or when the token is opaque.
        tenant_id: its `tid` claim as text, "" when opaque.
    """

    value: str = field(repr=False)
    roles: frozenset[str]
    tenant_id: str
    issued_at: datetime
    expires_at: datetime


class SignIn:
    """Signs one app in to one tenant, and keeps the token until shortly before its end.

    Args:
        ca_bundle: file of CAs to trust beside the public ones.
    """

    def __init__(
        self,
        hosts: CloudHosts,
        tenant_id: TenantId,
        client_id: ClientId,
        credential: AppCredential,
        ca_bundle: Path | None = None,
        clock: Clock | None = None,
    ) -> None:
        self.hosts, self.tenant_id, self.client_id = hosts, tenant_id, client_id
        self._clock: Clock = clock or SystemClock()
        self._msal = _Msal(hosts, tenant_id, client_id, credential, ca_bundle)
        self._one_at_a_time = asyncio.Lock()
        self._token: Token | None = None

    async def token(self, force: bool = False) -> Token:
        """Give a token that is good for some minutes at least.

        Args:
            force: ask for a fresh one, whatever is kept.

        Raises:
            SignInError: Microsoft refused, or could not be reached.
        """
        kept = self._token
        if kept is not None and not force and self._is_good(kept):
            return kept
        return await self._token_unlike(kept if force else None)

    async def token_after(self, refused: Token) -> Token:
        """Give another token than one that Graph refused. Raises as `token`.

        Of many callers with the same refused token, one asks for a fresh one and all
        get it.
        """
        return await self._token_unlike(refused)

    async def _token_unlike(self, refused: Token | None) -> Token:
        async with self._one_at_a_time:
            kept = self._token
            if kept is not None and kept is not refused and self._is_good(kept):
                return kept
            answer = await asyncio.to_thread(self._msal.sign_in)
            self._token = _read_token(answer, self._clock.now())
            return self._token

    def _is_good(self, token: Token) -> bool:
        return token.expires_at - RENEWED_BEFORE > self._clock.now()


class _Msal:
    """MSAL's client, which blocks; at most one thread is inside at a time.

    It is thrown away after every failure: MSAL repeats a refusal for a minute from
    memory, so a secret that was just corrected would still look wrong.
    """

    def __init__(
        self,
        hosts: CloudHosts,
        tenant_id: TenantId,
        client_id: ClientId,
        credential: AppCredential,
        ca_bundle: Path | None,
    ) -> None:
        self._hosts, self._tenant_id, self._client_id = hosts, tenant_id, client_id
        self._credential, self._ca_bundle = credential, ca_bundle
        self._lock = threading.Lock()
        self._http: LoginClient | None = None
        self._app: Any = None

    def sign_in(self) -> dict[str, Any]:
        """Ask for a fresh token. Returns the endpoint's answer."""
        with self._lock:
            if self._http is None:
                self._http = LoginClient(self._ca_bundle)
            try:
                return self._fresh_token(self._http)
            except SignInError:
                self._app = None
                raise

    def _fresh_token(self, http: LoginClient) -> dict[str, Any]:
        http.last_refusal = None
        try:
            self._app = self._app or self._new_app(http)
            self._app.remove_tokens_for_client()
            answer = self._app.acquire_token_for_client([self._hosts.scope])
        except httpx.TransportError as error:
            raise signin_errors.unreachable(self._hosts.login) from error
        except (ValueError, KeyError, RuntimeError, MsalServiceError) as error:
            # MSAL's words for a refused discovery, a 5xx, or an answer that is no
            # JSON. Their text may be generic; what the endpoint said is remembered.
            raise self._refusal(None, http.last_refusal) from error
        if "access_token" not in answer:
            raise self._refusal(answer, http.last_refusal)
        return dict(answer)

    def _new_app(self, http: LoginClient) -> Any:
        return msal.ConfidentialClientApplication(
            str(self._client_id),
            client_credential=_for_msal(self._credential),
            authority=f"{self._hosts.login}/{self._tenant_id}",
            http_client=http,
            # Hosts are data of ours; none is looked up anywhere.
            instance_discovery=False,
        )

    def _refusal(
        self, told: dict[str, Any] | None, response: httpx.Response | None
    ) -> SignInError:
        """Word a refusal from what MSAL told, else from what the endpoint said."""
        status = None if response is None else response.status_code
        answer = told
        if answer is None and response is not None:
            answer = signin_errors.parsed(response.text)
        if answer is None or "error" not in answer:
            return signin_errors.unreadable(self._hosts.login, status)
        return signin_errors.refused(
            answer,
            kind=self._credential.kind,
            status=status,
            retry_after=None if response is None else retry_after(response.headers),
        )


def _for_msal(credential: AppCredential) -> str | dict[str, str]:
    if credential.kind is SignInKind.SECRET:
        return credential.value
    facts = read_certificate(credential.value)
    return {"private_key": facts.key_pem, "public_certificate": facts.certificate_pem}


def _read_token(answer: dict[str, Any], now: datetime) -> Token:
    value = str(answer["access_token"])
    claims = _claims(value)
    roles = claims.get("roles")
    named = roles if isinstance(roles, list) else []
    return Token(
        value=value,
        roles=frozenset(str(role) for role in named),
        tenant_id=str(claims.get("tid") or ""),
        issued_at=now,
        expires_at=now + timedelta(seconds=int(answer.get("expires_in", 3599))),
    )


def _claims(token: str) -> dict[str, Any]:
    """Read a JWT's claims without checking them: for diagnosis, never for trust.

    Microsoft calls access tokens opaque to clients, so one that does not read as a JWT
    is no error and has no claims.
    """
    parts = token.split(".")
    if len(parts) != 3:
        return {}
    try:
        padded = parts[1] + "=" * (-len(parts[1]) % 4)
        claims = json.loads(base64.urlsafe_b64decode(padded))
    except (binascii.Error, ValueError):
        return {}
    return claims if isinstance(claims, dict) else {}
