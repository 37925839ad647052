"""Authentication methods: told in words, removed from their own collection."""

from dataclasses import replace

import pytest

from bot.domain.clouds import Cloud
from bot.graph.authentication_methods import (
    AuthenticationMethod,
    is_registered,
    methods,
    remove_method,
    sorts_not_shown,
)
from bot.graph.client import GraphClient
from bot.graph.clouds import CLOUDS
from bot.graph.errors import (
    DefaultMethodError,
    GraphError,
    PermissionMissingError,
    WriteRefusal,
    WriteRefusedError,
)
from tests.graph.house import DANA, House, user


@pytest.fixture
def graph(house: House) -> GraphClient:
    house.also("UserAuthenticationMethod.ReadWrite.All")
    return house.client()


def labelled(found: list[AuthenticationMethod], label: str) -> AuthenticationMethod:
    return next(method for method in found if method.label == label)


async def test_words_people_know(graph: GraphClient) -> None:
    found = await methods(graph, DANA)

    assert sorted(method.label for method in found) == [
        "Email d•••@home.example",
        "FIDO2 key 'Blue security key'",
        "Microsoft Authenticator on Dana's phone",
        "Password",
        "Phone +46 ••• 05",
        "Phone +46 ••• 06",
    ]
    assert found[0].label == "Phone +46 ••• 06"  # the alternate one goes first


async def test_a_password_stays(graph: GraphClient) -> None:
    password = labelled(await methods(graph, DANA), "Password")

    assert password.collection is None
    assert password.why_not_removable
    with pytest.raises(ValueError, match="cannot be removed"):
        await remove_method(graph, DANA, password)


async def test_all_but_the_default_then_the_default(
    house: House, graph: GraphClient
) -> None:
    found = [m for m in await methods(graph, DANA) if m.collection]
    default = labelled(found, "Microsoft Authenticator on Dana's phone")

    with pytest.raises(DefaultMethodError) as caught:
        await remove_method(graph, DANA, default)
    assert caught.value.reason is WriteRefusal.DEFAULT_METHOD
    for method in found:
        if method != default:
            assert await remove_method(graph, DANA, method) is True
    assert await remove_method(graph, DANA, default) is True

    assert [m.label for m in await methods(graph, DANA)] == ["Password"]
    assert await remove_method(graph, DANA, default) is False


async def test_the_mobile_number_waits_for_the_alternate_one(
    graph: GraphClient,
) -> None:
    mobile = labelled(await methods(graph, DANA), "Phone +46 ••• 05")

    with pytest.raises(WriteRefusedError) as caught:
        await remove_method(graph, DANA, mobile)

    assert caught.value.reason is WriteRefusal.ALTERNATE_PHONE_FIRST


@pytest.mark.parametrize(
    "kind", ["#microsoft.graph.qrCodePinAuthenticationMethod", "#x", None]
)
async def test_a_sort_that_nobody_knows_is_told_and_never_guessed(
    house: House, graph: GraphClient, kind: str | None
) -> None:
    strange = {"@odata.type": kind or "", "id": "strange"}
    house.entra.tenant.methods[str(DANA)].append(strange)

    found = await methods(graph, DANA)

    method = next(each for each in found if each.id == "strange")
    assert method.collection is None
    assert method.why_not_removable
    with pytest.raises(ValueError, match="cannot be removed"):
        await remove_method(graph, DANA, method)


async def test_a_collection_that_was_made_up_is_refused(
    house: House, graph: GraphClient
) -> None:
    made_up = AuthenticationMethod("1", "passwordMethods", "Password")

    with pytest.raises(ValueError, match="cannot be removed"):
        await remove_method(graph, DANA, made_up)
    assert house.asked() == []


async def test_in_china_each_collection_is_asked(house: House) -> None:
    house.also("UserAuthenticationMethod.ReadWrite.All")
    house.entra.tenant.cloud = "china"
    graph = house.client(cloud=Cloud.CHINA)

    found = await methods(graph, DANA)

    assert sorted(method.label for method in found) == [
        "Microsoft Authenticator on Dana's phone",
        "Phone +46 ••• 05",
        "Phone +46 ••• 06",
    ]
    asked = [line.rsplit("/", 1)[-1] for line in house.asked()]
    assert asked == [
        "microsoftAuthenticatorMethods",
        "phoneMethods",
        "platformCredentialMethods",
    ]


async def test_a_collection_that_a_cloud_lacks_is_passed_over(house: House) -> None:
    house.also("UserAuthenticationMethod.ReadWrite.All")
    house.entra.faults.error(
        400,
        "BadRequest",
        "Resource not found for the segment.",
        path=f"/users/{DANA}/authentication/platformCredentialMethods",
    )

    assert len(await methods(house.client(cloud=Cloud.CHINA), DANA)) == 3


async def test_but_never_as_the_proof_of_a_removal(house: House) -> None:
    house.also("UserAuthenticationMethod.ReadWrite.All")
    house.entra.tenant.cloud = "china"
    graph = house.client(cloud=Cloud.CHINA)
    phone = labelled(await methods(graph, DANA), "Phone +46 ••• 05")
    seen = len(house.asked())

    assert await is_registered(graph, DANA, "phoneMethods", phone.id)
    assert not await is_registered(graph, DANA, "phoneMethods", "another")
    assert all(line.endswith("/phoneMethods") for line in house.asked()[seen:])
    for status in (400, 404):
        house.entra.faults.error(
            status, "Odd", "Odd.", path=f"/users/{DANA}/authentication/phoneMethods"
        )
        with pytest.raises(GraphError):
            await is_registered(graph, DANA, "phoneMethods", phone.id)


def test_what_china_does_not_show_is_named() -> None:
    missing = sorts_not_shown(CLOUDS[Cloud.CHINA])

    assert "FIDO2 key" in missing
    assert "Temporary Access Pass" in missing
    assert "Phone" not in missing
    assert "Password" not in missing  # the notes speak of it anyway
    assert sorts_not_shown(CLOUDS[Cloud.GLOBAL]) == ()


async def test_but_not_one_that_may_not_be_read(house: House) -> None:
    with pytest.raises(PermissionMissingError):
        await methods(house.client(cloud=Cloud.CHINA), DANA)


async def test_a_method_with_a_bare_number(house: House, graph: GraphClient) -> None:
    [mobile] = [
        each
        for each in house.entra.tenant.methods[str(user("omar"))]
        if "phoneNumber" in each
    ]
    mobile["phoneNumber"] = "0701234567"

    labels = [method.label for method in await methods(graph, user("omar"))]

    assert "Phone ••• 67" in labels


async def test_the_label_does_not_matter_for_removing(graph: GraphClient) -> None:
    """A plan keeps the ID and the collection; names may have changed since."""
    key = labelled(await methods(graph, DANA), "FIDO2 key 'Blue security key'")

    assert await remove_method(graph, DANA, replace(key, label="renamed"))
