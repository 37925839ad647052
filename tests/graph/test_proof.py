"""What a connection turns out to be able to do, read from the tenant itself."""

from datetime import timedelta
from uuid import UUID, uuid4

import pytest

from bot.domain.permissions import AppRole, Feature
from bot.domain.tenants import AppCredential, Connection, SignInKind
from bot.graph.signin_errors import SignInError
from bot.services.proof import prove
from sandbox.graph.registrations import Consent, secret_object
from sandbox.seeds.entra_ids import BOT_CLIENT_ID, BOT_SECRET_ID
from tests.graph.house import CLIENT, SECRET, House


async def proof(house: House, credential: AppCredential = SECRET) -> Connection:
    graph = house.client(credential)
    return await prove(graph, CLIENT, credential, now=house.clock.now())


async def test_everything_that_can_be_read(house: House) -> None:
    found = await proof(house)

    assert found.display_name == "Contoso Ltd"
    assert found.verified_domains[0] == "contoso.example"
    assert found.credential_key_id == UUID(BOT_SECRET_ID)
    assert found.credential_hint == "gh7"
    assert found.credential_ends_at is not None
    assert (found.credential_ends_at - house.clock.now()).days == 44
    assert found.problems == ()
    assert found.report.works(Feature.WATCH)
    assert [need.role for need in found.report.missing(Feature.DEPROVISIONING)] == [
        AppRole.USER_AUTHENTICATION_METHOD_READ_WRITE_ALL
    ]
    assert found.report.delegated == frozenset({"LicenseAssignment.Read.All"})
    assert found.report.requested is not None
    assert "AuditLog.Read.All" in found.report.requested


async def test_nothing_consented(house: House) -> None:
    house.only()

    found = await proof(house)

    assert found.report.granted == frozenset()
    assert found.display_name == ""
    assert found.app_object_id is not None  # an app may read its own registration
    assert found.credential_key_id == UUID(BOT_SECRET_ID)
    assert any("Organization.Read.All" in problem for problem in found.problems)


async def test_the_classic_mistake_is_named_even_when_nothing_can_be_looked_up(
    house: House,
) -> None:
    consent = Consent(house.entra.tenant, BOT_CLIENT_ID)
    consent.ask_as_delegated(consent.roles)

    found = await proof(house)

    assert found.report.granted == frozenset()
    mistaken = found.report.wrongly_delegated()
    assert AppRole.USER_READ_ALL in mistaken
    assert AppRole.APPLICATION_READ_ALL in mistaken
    assert AppRole.USER_AUTHENTICATION_METHOD_READ_WRITE_ALL in mistaken


async def test_a_certificate_tells_its_own_end(house: House) -> None:
    pem = house.entra.tenant.bot_certificate_pem

    found = await proof(house, AppCredential(SignInKind.CERTIFICATE, pem))

    assert found.credential_key_id is not None
    assert found.credential_ends_at is not None
    assert (found.credential_ends_at - house.clock.now()).days in (363, 364)


async def test_secrets_that_begin_alike_are_told(house: House) -> None:
    app = house.entra.tenant.find_application(BOT_CLIENT_ID)
    assert app is not None
    now = house.clock.now()
    app["passwordCredentials"].append(
        secret_object(str(uuid4()), "other", "gh7", now, now + timedelta(days=9))
    )

    found = await proof(house)

    assert found.credential_key_id is None
    assert found.credential_ends_at is not None
    assert (found.credential_ends_at - now).days in (8, 9)
    assert len(found.problems) == 1


async def test_a_refused_sign_in_is_no_connection(house: House) -> None:
    with pytest.raises(SignInError):
        await proof(house, AppCredential(SignInKind.SECRET, "wrong8Q~" + "x" * 32))
