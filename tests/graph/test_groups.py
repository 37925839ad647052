"""A leaver's groups: what they are, which can be left, and leaving them."""

import pytest

from bot.domain.groups import Group, GroupKind, kind_of, why_not_removable
from bot.domain.ids import ObjectId
from bot.graph.client import GraphClient
from bot.graph.errors import (
    GraphError,
    ObjectNotFoundError,
    PermissionMissingError,
    PrivilegedTargetError,
    UnknownOutcomeError,
    WriteRefusal,
    WriteRefusedError,
)
from bot.graph.groups import direct_groups, is_member, remove_member
from tests.graph.house import DANA, House, group, user

DANAS = {
    "All Sales (dynamic)": GroupKind.DYNAMIC,
    "All Staff": GroupKind.DISTRIBUTION,
    "CRM Users": GroupKind.SECURITY,
    "File Server Sales": GroupKind.SYNCED,
    "Licence: Microsoft 365 E3": GroupKind.SECURITY,
    "Quote Approvals": GroupKind.MAIL_ENABLED_SECURITY,
    "Sales Team": GroupKind.MICROSOFT_365,
    "VPN Access": GroupKind.SECURITY,
}


@pytest.mark.parametrize(
    "roles", [["GroupMember.Read.All"], ["Group.Read.All"], ["Directory.Read.All"]]
)
async def test_every_kind_is_told(house: House, roles: list[str]) -> None:
    house.only(*roles)

    groups = await direct_groups(house.client(), DANA)

    assert {each.display_name: each.kind for each in groups} == DANAS
    assert [each.display_name for each in groups] == sorted(DANAS)
    assert [g.display_name for g in groups if g.gives_licences] == [
        "Licence: Microsoft 365 E3"
    ]


async def test_groups_of_groups_are_not_the_leavers(
    house: House, graph: GraphClient
) -> None:
    """Omar is on call, and only thereby in Production Access."""
    names = [each.display_name for each in await direct_groups(graph, user("omar"))]

    assert "On-call" in names
    assert "Production Access" not in names
    assert house.asked()[-1] == "POST /$batch"


async def test_with_a_directory_permission_one_question_is_enough(
    house: House,
) -> None:
    house.only("Directory.Read.All")

    names = [g.display_name for g in await direct_groups(house.client(), user("omar"))]

    assert "Production Access" not in names
    assert len(house.asked()) == 1
    assert "/memberOf/" in house.asked()[0]


async def test_a_failing_question_is_no_shorter_list(house: House) -> None:
    house.entra.faults.error(
        403,
        "Authorization_RequestDenied",
        "No.",
        path=f"/groups/{group('VPN Access')}/members",
    )

    with pytest.raises(GraphError, match="refused a read"):
        await direct_groups(house.client(), DANA)


async def test_a_group_deleted_in_between_is_left_out(house: House) -> None:
    house.entra.faults.error(
        404,
        "Request_ResourceNotFound",
        "Gone.",
        path=f"/groups/{group('VPN Access')}/members",
    )

    names = [g.display_name for g in await direct_groups(house.client(), DANA)]

    assert names == sorted(set(DANAS) - {"VPN Access"})


async def test_nobody_has_no_groups(graph: GraphClient) -> None:
    with pytest.raises(ObjectNotFoundError):
        await direct_groups(graph, user("nobody"))


async def test_without_permission(house: House) -> None:
    house.only("Application.Read.All")

    with pytest.raises(PermissionMissingError) as caught:
        await direct_groups(house.client(), DANA)

    assert caught.value.role == "GroupMember.Read.All"


async def test_leaving_a_group(graph: GraphClient) -> None:
    vpn = group("VPN Access")
    assert await is_member(graph, vpn, DANA)

    assert await remove_member(graph, vpn, DANA) is True

    assert not await is_member(graph, vpn, DANA)
    assert await remove_member(graph, vpn, DANA) is False


async def test_the_other_words_for_not_being_a_member(
    house: House, graph: GraphClient
) -> None:
    house.entra.faults.error(
        400,
        "Request_BadRequest",
        "One or more removed object references do not exist for the following "
        "modified properties: 'members'.",
        method="DELETE",
    )

    assert await remove_member(graph, group("VPN Access"), DANA) is False


async def test_a_group_that_is_gone_has_no_members(graph: GraphClient) -> None:
    assert not await is_member(graph, group("Never Was"), DANA)
    assert await remove_member(graph, group("Never Was"), DANA) is False


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("File Server Sales", WriteRefusal.SYNCED),
        ("Quote Approvals", WriteRefusal.MAIL_ENABLED),
        ("All Staff", WriteRefusal.MAIL_ENABLED),
    ],
)
async def test_refusals_say_why(
    graph: GraphClient, name: str, reason: WriteRefusal
) -> None:
    with pytest.raises(WriteRefusedError) as caught:
        await remove_member(graph, group(name), DANA)

    assert caught.value.reason is reason
    assert caught.value.request_id


async def test_a_role_assignable_group_wants_more(house: House) -> None:
    helpdesk, jonas = group("Helpdesk Operators"), user("jonas")

    with pytest.raises(PrivilegedTargetError):
        await remove_member(house.client(), helpdesk, jonas)

    house.also("RoleManagement.ReadWrite.Directory")
    assert await remove_member(house.client(), helpdesk, jonas)


async def test_a_lost_answer(house: House, graph: GraphClient) -> None:
    house.entra.faults.reset_after_apply(times=1, path="/groups")

    with pytest.raises(UnknownOutcomeError):
        await remove_member(graph, group("VPN Access"), DANA)

    assert not await is_member(graph, group("VPN Access"), DANA)


@pytest.mark.parametrize(
    ("facts", "kind"),
    [
        (([], False, True, None, False, False), GroupKind.SECURITY),
        ((["Unified"], True, False, None, False, False), GroupKind.MICROSOFT_365),
        ((["Unified"], True, True, None, False, True), GroupKind.ROLE_ASSIGNABLE),
        (([], False, True, None, False, True), GroupKind.ROLE_ASSIGNABLE),
        (
            (["Unified", "DynamicMembership"], True, False, None, False, False),
            GroupKind.DYNAMIC,
        ),
        (([], False, True, "(user.x -eq 1)", False, False), GroupKind.DYNAMIC),
        (([], True, True, None, True, False), GroupKind.SYNCED),
        (([], True, True, None, False, False), GroupKind.MAIL_ENABLED_SECURITY),
        (([], True, False, None, False, False), GroupKind.DISTRIBUTION),
        (([], None, None, None, False, False), GroupKind.UNREADABLE),
    ],
)
@pytest.mark.quick
def test_kinds(
    facts: tuple[list[str], bool | None, bool | None, str | None, bool, bool],
    kind: GroupKind,
) -> None:
    types, mail, security, rule, synced, role = facts

    assert (
        kind_of(
            group_types=types,
            mail_enabled=mail,
            security_enabled=security,
            membership_rule=rule,
            is_synced=synced,
            is_role_assignable=role,
        )
        is kind
    )


@pytest.mark.quick
@pytest.mark.parametrize("kind", list(GroupKind))
def test_what_can_be_left(kind: GroupKind) -> None:
    each = Group(ObjectId(group("x")), "X", kind)
    may_roles = {"RoleManagement.ReadWrite.Directory"}

    removable = {GroupKind.SECURITY, GroupKind.MICROSOFT_365}
    assert (why_not_removable(each, set()) is None) == (kind in removable)
    removable.add(GroupKind.ROLE_ASSIGNABLE)
    assert (why_not_removable(each, may_roles) is None) == (kind in removable)
    assert kind.label
