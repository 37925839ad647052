"""Signing in with the real MSAL, with everything that can be wrong."""

import asyncio
import base64
import json
from typing import Any

import msal
import pytest

from sandbox.graph import Entra, EntraServer
from sandbox.graph.certificates import make_app_certificate
from sandbox.seeds.entra_ids import (
    BOT_CLIENT_ID,
    BOT_SECRET_ID,
    BOT_SECRET_VALUE,
    TENANT_ID,
)
from tests.sandbox.graph.calling import MovableClock

SCOPE = "https://graph.microsoft.com/.default"
NOBODY = "99999999-8888-4777-8666-555555555555"


@pytest.fixture(autouse=True)
def _no_foreign_ca(monkeypatch: pytest.MonkeyPatch) -> None:
    """MSAL's HTTP library prefers these to the CA file that it is given."""
    for name in ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"):
        monkeypatch.delenv(name, raising=False)


async def sign_in(
    server: EntraServer,
    credential: Any = BOT_SECRET_VALUE,
    *,
    tenant: str = TENANT_ID,
    client: str = BOT_CLIENT_ID,
    scope: str = SCOPE,
) -> dict[str, Any]:
    """Ask MSAL for a token, as the bot would: in a thread, by a fresh client."""

    def ask() -> dict[str, Any]:
        app = msal.ConfidentialClientApplication(
            client,
            authority=f"{server.url}/{tenant}",
            client_credential=credential,
            verify=str(server.ca_file),
            instance_discovery=False,
        )
        answer: dict[str, Any] = app.acquire_token_for_client([scope])
        app.http_client.close()  # else its sockets outlive the test
        return answer

    return await asyncio.to_thread(ask)


def claims(answer: dict[str, Any]) -> dict[str, Any]:
    """Return what a token says; fails where there is none."""
    assert "access_token" in answer, answer
    part = answer["access_token"].split(".")[1]
    decoded: dict[str, Any] = json.loads(
        base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))
    )
    return decoded


def code(answer: dict[str, Any]) -> tuple[str, int]:
    """Return the OAuth error and the AADSTS code of a refusal."""
    assert answer["error_description"].startswith(f"AADSTS{answer['error_codes'][0]}")
    assert answer["correlation_id"]
    assert answer["trace_id"]
    assert answer["timestamp"]
    return answer["error"], answer["error_codes"][0]


def key_pair(pem: str) -> dict[str, str]:
    """Return a PEM of certificate and key as MSAL wants it."""
    at = pem.index("-----BEGIN CERTIFICATE")
    return {"private_key": pem[:at], "public_certificate": pem[at:]}


async def test_secret_gives_token_with_what_is_consented(server: EntraServer) -> None:
    said = claims(await sign_in(server))

    assert said["tid"] == TENANT_ID
    assert said["appid"] == BOT_CLIENT_ID
    assert said["aud"] == "https://graph.microsoft.com"
    assert 3500 < said["exp"] - said["iat"] <= 3600
    assert "User.Read.All" in said["roles"]
    assert "UserAuthenticationMethod.ReadWrite.All" not in said["roles"]  # asked only
    assert "LicenseAssignment.Read.All" not in said["roles"]  # asked as delegated


async def test_scope_of_the_sandbox_itself_is_accepted(server: EntraServer) -> None:
    said = claims(await sign_in(server, scope=f"{server.url}/.default"))

    assert said["aud"] == server.url


async def test_token_lacks_roles_where_nothing_is_consented(
    entra: Entra, server: EntraServer
) -> None:
    entra.tenant.app_role_assignments.clear()

    assert "roles" not in claims(await sign_in(server))


async def test_fault_leaves_roles_out(entra: Entra, server: EntraServer) -> None:
    entra.faults.token_without_roles()

    assert "roles" not in claims(await sign_in(server))


@pytest.mark.parametrize("by", ["sha256", "sha1"])
async def test_certificate_signs_in(entra: Entra, server: EntraServer, by: str) -> None:
    credential = key_pair(entra.tenant.bot_certificate_pem)
    if by == "sha1":
        app = entra.tenant.find_application(BOT_CLIENT_ID)
        assert app is not None
        thumbprint = app["keyCredentials"][0]["customKeyIdentifier"]
        credential = {**credential, "thumbprint": thumbprint}

    assert claims(await sign_in(server, credential))["appid"] == BOT_CLIENT_ID


