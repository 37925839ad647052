"""Reading the directory: tenant, apps, users, roles."""

from datetime import UTC, datetime
from urllib.parse import parse_qs, urlsplit
from uuid import UUID

import pytest

from bot.domain.credentials import CredentialKind
from bot.domain.ids import ClientId, ObjectId
from bot.graph.applications import (
    Application,
    application_owners,
    applications,
    credentials_of,
    own_application,
)
from bot.graph.client import GraphClient
from bot.graph.directory_roles import roles_of
from bot.graph.errors import PermissionMissingError, UnreadableAnswerError
from bot.graph.known_roles import KNOWN_ROLES, KNOWN_SCOPES
from bot.graph.organization import organization
from bot.graph.service_principals import (
    graph_permissions,
    own_grants,
    own_service_principal,
)
from bot.graph.users import (
    User,
    find_user_by_address,
    get_user,
    revoke_sessions,
    search_users,
    set_account_enabled,
)
from tests.graph.house import CLIENT, DANA, PRIYA, TENANT, House, user


async def test_the_tenant(graph: GraphClient) -> None:
    tenant = await organization(graph)

    assert tenant.id == TENANT
    assert tenant.display_name == "Contoso Ltd"
    assert tenant.verified_domains == ("contoso.example", "contoso.onmicrosoft.example")


async def test_another_tenant_than_was_asked_for_is_not_believed(
    house: House, graph: GraphClient
) -> None:
    house.entra.tenant.organization["id"] = str(PRIYA)

    with pytest.raises(UnreadableAnswerError, match="another tenant"):
        await organization(graph)


async def test_our_own_registration_without_any_permission(house: House) -> None:
    house.only()
    graph = house.client()

    app = await own_application(graph, CLIENT)
    principal = await own_service_principal(graph, CLIENT)

    assert app is not None
    assert [secret.hint for secret in app.password_credentials] == ["gh7"]
    assert app.key_credentials[0].custom_key_identifier
    assert app.required_resource_access[0].resource_access
    assert principal is not None
    assert principal.app_id == CLIENT


async def test_a_registration_of_another_tenant(graph: GraphClient) -> None:
    elsewhere = ClientId(UUID(int=7))

    assert await own_application(graph, elsewhere) is None
    assert await own_service_principal(graph, elsewhere) is None


async def test_names_of_permissions_agree_with_those_known_by_heart(
    graph: GraphClient,
) -> None:
    names = await graph_permissions(graph)

    for known, read in ((KNOWN_ROLES, names.roles), (KNOWN_SCOPES, names.scopes)):
        assert {i: read[i] for i in known if i in read} == {
            i: str(role) for i, role in known.items() if i in read
        }
        assert len(known.keys() & read.keys()) >= 15


async def test_what_was_granted(graph: GraphClient) -> None:
    principal = await own_service_principal(graph, CLIENT)
    assert principal is not None

    grants = await own_grants(graph, ObjectId(principal.id))

    names = (await graph_permissions(graph)).roles
    granted = {names[grant.app_role_id] for grant in grants}
    assert granted == await graph.granted()
    assert await roles_of(graph, ObjectId(principal.id)) == []


async def test_applications_and_their_owners(graph: GraphClient) -> None:
    apps = {app.display_name: app async for app in applications(graph)}

    owners = await application_owners(graph, [ObjectId(a.id) for a in apps.values()])

    assert owners[ObjectId(apps["Badge Printer"].id)] == (
        "Omar Diaz <omar@contoso.example>",
        "Nora Weiss <nora@contoso.example>",
    )
    assert owners[ObjectId(apps["Build Pipeline"].id)] == ()
    assert len(owners) == len(apps)


async def test_credentials_as_the_watch_sees_them(
    house: House, graph: GraphClient
) -> None:
    apps = {app.display_name: app async for app in applications(graph)}

    two = list(credentials_of(apps["Support Desk Sync"], owners=("Samir",)))
    [certificate] = credentials_of(apps["Warehouse Gateway"])
    [never] = credentials_of(apps["Legacy Intranet"])

    assert [each.kind for each in two] == [CredentialKind.SECRET] * 2
    assert two[0].owners == ("Samir",)
    assert two[0].hint == "s0~"
    assert (two[0].ends_at - house.clock.now()).days in (1, 2)
    assert certificate.kind is CredentialKind.CERTIFICATE
    assert never.never_ends
    assert list(credentials_of(apps["Deploy Bot (federated)"])) == []


@pytest.mark.quick
def test_a_signing_key_is_no_credential_to_watch() -> None:
    key = {"keyId": str(UUID(int=1)), "endDateTime": "2026-01-01T00:00:00Z"}
    app = Application.model_validate(
        {
            "id": str(UUID(int=2)),
            "appId": str(UUID(int=3)),
            "displayName": None,
            "keyCredentials": [{**key, "usage": "Sign"}, {**key, "usage": "Verify"}],
        }
    )

    [credential] = credentials_of(app)

    assert credential.ends_at == datetime(2026, 1, 1, tzinfo=UTC)
    assert credential.app_name == str(UUID(int=3))


