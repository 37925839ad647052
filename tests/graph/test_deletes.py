"""`DELETE …/members/{id}` without /$ref deletes the user: it cannot be sent."""

from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.permissions import AppRole
from bot.graph.client import GraphClient
from bot.graph.groups import remove_member
from bot.graph.requests import ForbiddenDeleteError, GraphRequest
from tests.graph.house import DANA, House, group

G, U = UUID(int=1), UUID(int=2)
MEMBERSHIP = f"/groups/{G}/members/{U}/$ref"
METHOD = f"/users/{U}/authentication/phoneMethods/3179e48a"

FORBIDDEN = [
    f"/groups/{G}/members/{U}",
    f"/groups/{G}/members/{U}/",
    f"/groups/{G}/members/{U}/$REF",
    f"/groups/{G}/Members/{U}",
    f"/groups/{G}/members/{U}/%24ref",
    f"/groups/{G}/members/{U}/$ref/..",
    f"/groups/{G}/members/{U}?x=/$ref",
    f"/groups/{G}/members/{U}#/$ref",
    f"/groups/{G}/members/{U}/$ref\n",
    f"/groups/{G}/owners/{U}",
    f"/directoryRoles/{G}/members/{U}",
    f"/administrativeUnits/{G}/members/{U}",
    f"/users/{U}/manager",
    f"/users/{U}",
    f"/groups/{G}",
    f"/applications/{G}",
    f"/users/{U}/authentication/phoneMethods/../../..",
    f"/users/{U}/authentication/phoneMethods/a%2F..%2F..",
    f"/users/{U}/authentication/phoneMethods/",
    f"/users/{U}/authentication/methods/1",
    f"/users/{U}/memberOf/{G}",
    "/groups/../users/x/members/y/$ref",
    "",
    "/",
]


@pytest.mark.quick
@pytest.mark.parametrize("path", FORBIDDEN)
def test_what_is_never_deleted(path: str) -> None:
    with pytest.raises(ForbiddenDeleteError):
        GraphRequest("DELETE", path, needs=None)


@pytest.mark.quick
@pytest.mark.parametrize("path", [MEMBERSHIP, METHOD])
def test_what_may_be_deleted(path: str) -> None:
    assert GraphRequest("DELETE", path, needs=None).target == path


@pytest.mark.quick
@given(
    st.lists(
        st.sampled_from(
            ["groups", "users", "members", "owners", str(G), str(U), "$ref", "", ".."]
        ),
        max_size=7,
    )
)
def test_no_other_path_ends_a_membership(parts: list[str]) -> None:
    path = "/" + "/".join(parts)
    try:
        GraphRequest("DELETE", path, needs=None)
    except ForbiddenDeleteError:
        return
    kind, _, relation, _, reference = parts
    assert (kind, relation, reference) == ("groups", "members", "$ref")


async def test_the_client_sends_nothing(house: House, graph: GraphClient) -> None:
    path = f"/groups/{group('VPN Access')}/members/{DANA}"
    with pytest.raises(ForbiddenDeleteError):
        await graph.delete(path, needs=AppRole.GROUP_MEMBER_READ_WRITE_ALL)

    assert house.asked() == []


async def test_a_removed_member_is_still_a_user(house: House) -> None:
    """With the permission by which the trap would delete Dana herself."""
    house.also("User.ReadWrite.All")
    vpn = group("VPN Access")

    assert await remove_member(house.client(), vpn, DANA)

    assert str(DANA) not in house.entra.tenant.members[str(vpn)]
    assert str(DANA) in house.entra.tenant.users
    deletes = [line for line in house.asked() if line.startswith("DELETE")]
    assert deletes == [f"DELETE /groups/{vpn}/members/{DANA}/$ref"]
