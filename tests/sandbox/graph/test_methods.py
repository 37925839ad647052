"""Authentication methods: types, the default one, the order of phones."""

from typing import Any

import pytest

from sandbox.graph import Entra
from sandbox.graph.resources.methods import COLLECTIONS, PHONE_IDS
from sandbox.seeds.entra_ids import seeded_id
from tests.sandbox.graph.calling import DANA, Caller, json_of, refusal

BASE = f"/users/{DANA}/authentication"
SEGMENTS = {collection.kind: collection.segment for collection in COLLECTIONS}


@pytest.fixture
def bot(bot: Caller) -> Caller:
    """Return a bot that may manage methods, which the demo does not consent to."""
    bot.consent("UserAuthenticationMethod.ReadWrite.All")
    return bot


def kind_of(method: dict[str, Any]) -> str:
    kind = str(method["@odata.type"]).rsplit(".", 1)[-1]
    return kind.removesuffix("AuthenticationMethod")


async def methods(bot: Caller) -> list[dict[str, Any]]:
    listed: list[dict[str, Any]] = json_of(await bot.get(f"{BASE}/methods"))["value"]
    return listed


def address(method: dict[str, Any]) -> str:
    return f"{BASE}/{SEGMENTS[kind_of(method)]}/{method['id']}"


async def test_leaver_has_nearly_every_type(bot: Caller) -> None:
    kinds = [kind_of(method) for method in await methods(bot)]

    assert sorted(kinds) == [
        "email",
        "fido2",
        "microsoftAuthenticator",
        "password",
        "phone",
        "phone",
    ]


async def test_methods_take_no_query_options(bot: Caller) -> None:
    answer = await bot.get(f"{BASE}/methods", select="id")

    assert "'$select' is not supported" in refusal(answer)[2]


async def test_two_passes_remove_all_but_the_password(bot: Caller) -> None:
    removable = [m for m in await methods(bot) if kind_of(m) != "password"]

    first = [(await bot.http.delete(address(m))).status_code for m in removable]
    left = [m for m in await methods(bot) if kind_of(m) != "password"]
    second = [(await bot.http.delete(address(m))).status_code for m in left]

    assert sorted(first) == [204, 204, 204, 400, 400]  # the mobile and the default
    assert {kind_of(m) for m in left} == {"phone", "microsoftAuthenticator"}
    assert second == [204, 204]
    assert [kind_of(m) for m in await methods(bot)] == ["password"]


async def test_default_is_refused_while_others_are_left(bot: Caller) -> None:
    default = next(
        m for m in await methods(bot) if kind_of(m) == "microsoftAuthenticator"
    )

    status, code, message = refusal(await bot.http.delete(address(default)))

    assert (status, code) == (400, "Request_BadRequest")
    assert "current default authentication method" in message
    assert default in await methods(bot)


async def test_mobile_goes_after_the_alternate(bot: Caller) -> None:
    mobile = f"{BASE}/phoneMethods/{PHONE_IDS['mobile']}"
    assert "alternate mobile number" in refusal(await bot.http.delete(mobile))[2]

    alternate = f"{BASE}/phoneMethods/{PHONE_IDS['alternateMobile']}"
    assert (await bot.http.delete(alternate)).status_code == 204
    assert (await bot.http.delete(mobile)).status_code == 204


async def test_method_is_found_in_its_own_collection_alone(bot: Caller) -> None:
    mobile = PHONE_IDS["mobile"]

    assert refusal(await bot.http.delete(f"{BASE}/emailMethods/{mobile}"))[0] == 404


async def test_password_cannot_be_deleted(bot: Caller) -> None:
    [password] = json_of(await bot.get(f"{BASE}/passwordMethods"))["value"]

    path = f"{BASE}/passwordMethods/{password['id']}"

    assert refusal(await bot.http.delete(path))[0] == 400


@pytest.mark.parametrize("kind", sorted(SEGMENTS))
async def test_typed_collection_lists_and_deletes(
    bot: Caller, entra: Entra, kind: str
) -> None:
    entra.tenant.default_methods.clear()
    method_id = seeded_id("method", kind)
    method = {
        "@odata.type": f"#microsoft.graph.{kind}AuthenticationMethod",
        "id": method_id,
        "createdDateTime": "2026-01-01T00:00:00Z",
    }
    entra.tenant.methods[DANA] = [method]

    untyped = {name: value for name, value in method.items() if "@" not in name}
    assert json_of(await bot.get(f"{BASE}/{SEGMENTS[kind]}"))["value"] == [untyped]
    assert json_of(await bot.get(address(method)))["id"] == method_id
    assert (await bot.http.delete(address(method))).status_code == 204
    assert refusal(await bot.http.delete(address(method)))[0] == 404


async def test_permission_for_phones_reaches_phones_alone(bot: Caller) -> None:
    bot.only("UserAuthMethod-Phone.ReadWrite.All")

    assert (await bot.get(f"{BASE}/phoneMethods")).status_code == 200
    assert (await bot.get(f"{BASE}/methods")).status_code == 403
    assert (await bot.get(f"{BASE}/fido2Methods")).status_code == 403


async def test_removed_phone_and_email_can_be_registered_again(bot: Caller) -> None:
    phone = {"phoneNumber": "+46 701740606", "phoneType": "alternateMobile"}
    taken = await bot.http.post(f"{BASE}/phoneMethods", json=phone)
    assert "already registered" in refusal(taken)[2]

    path = f"{BASE}/phoneMethods/{PHONE_IDS['alternateMobile']}"
    assert (await bot.http.delete(path)).status_code == 204
    again = await bot.http.post(f"{BASE}/phoneMethods", json=phone)

    assert again.status_code == 201
    assert again.json()["id"] == PHONE_IDS["alternateMobile"]
    second = {"emailAddress": "other@home.example"}
    refused = await bot.http.post(f"{BASE}/emailMethods", json=second)
    assert "already registered" in refusal(refused)[2]


@pytest.mark.parametrize(
    ("segment", "body"),
    [
        ("phoneMethods", {"phoneNumber": "+46 1"}),
        ("phoneMethods", {"phoneNumber": "+46 1", "phoneType": "fax"}),
        ("emailMethods", {}),
    ],
)
async def test_bad_registration_is_refused(
    bot: Caller, segment: str, body: dict[str, str]
) -> None:
    assert refusal(await bot.http.post(f"{BASE}/{segment}", json=body))[0] == 400


async def test_china_serves_three_collections_and_no_list_of_all(
    bot: Caller, entra: Entra
) -> None:
    entra.tenant.cloud = "china"
    bot.sign_in()
    served = {"phoneMethods", "microsoftAuthenticatorMethods"}
    served.add("platformCredentialMethods")

    for segment in ("methods", *SEGMENTS.values()):
        answer = await bot.get(f"{BASE}/{segment}")
        assert answer.status_code == (200 if segment in served else 400)