async def test_owners_that_cannot_be_read_are_left_out(
    house: House, graph: GraphClient
) -> None:
    apps = [ObjectId(app.id) async for app in applications(graph)]
    house.entra.faults.error(
        403,
        "Authorization_RequestDenied",
        "No.",
        path=f"/applications/{apps[0]}/owners",
    )

    owners = await application_owners(graph, apps[:2])

    assert owners[apps[0]] == ()
    assert owners[apps[1]] != ()


async def test_type_ahead(graph: GraphClient) -> None:
    assert [u.name for u in await search_users(graph, "dana")] == [
        "Dana Cole",
        "Dana Coleman",
    ]
    assert [u.name for u in await search_users(graph, "cole", limit=1)] == ["Dana Cole"]
    assert [u.id for u in await search_users(graph, "priya@contoso")] == [PRIYA]
    assert await search_users(graph, "zzz") == []


async def test_nothing_typed_yet(graph: GraphClient) -> None:
    found = await search_users(graph, "  ", limit=5)

    assert len(found) == 5
    assert [u.name for u in found] == sorted(u.name for u in found)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('dana" OR "mail:a', "dana OR mail a"),
        ("a:b\\", "a b"),
        ("o'neil", "o'neil"),
        ("&$top=1#", "&$top=1#"),
        ("Åsa Öberg", "Åsa Öberg"),
    ],
)
async def test_what_is_typed_stays_inside_its_quotes(
    house: House, graph: GraphClient, text: str, words: str
) -> None:
    await search_users(graph, text)

    query = parse_qs(urlsplit(house.sent[-1]["url"]).query)
    clauses = [f'"{n}:{words}"' for n in ("displayName", "userPrincipalName", "mail")]
    assert query["$search"] == [" OR ".join(clauses)]
    assert query["$top"] == ["20"]


@pytest.mark.parametrize("address", ["dana@contoso.example", " DANA@Contoso.Example "])
async def test_a_slack_address_finds_the_account(
    graph: GraphClient, address: str
) -> None:
    found = await find_user_by_address(graph, address)

    assert found is not None
    assert found.id == DANA
    assert "dana@contoso.example" in found.addresses


async def test_an_alias_finds_the_account(house: House, graph: GraphClient) -> None:
    dana = house.entra.tenant.users[str(DANA)]
    dana["proxyAddresses"] = ["SMTP:dana@contoso.example", "smtp:d.o'cole@old.example"]

    found = await find_user_by_address(graph, "d.o'cole@old.example")

    assert found is not None
    assert found.id == DANA
    assert found.addresses == ("dana@contoso.example", "d.o'cole@old.example")


async def test_two_who_share_an_address_are_not_guessed_between(
    house: House, graph: GraphClient
) -> None:
    for login in ("dana", "omar"):
        house.entra.tenant.users[str(user(login))]["mail"] = "shared@contoso.example"

    assert await find_user_by_address(graph, "shared@contoso.example") is None
    assert await find_user_by_address(graph, "nobody@contoso.example") is None
    assert await find_user_by_address(graph, "x' or mail ne 'y") is None


async def test_guests_and_synced_people_are_known() -> None:
    facts = {"id": str(UUID(int=1)), "userPrincipalName": "a@b", "userType": "Guest"}

    guest = User.model_validate({**facts, "onPremisesSyncEnabled": True})

    assert guest.is_guest
    assert guest.is_synced
    assert guest.name == "a@b"


async def test_disable_and_sign_out(house: House, graph: GraphClient) -> None:
    before = await get_user(graph, DANA)

    await set_account_enabled(graph, DANA, False)
    await revoke_sessions(graph, DANA)

    after = await get_user(graph, DANA)
    assert (before.account_enabled, after.account_enabled) == (True, False)
    assert before.sign_in_sessions_valid_from is not None
    assert after.sign_in_sessions_valid_from is not None
    assert after.sign_in_sessions_valid_from > before.sign_in_sessions_valid_from


async def test_roles(graph: GraphClient) -> None:
    [role] = await roles_of(graph, PRIYA)

    assert role.name == "Global Administrator"
    assert str(role.template_id) == "62e90394-69f5-4237-9190-012177145e10"
    assert role.scope == "/"
    assert await roles_of(graph, DANA) == []


async def test_roles_without_permission(house: House) -> None:
    house.only("User.Read.All")

    with pytest.raises(PermissionMissingError) as caught:
        await roles_of(house.client(), PRIYA)

    assert caught.value.role == "RoleManagement.Read.Directory"
