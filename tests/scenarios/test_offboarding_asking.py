"""Asking for an offboarding: ways into the form, and whom it means."""

import asyncio

from sandbox.seeds.entra import small_tenant
from tests.scenarios.offboarding import finds, opens_form, user_id
from tests.scenarios.office import Office
from tests.scenarios.people import ADA, ALERTS, APPROVALS, DANA, GUS, LEE, RUTH
from tests.scenarios.screen import Json, button, input_labelled, typed, words_in

FABRIKAM = "9b2f1d63-7e2f-4d1c-8e6a-4c8b63a4d002"


def chosen_leaver(view: Json) -> str:
    """Whom the form has chosen beforehand."""
    element = input_labelled(view, "Leaver")["element"]
    return str(element.get("initial_option", {}).get("text", {}).get("text", ""))


async def test_a_mentioned_person_is_matched_by_address_and_chosen(
    office: Office,
) -> None:
    await office.connects()

    view = await opens_form(office, about="@dana")

    assert chosen_leaver(view) == "Dana Cole (dana@contoso.example)"
    assert "by e-mail address" in words_in(view)
    await office.submits(RUTH, reason="Leaves")
    await office.sees_modal(RUTH, "Dana Cole", "CRM Users")


async def test_an_address_is_matched_too(office: Office) -> None:
    await office.connects()

    view = await opens_form(office, about="lee@contoso.example")

    assert chosen_leaver(view) == "Lee Park (lee@contoso.example)"


async def test_nobody_with_that_address_is_said_clearly(office: Office) -> None:
    await office.connects()

    view = await opens_form(office, about="nobody@contoso.example")

    assert "no Entra account with the address nobody@contoso.example" in words_in(view)
    assert chosen_leaver(view) == ""


async def test_the_message_shortcut_means_the_author(office: Office) -> None:
    await office.connects()
    message = await office.slack.say(DANA, APPROVALS, "Thanks for all the fish")

    await office.slack.shortcut(
        RUTH, "offboard_from_message", channel=APPROVALS, message_ts=message.ts
    )

    view = await office.sees_modal(RUTH, "Leaver", "Actions")
    assert chosen_leaver(view) == "Dana Cole (dana@contoso.example)"


async def test_the_global_shortcut_and_the_home_button_open_the_form(
    office: Office,
) -> None:
    await office.connects()

    await office.slack.shortcut(RUTH, "offboard_global")
    await office.sees_modal(RUTH, "Leaver", "Actions")
    await office.slack.close_view(RUTH, office.modal(RUTH)["id"])

    await office.slack.open_home(RUTH)
    home = await office.sees(lambda: office.home(RUTH))
    pressed = button(home, "Offboard someone")
    await office.slack.click(
        RUTH,
        pressed["action_id"],
        view_id=home["id"],
        block_id=pressed["block_id"],
        value=pressed.get("value"),
        type="button",
    )
    await office.sees_modal(RUTH, "Leaver", "Actions")


async def test_who_is_in_no_approvals_channel_is_told_whom_to_ask(
    office: Office,
) -> None:
    await office.connects()

    await office.types(LEE, "/offboard")

    view = await office.sees_modal(LEE, "approvals channel", "invite you")
    assert "submit" not in view or view["submit"] is None


async def test_guests_may_nothing(office: Office) -> None:
    await office.connects()
    general = "C0GENERAL"

    await office.types(GUS, "/offboard", channel=general)

    await office.sees_modal(GUS, "guests")


async def test_without_a_tenant_the_form_says_what_comes_first(office: Office) -> None:
    await office.types(RUTH, "/offboard")

    await office.sees_modal(RUTH, "No tenant is connected yet", "/entra connect")


async def test_the_type_ahead_finds_by_name_and_by_address(office: Office) -> None:
    await office.connects()
    await opens_form(office)

    by_name = await finds(office, RUTH, "Dana")
    by_address = await finds(office, RUTH, "lee@")

    names = [each["text"]["text"] for each in by_name]
    assert names == [
        "Dana Cole (dana@contoso.example)",
        "Dana Coleman (dana2@contoso.example)",
    ]
    assert [each["text"]["text"] for each in by_address] == [
        "Lee Park (lee@contoso.example)"
    ]
    assert by_name[0]["description"]["text"] == "Account Manager"


async def test_a_slow_directory_offers_nothing_in_time(office: Office) -> None:
    await office.connects()
    await opens_form(office)
    office.entra.faults.slow(4000, path="/users")

    assert await finds(office, RUTH, "Dana") == []


async def test_every_mistake_is_said_under_its_field(office: Office) -> None:
    await office.connects()
    await opens_form(office, about="@dana")

    missing = await office.submits(RUTH, when="At a date and time")
    past = await office.submits(RUTH, when="At a date and time", run_at=1_700_000_000)
    both = await office.submits(RUTH, when="Now", run_at=1_900_000_000)

    assert missing.errors == {"run_at": "Choose the date and time."}
    assert "passed" in past.errors["run_at"]
    assert "clear this date" in both.errors["run_at"]


async def test_the_form_opens_at_once_even_if_slack_is_slow(office: Office) -> None:
    await office.connects()
    office.slack.faults.set("slow_api", True, {"ms": 700})

    await office.types(RUTH, "/offboard")

    await office.sees_modal(RUTH, "One moment")
    await office.sees_modal(RUTH, "Leaver", "Actions")
    office.slack.faults.set("slow_api", False)
    await asyncio.sleep(0)
    assert office.told_alone(ADA) == ""


async def test_with_two_tenants_the_choice_comes_first(office: Office) -> None:
    """Fabrikam knows no Dana; Contoso does. Each has its own field "Leaver"."""
    other = small_tenant(office.entra.now())
    other.id, other.domains = FABRIKAM, ("fabrikam.example",)
    other.organization["id"] = FABRIKAM
    other.users.pop(user_id("dana"))
    office.entra.add_tenant(other)
    await office.connects()
    await office.slack.close_view(ADA, office.modal(ADA)["id"])
    await office.connects(name="Fabrikam", tenant_id=FABRIKAM)
    await office.sees_message(ALERTS, "Fabrikam")

    await office.types(RUTH, "/offboard")
    view = await office.sees_modal(RUTH, "Tenant", "Actions")
    assert "Leaver" not in [
        block["label"]["text"] for block in view["blocks"] if block["type"] == "input"
    ]
    await chooses_tenant(office, "Fabrikam")
    await office.sees(lambda: input_labelled(office.modal(RUTH), "Leaver"))
    assert await finds(office, RUTH, "Dana") == []
    await chooses_tenant(office, "Contoso")
    await office.sees(lambda: "Fabrikam" not in chosen_tenant(office.modal(RUTH)))
    assert len(await finds(office, RUTH, "Dana")) == 2
    await office.slack.close_view(RUTH, office.modal(RUTH)["id"])

    known = await opens_form(office, about="@dana")
    assert chosen_tenant(known) == "Contoso"


def chosen_tenant(view: Json) -> str:
    """The tenant that the form has selected."""
    element = input_labelled(view, "Tenant")["element"]
    return str(element.get("initial_option", {}).get("text", {}).get("text", ""))


async def chooses_tenant(office: Office, name: str) -> None:
    """Ruth picks a tenant in her form, which tells the bot at once."""
    view = office.modal(RUTH)
    block = input_labelled(view, "Tenant")
    await office.slack.click(
        RUTH,
        block["element"]["action_id"],
        view_id=view["id"],
        block_id=block["block_id"],
        **typed(block["element"], name),
    )
