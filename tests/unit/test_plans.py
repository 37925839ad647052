"""Laws of plans: what a digest binds, the order of steps, what a difference is."""

from dataclasses import replace
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.ids import TenantId
from bot.domain.plans import (
    MOBILE_PHONE,
    Action,
    Phase,
    PlannedStep,
    difference,
    in_order,
)
from tests.leaving import DISABLE, REVOKE, a_group, a_leaver, a_method, a_plan
from tests.watching import guid

pytestmark = pytest.mark.quick

targets = st.sampled_from([str(guid(f"target {number}")) for number in range(8)])


@st.composite
def planned(draw: st.DrawFn) -> PlannedStep:
    """Any step there can be."""
    action = draw(st.sampled_from(Action))
    blocked = draw(st.sampled_from([None, None, "only Exchange changes it"]))
    if action in {Action.DISABLE_ACCOUNT, Action.REVOKE_SESSIONS}:
        return PlannedStep(action, blocked=blocked)
    variety = draw(st.sampled_from(["phoneMethods", "fido2Methods"]))
    return PlannedStep(
        action,
        target_id=draw(targets),
        target_name=draw(st.text(max_size=10)),
        variety=variety if action is Action.REMOVE_METHODS else "security",
        blocked=blocked,
        is_default=action is Action.REMOVE_METHODS and draw(st.booleans()),
    )


steps = st.lists(planned(), max_size=12, unique_by=lambda step: step.key)


@given(steps, st.randoms())
def test_the_digest_does_not_depend_on_the_order_of_reading(
    found: list[PlannedStep], chance: Random
) -> None:
    shuffled = list(found)
    chance.shuffle(shuffled)

    assert a_plan(*found).digest == a_plan(*shuffled).digest


@given(steps, steps)
def test_two_plans_have_one_digest_exactly_if_they_do_the_same(
    one: list[PlannedStep], other: list[PlannedStep]
) -> None:
    first, second = a_plan(*one), a_plan(*other)
    same = {step.key for step in first.runnable} == {s.key for s in second.runnable}

    assert (first.digest == second.digest) == same


@given(steps)
def test_neither_names_nor_notes_nor_blocked_steps_are_approved(
    found: list[PlannedStep],
) -> None:
    plan = a_plan(*found)
    renamed = [replace(step, target_name="Renamed") for step in plan.runnable]

    assert a_plan(*renamed, notes=("Said since",)).digest == plan.digest


def test_tenant_and_leaver_are_part_of_the_digest() -> None:
    plan = a_plan(DISABLE)

    assert plan.digest != replace(plan, tenant_id=TenantId(guid("elsewhere"))).digest
    other = a_leaver(object_id=guid("somebody else"))
    assert plan.digest != replace(plan, leaver=other).digest


def test_a_method_of_another_collection_is_another_step() -> None:
    phone = a_method("Key", variety="phoneMethods")

    assert phone.key != replace(phone, variety="fido2Methods").key


@given(steps)
def test_order_keeps_every_step_and_is_stable(found: list[PlannedStep]) -> None:
    ordered = in_order(found)

    assert sorted(step.key for step in ordered) == sorted(step.key for step in found)
    assert in_order(ordered) == ordered


@given(steps)
def test_contain_first_then_clean_up_then_what_cannot_be_undone(
    found: list[PlannedStep],
) -> None:
    phases = [step.phase for step in in_order(found)]

    assert phases == sorted(phases)
    assert all(
        step.phase is Phase.IRREVERSIBLE
        for step in found
        if step.action is Action.REMOVE_METHODS
    )


def test_disable_comes_before_revoke_and_the_default_method_last() -> None:
    mobile = a_method("A mobile", target_id=MOBILE_PHONE, variety="phoneMethods")
    default = a_method("A default", is_default=True)
    alternate = a_method("Z alternate mobile", variety="phoneMethods")

    ordered = in_order([default, mobile, alternate, a_group("CRM"), REVOKE, DISABLE])

    assert ordered == (DISABLE, REVOKE, a_group("CRM"), alternate, mobile, default)


@given(steps, steps)
def test_grown_shrunk_and_barred_account_for_every_change(
    one: list[PlannedStep], other: list[PlannedStep]
) -> None:
    approved, present = a_plan(*one), a_plan(*other)
    before = {step.key for step in approved.runnable}
    after = {step.key for step in present.runnable}

    moved = difference(approved, present)

    assert {step.key for step in moved.grown} == after - before
    gone = [step.key for step in (*moved.shrunk, *moved.barred)]
    assert sorted(gone) == sorted(before - after)
    assert all(step.blocked for step in moved.barred)


@given(steps)
def test_a_plan_does_not_differ_from_itself(found: list[PlannedStep]) -> None:
    moved = difference(a_plan(*found), a_plan(*found))

    assert (moved.grown, moved.shrunk, moved.barred) == ((), (), ())


@given(steps, steps)
def test_nothing_grown_and_nothing_gone_means_the_same_digest(
    one: list[PlannedStep], other: list[PlannedStep]
) -> None:
    approved, present = a_plan(*one), a_plan(*other)
    moved = difference(approved, present)
    unmoved = not (moved.grown or moved.shrunk or moved.barred)

    assert unmoved == (approved.digest == present.digest)


def test_what_became_impossible_is_not_taken_for_done() -> None:
    approved = a_plan(DISABLE, a_group("CRM"), a_group("VPN"))
    present = a_plan(DISABLE, a_group("CRM", blocked="a rule decides who is in it"))

    moved = difference(approved, present)

    assert [step.target_name for step in moved.barred] == ["CRM"]
    assert [step.target_name for step in moved.shrunk] == ["VPN"]


def test_a_list_that_can_no_longer_be_read_bars_all_of_its_steps() -> None:
    approved = a_plan(DISABLE, a_method("Key"), a_method("Phone"))
    unread = PlannedStep(Action.REMOVE_METHODS, blocked="the app lacks a permission")

    moved = difference(approved, a_plan(DISABLE, unread))

    assert moved.shrunk == ()
    assert {step.blocked for step in moved.barred} == {"the app lacks a permission"}


def test_plans_of_different_people_are_not_compared() -> None:
    other = a_plan(DISABLE, leaver=a_leaver(object_id=guid("somebody else")))

    with pytest.raises(ValueError, match="different leavers"):
        difference(a_plan(DISABLE), other)
