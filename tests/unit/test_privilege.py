"""Whom an app may touch."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.privilege import Guard, guard_of, may_touch
from tests.watching import guid

pytestmark = pytest.mark.quick

GLOBAL_ADMINISTRATOR = "62e90394-69f5-4237-9190-012177145e10"
PRIVILEGED_AUTHENTICATION = "7be44c8a-adaf-4e2a-84d6-ab2649e08a13"
USER_ADMINISTRATOR = "fe930be7-5e62-47db-91af-98c3a49a38b1"
HELPDESK = "729827e3-9c14-49f7-bb1b-9608f156bbb8"
REPORTS_READER = "4a5d8f65-41da-4de4-8968-e035b65339cf"
CUSTOM = str(guid("a role of the tenant's own"))

roles = st.sets(
    st.sampled_from(
        [
            GLOBAL_ADMINISTRATOR,
            PRIVILEGED_AUTHENTICATION,
            USER_ADMINISTRATOR,
            HELPDESK,
            REPORTS_READER,
            CUSTOM,
        ]
    )
)


@pytest.mark.parametrize(
    ("held", "guard"),
    [
        ([], Guard.NONE),
        ([REPORTS_READER], Guard.NONE),
        ([HELPDESK], Guard.LESSER),
        ([HELPDESK.upper()], Guard.LESSER),
        ([HELPDESK, GLOBAL_ADMINISTRATOR], Guard.HIGHEST),
        ([CUSTOM], Guard.HIGHEST),
    ],
)
def test_roles_guard_their_holder(held: list[str], guard: Guard) -> None:
    assert guard_of(held, in_role_assignable_group=False) is guard


def test_a_role_assignable_group_guards_like_the_highest_role() -> None:
    assert guard_of([], in_role_assignable_group=True) is Guard.HIGHEST


@given(roles, roles, st.booleans())
def test_more_roles_never_guard_less(
    held: set[str], more: set[str], in_group: bool
) -> None:
    before = guard_of(held, in_role_assignable_group=in_group)

    assert guard_of(held | more, in_role_assignable_group=in_group) >= before


@given(roles, roles, st.sampled_from(Guard))
def test_more_roles_of_the_app_never_bar_it(
    own: set[str], more: set[str], guard: Guard
) -> None:
    assert may_touch(guard, own | more) or not may_touch(guard, own)


def test_each_guard_needs_its_role() -> None:
    assert may_touch(Guard.NONE, [])
    assert not may_touch(Guard.LESSER, [HELPDESK])
    assert may_touch(Guard.LESSER, [USER_ADMINISTRATOR])
    assert not may_touch(Guard.HIGHEST, [USER_ADMINISTRATOR, CUSTOM])
    assert may_touch(Guard.HIGHEST, [PRIVILEGED_AUTHENTICATION])
    assert may_touch(Guard.HIGHEST, [GLOBAL_ADMINISTRATOR.upper()])
