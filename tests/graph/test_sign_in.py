"""Signing in: what works, what Microsoft refuses, and what people are then told."""

import asyncio
import logging
from datetime import timedelta
from uuid import UUID

import pytest

from bot.domain.clouds import Cloud
from bot.domain.ids import ClientId, TenantId
from bot.domain.tenants import AppCredential, Field, SignInKind
from bot.graph.connections import GraphClients
from bot.graph.errors import TokenRefusedError
from bot.graph.organization import organization
from bot.graph.patience import INTERACTIVE
from bot.graph.signin_errors import SignInError
from bot.graph.tokens import SignIn
from sandbox.graph import EntraServer
from tests.graph.house import CLIENT, SECRET, TENANT, House, QuickClock

NOBODY = UUID("99999999-9999-4999-8999-999999999999")
WRONG = AppCredential(SignInKind.SECRET, "bad8Q~this-is-not-the-right-value-000000")


async def refusal(house: House, **how: object) -> SignInError:
    """Try to sign in, and give the error."""
    with pytest.raises(SignInError) as caught:
        await house.client(**how).granted()  # type: ignore[arg-type] # test's own names
    return caught.value


async def test_a_secret_gives_a_token_with_the_consented_roles(house: House) -> None:
    granted = await house.client().granted()

    assert "Application.Read.All" in granted
    assert "AuditLog.Read.All" not in granted  # requested, never consented


async def test_a_certificate_signs_in(house: House) -> None:
    pem = house.entra.tenant.bot_certificate_pem

    granted = await house.client(AppCredential(SignInKind.CERTIFICATE, pem)).granted()

    assert "Application.Read.All" in granted


async def test_a_token_without_consent_is_a_token(house: House) -> None:
    house.entra.faults.token_without_roles()

    assert await house.client().granted() == frozenset()


async def test_a_wrong_secret_is_blamed_on_its_field(house: House) -> None:
    error = await refusal(house, credential=WRONG)

    assert (error.aadsts, error.field) == (7000215, Field.SECRET)
    assert "AADSTS7000215" in error.message
    assert error.correlation_id is not None
    assert error.correlation_id in error.message
    assert "Secret ID" in error.remedy
    assert not error.is_transient


async def test_an_unknown_tenant_is_told_from_mutual_discovery(house: House) -> None:
    """MSAL hides this refusal in its constructor, behind words of its own."""
    error = await refusal(house, tenant_id=TenantId(NOBODY))

    assert (error.aadsts, error.field) == (90002, Field.TENANT_ID)
    assert error.correlation_id is not None


async def test_an_unknown_app_is_blamed_on_the_client_id(house: House) -> None:
    error = await refusal(house, client_id=ClientId(NOBODY))

    assert (error.aadsts, error.field) == (700016, Field.CLIENT_ID)


async def test_a_certificate_that_was_not_uploaded(house: House) -> None:
    pem = house.entra.tenant.bot_certificate_pem
    house.entra.tenant.certificates.clear()

    error = await refusal(house, credential=AppCredential(SignInKind.CERTIFICATE, pem))

    assert (error.aadsts, error.field) == (700027, Field.CERTIFICATE)
    assert house.sign_ins() == 2  # it may be on its way still: tried twice, not more


async def test_a_refusal_of_the_certificate_is_not_blamed_on_an_unused_field(
    house: House,
) -> None:
    house.entra.faults.login_error(700027)

    assert (await refusal(house)).field is Field.SECRET


async def test_an_expired_secret(house: House) -> None:
    house.clock.ahead = timedelta(days=60)

    error = await refusal(house)

    assert (error.aadsts, error.field) == (7000222, Field.SECRET)


async def test_a_corrected_mistake_works_at_once(house: House) -> None:
    """MSAL would repeat a 400 from memory for a minute."""
    graph = house.client(patience=INTERACTIVE)
    house.entra.faults.login_error(700016)
    with pytest.raises(SignInError):
        await graph.granted()

    house.entra.faults.off("login_error")

    assert await graph.granted()


async def test_an_unknown_code_is_told_with_what_microsoft_says(house: House) -> None:
    house.entra.faults.login_error(999999)

    error = await refusal(house)

    assert error.aadsts == 999999
    assert error.field is None
    assert "The sign-in was refused." in error.message
    assert "Trace ID" not in error.message