async def test_unknown_certificate_is_refused(
    entra: Entra, server: EntraServer
) -> None:
    stranger = make_app_certificate("stranger", entra.now(), 30)

    answer = await sign_in(server, key_pair(stranger.pem))

    assert code(answer) == ("invalid_client", 700027)
    assert "thumbprint" in answer["error_description"]


async def test_certificate_with_foreign_key_is_refused(
    entra: Entra, server: EntraServer
) -> None:
    ours = key_pair(entra.tenant.bot_certificate_pem)
    theirs = key_pair(make_app_certificate("stranger", entra.now(), 30).pem)

    answer = await sign_in(server, {**ours, "private_key": theirs["private_key"]})

    assert code(answer) == ("invalid_client", 700027)
    assert "signature" in answer["error_description"]


async def test_expired_certificate_is_refused(
    clock: MovableClock, entra: Entra, server: EntraServer
) -> None:
    clock.advance(days=366)

    answer = await sign_in(server, key_pair(entra.tenant.bot_certificate_pem))

    assert code(answer) == ("invalid_client", 700027)


async def test_a_clock_that_is_wrong_is_told_apart(
    clock: MovableClock, entra: Entra, server: EntraServer
) -> None:
    clock.advance(minutes=20)

    answer = await sign_in(server, key_pair(entra.tenant.bot_certificate_pem))

    assert code(answer) == ("invalid_client", 700024)


@pytest.mark.parametrize("secret", ["wrong", BOT_SECRET_ID])
async def test_wrong_secret_is_refused(server: EntraServer, secret: str) -> None:
    assert code(await sign_in(server, secret)) == ("invalid_client", 7000215)


async def test_expired_secret_is_refused(
    clock: MovableClock, server: EntraServer
) -> None:
    clock.advance(days=46)

    assert code(await sign_in(server)) == ("invalid_client", 7000222)


async def test_unknown_app_is_refused(server: EntraServer) -> None:
    answer = await sign_in(server, client=NOBODY)

    assert code(answer) == ("unauthorized_client", 700016)


async def test_app_without_service_principal_is_refused(
    entra: Entra, server: EntraServer
) -> None:
    principal = entra.tenant.find_service_principal(BOT_CLIENT_ID)
    assert principal is not None
    del entra.tenant.service_principals[principal["id"]]

    assert code(await sign_in(server)) == ("invalid_client", 7000229)


async def test_disabled_app_is_refused(entra: Entra, server: EntraServer) -> None:
    principal = entra.tenant.find_service_principal(BOT_CLIENT_ID)
    assert principal is not None
    principal["accountEnabled"] = False

    assert code(await sign_in(server)) == ("unauthorized_client", 7000112)


@pytest.mark.parametrize(("tenant", "expected"), [(NOBODY, 90002), ("contoso", 900023)])
async def test_unknown_tenant_stops_discovery(
    server: EntraServer, tenant: str, expected: int
) -> None:
    with pytest.raises(ValueError, match="authority configuration") as raised:
        await sign_in(server, tenant=tenant)

    told = str(raised.value.__context__)
    assert "invalid_tenant" in told
    assert f"AADSTS{expected}" in told


async def test_scope_without_default_is_refused(server: EntraServer) -> None:
    answer = await sign_in(server, scope="https://graph.microsoft.com/User.Read.All")

    assert code(answer) == ("invalid_scope", 1002012)


async def test_scope_of_another_cloud_is_refused(server: EntraServer) -> None:
    answer = await sign_in(server, scope="https://graph.microsoft.us/.default")

    assert code(answer) == ("invalid_resource", 500011)


@pytest.mark.parametrize("wanted", [53003, 90094, 90055])
async def test_any_code_on_demand(
    entra: Entra, server: EntraServer, wanted: int
) -> None:
    entra.faults.login_error(wanted, times=1)

    refused = await sign_in(server)
    assert refused["error_codes"] == [wanted]
    assert ("claims" in refused) is (wanted == 53003)

    assert "access_token" in await sign_in(server)


async def test_sign_ins_are_logged_without_what_signs_in(
    entra: Entra, server: EntraServer
) -> None:
    await sign_in(server, "wrong-secret-typed")

    logged = [entry.to_json() for entry in entra.journal.since()]
    assert [entry["reason"] for entry in logged] == [None, "AADSTS7000215"]
    assert "wrong-secret-typed" not in json.dumps(logged)
