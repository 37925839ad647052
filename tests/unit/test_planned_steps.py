"""From what Graph told to steps: each can be done, or says why not."""

from dataclasses import replace
from uuid import uuid5

import pytest

from bot.domain.groups import Group, GroupKind
from bot.domain.ids import ObjectId
from bot.domain.permissions import AppRole
from bot.domain.plans import Action
from bot.domain.privilege import Guard
from bot.graph.authentication_methods import AuthenticationMethod
from bot.workflows.planned_steps import (
    Standing,
    account_steps,
    group_steps,
    method_steps,
    notes,
    unread_action,
)
from tests.leaving import a_leaver
from tests.watching import GUIDS

pytestmark = pytest.mark.quick

ALL = [
    AppRole.USER_ENABLE_DISABLE_ACCOUNT_ALL,
    AppRole.USER_REVOKE_SESSIONS_ALL,
    AppRole.GROUP_MEMBER_READ_WRITE_ALL,
    AppRole.USER_AUTHENTICATION_METHOD_READ_WRITE_ALL,
]
ORDINARY = Standing(Guard.NONE, (), ())
PRIVILEGED = Standing(Guard.HIGHEST, ("Global Administrator",), ())
HELD = ("7be44c8a-adaf-4e2a-84d6-ab2649e08a13",)


def group(kind: GroupKind, *, gives_licences: bool = False) -> Group:
    key = ObjectId(uuid5(GUIDS, kind))
    return Group(key, kind.label, kind, gives_licences=gives_licences)


def method(collection: str | None, label: str = "FIDO2 key") -> AuthenticationMethod:
    return AuthenticationMethod("id-1", collection, label)


@pytest.mark.parametrize("kind", GroupKind)
def test_a_group_of_any_kind_is_a_step(kind: GroupKind) -> None:
    (step,) = group_steps([group(kind)], ALL)

    can = kind in {GroupKind.SECURITY, GroupKind.MICROSOFT_365}
    assert (step.blocked is None) == can
    assert step.key == f"remove_groups:{uuid5(GUIDS, kind)}"


def test_a_role_assignable_group_stays_even_with_the_permission() -> None:
    roles = [*ALL, AppRole.ROLE_MANAGEMENT_READ_WRITE_DIRECTORY]

    (step,) = group_steps([group(GroupKind.ROLE_ASSIGNABLE)], roles)

    assert step.blocked is not None
    assert "administrator roles" in step.blocked


@pytest.mark.parametrize("lacking", ALL)
def test_a_missing_permission_blocks_its_own_action_alone(lacking: AppRole) -> None:
    granted = [role for role in ALL if role is not lacking]

    steps = [
        *account_steps(list(Action), granted, ORDINARY),
        *group_steps([group(GroupKind.SECURITY)], granted),
        *method_steps([method("fido2Methods")], granted, ORDINARY),
    ]

    blocked = [step for step in steps if step.blocked]
    assert len(blocked) == 1
    assert str(lacking) in str(blocked[0].blocked)


def test_a_broader_permission_serves() -> None:
    granted = [AppRole.USER_READ_WRITE_ALL, AppRole.DIRECTORY_READ_WRITE_ALL]

    steps = [
        *account_steps(list(Action), granted, ORDINARY),
        *group_steps([group(GroupKind.SECURITY)], granted),
    ]

    assert [step.blocked for step in steps] == [None, None, None]


def test_a_privileged_leaver_is_neither_disabled_nor_stripped_of_methods() -> None:
    disable, revoke = account_steps(list(Action), ALL, PRIVILEGED)
    (key,) = method_steps([method("fido2Methods")], ALL, PRIVILEGED)

    assert "Privileged Authentication Administrator" in str(disable.blocked)
    assert "Privileged Authentication Administrator" in str(key.blocked)
    assert revoke.blocked is None


def test_with_the_directory_role_the_app_may() -> None:
    may = Standing(Guard.HIGHEST, ("Global Administrator",), HELD)

    disable, _ = account_steps(list(Action), ALL, may)

    assert disable.blocked is None


def test_the_password_is_no_step_and_what_cannot_go_is_blocked() -> None:
    steps = method_steps(
        [method(None, "Password"), method(None, "Hardware token")], ALL, ORDINARY
    )

    assert [(step.target_name, bool(step.blocked)) for step in steps] == [
        ("Hardware token", True)
    ]


def test_only_what_was_ticked_is_planned() -> None:
    (step,) = account_steps([Action.REVOKE_SESSIONS], ALL, ORDINARY)

    assert step.action is Action.REVOKE_SESSIONS


def test_what_could_not_be_listed_is_one_blocked_step() -> None:
    step = unread_action(Action.REMOVE_GROUPS, "the app lacks a permission")

    assert (step.key, step.blocked) == ("remove_groups", "the app lacks a permission")


def test_the_notes_say_what_an_approver_should_know() -> None:
    leaver = a_leaver(is_synced=True, account_enabled=False)
    unseen = Standing(Guard.NONE, (), (), unread="the app lacks a permission")
    licensed = group(GroupKind.SECURITY, gives_licences=True)

    told = " ".join(notes(leaver, list(Action), unseen, [licensed]))

    for words in (
        "disabled already",
        "Active Directory too",
        "The password stays",
        "could not be seen",
        "Leaving “security group” takes licences away",
    ):
        assert words in told
    assert notes(a_leaver(), [Action.REVOKE_SESSIONS], ORDINARY, []) == ()
    assert "Global Administrator" in " ".join(notes(a_leaver(), [], PRIVILEGED, []))


def test_what_a_cloud_hides_from_apps_is_told() -> None:
    hidden = ["FIDO2 key", "Email"]

    (_, told) = notes(
        a_leaver(), [Action.REMOVE_METHODS], ORDINARY, [], not_shown=hidden
    )

    assert "Not available to apps in this cloud" in told
    assert "FIDO2 key, Email" in told
    assert notes(a_leaver(), [], ORDINARY, [], not_shown=hidden) == ()


def test_a_guests_home_directory_is_out_of_reach() -> None:
    guest = replace(a_leaver(), is_guest=True)

    (told,) = notes(guest, [Action.REVOKE_SESSIONS], ORDINARY, [])

    assert "home directory" in told