@pytest.mark.parametrize("code", [90033, 90024, 90055])
async def test_a_busy_service_is_tried_again(house: House, code: int) -> None:
    house.entra.faults.login_error(code, times=2)

    assert await house.client().granted()

    assert len(house.clock.slept) == 2
    assert house.sign_ins() == 3


async def test_the_sign_ins_own_retry_after_is_obeyed(house: House) -> None:
    house.entra.faults.login_error(90055, times=1)

    assert await house.client().granted()

    assert house.clock.slept == [1]


async def test_a_clock_that_is_wrong_shows(house: House) -> None:
    graph = house.client()
    house.only()  # any answer tells the time, a refusal too
    assert abs((await graph.clock_skew()).total_seconds()) < 3

    house.clock.ahead -= timedelta(minutes=10)

    assert 590 < (await graph.clock_skew()).total_seconds() < 610


async def test_patience_with_a_busy_service_ends(house: House) -> None:
    house.entra.faults.login_error(90033)

    error = await refusal(house, patience=INTERACTIVE)

    assert error.is_transient
    assert error.aadsts == 90033
    assert house.sign_ins() == INTERACTIVE.attempts


async def test_a_network_that_is_down(house: House) -> None:
    house.entra.faults.network_down()

    error = await refusal(house, patience=INTERACTIVE)

    assert error.is_transient
    assert "cannot reach" in error.message
    assert "GATEHOUSE_CA_BUNDLE" in error.remedy


async def test_a_ca_that_is_not_trusted(server: EntraServer, clock: QuickClock) -> None:
    here = {"login": server.url, "graph": server.url}
    strangers = GraphClients({"global": here}, None, clock)
    graph = strangers.fresh(Cloud.GLOBAL, TENANT, CLIENT, SECRET)
    with pytest.raises(SignInError, match="cannot reach"):
        await graph.granted()
    await strangers.aclose()


async def test_requests_of_msal_ignore_the_environment(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", "/nonexistent/ca.pem")
    monkeypatch.setenv("CURL_CA_BUNDLE", "/nonexistent/ca.pem")

    assert await house.client().granted()


async def test_many_callers_share_one_sign_in(house: House) -> None:
    graph = house.client()

    await asyncio.gather(*(graph.granted() for _ in range(20)))

    assert house.sign_ins() == 1


async def test_a_token_is_renewed_before_its_end(house: House) -> None:
    graph = house.client()
    await graph.granted()
    house.clock.ahead += timedelta(minutes=56)

    await graph.granted()

    assert house.sign_ins() == 2


async def test_a_fresh_token_knows_of_new_consent(house: House) -> None:
    graph = house.client()
    assert "AuditLog.Read.All" not in await graph.granted()
    house.also("AuditLog.Read.All")

    assert "AuditLog.Read.All" not in await graph.granted()
    assert "AuditLog.Read.All" in await graph.granted(fresh=True)


async def test_a_refused_token_is_replaced_once(house: House) -> None:
    graph = house.client()
    house.entra.faults.reject_tokens(times=1)

    assert (await organization(graph)).display_name == "Contoso Ltd"
    assert house.sign_ins() == 2


async def test_twenty_callers_with_one_refused_token_get_one_new_one(
    house: House,
) -> None:
    graph = house.client()
    await graph.granted()
    house.entra.tokens.revoke_all()

    await asyncio.gather(*(organization(graph) for _ in range(20)))

    assert house.sign_ins() == 2


async def test_two_refused_tokens_are_an_error(house: House) -> None:
    house.entra.faults.reject_tokens(times=5)

    with pytest.raises(TokenRefusedError) as caught:
        await organization(house.client())

    assert caught.value.status == 401
    assert house.sign_ins() == 2


async def test_the_secret_and_the_token_show_nowhere(
    house: House, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    caplog.set_level(logging.DEBUG)
    sign_in = SignIn(
        house.graphs.hosts(Cloud.GLOBAL), TENANT, CLIENT, SECRET, clock=house.clock
    )
    graph = house.client()
    await organization(graph)
    token = await graph._caller.sign_in.token()
    error = await refusal(house, credential=WRONG)

    output = capfd.readouterr()
    shown = (
        f"{sign_in!r} {graph!r} {token!r} {error!r} {error} {house.sent} "
        f"{caplog.text} {output.out} {output.err}"
    )

    for hidden in (SECRET.value, WRONG.value, token.value):
        assert hidden not in shown
