"""Asking for an offboarding: ways in, whom the form means, what the plan says."""

import asyncio

from sandbox.graph.directory_roles import ROLE_IDS
from sandbox.graph.portal import Portal
from sandbox.seeds.entra import small_tenant
from tests.scenarios.offboarding import (
    allows_methods,
    finds,
    opens_form,
    reviews,
    user_id,
)
from tests.scenarios.office import Office
from tests.scenarios.people import ADA, ALERTS, APPROVALS, DANA, GUS, LEE, RUTH
from tests.scenarios.screen import (
    Json,
    button,
    buttons_in,
    input_labelled,
    typed,
    words_in,
)

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


async def test_the_plan_says_what_cannot_be_done_here_and_why(office: Office) -> None:
    await office.connects()

    said = words_in(await reviews(office))

    for words in (
        "All Sales (dynamic): cannot be done here, because a rule decides",
        "File Server Sales: cannot be done here, because it is mastered on-premises",
        "Quote Approvals: cannot be done here, because only Exchange",
        "All Staff: cannot be done here, because only Exchange",
        "UserAuthenticationMethod.ReadWrite.All",
        "Remove 4 group memberships",
        "5 cannot be done here",
        "The password stays",
    ):
        assert words in said, words


async def test_the_plan_names_each_method_masked(office: Office) -> None:
    allows_methods(office)
    await office.connects()

    said = words_in(await reviews(office))

    assert "Microsoft Authenticator on Dana's phone" in said
    assert "FIDO2 key 'Blue security key'" in said
    assert "Phone +46 •••" in said
    assert "Password" not in said.replace("The password stays", "")


async def test_a_synced_leaver_is_to_be_disabled_on_premises_too(
    office: Office,
) -> None:
    await office.connects()

    said = words_in(await reviews(office, leaver="Ingrid Solberg"))

    assert "disable it in Active Directory too" in said


async def test_a_privileged_leaver_is_found_out_when_planning(office: Office) -> None:
    allows_methods(office)
    await office.connects()

    said = words_in(await reviews(office, leaver="Priya Raman"))

    assert "The leaver is privileged: Global Administrator" in said
    assert "Disable account: cannot be done here, because" in said
    assert "Privileged Authentication Administrator" in said


async def test_a_member_of_a_role_assignable_group_counts_as_privileged(
    office: Office,
) -> None:
    await office.connects()

    said = words_in(await reviews(office, leaver="Jonas Bergström"))

    assert "role-assignable group Helpdesk Operators" in said
    assert "Helpdesk Operators: cannot be done here, because" in said


async def test_an_app_with_the_directory_role_may_touch_a_privileged_leaver(
    office: Office,
) -> None:
    await office.connects()
    tenant = office.entra.tenant
    principal = tenant.find_service_principal(tenant.bot_client_id)
    assert principal is not None
    tenant.role_assignments["app"] = {
        "id": "app",
        "principalId": principal["id"],
        "roleDefinitionId": ROLE_IDS["Privileged Authentication Administrator"],
        "directoryScopeId": "/",
    }

    said = words_in(await reviews(office, leaver="Priya Raman"))

    assert "This app may act on such users" in said
    assert "Disable account: cannot be done" not in said


async def test_roles_that_cannot_be_seen_are_not_taken_for_none(
    office: Office,
) -> None:
    await office.connects()
    Portal(office.entra).consent({"revoke": ["RoleManagement.Read.Directory"]})
    await office.restarts()

    said = words_in(await reviews(office))

    assert "Whether the leaver holds administrator roles could not be seen" in said


async def test_a_plan_with_nothing_to_do_cannot_be_requested(office: Office) -> None:
    await office.connects()

    view = await reviews(office, actions=["Remove authentication methods"])

    assert view["submit"] is None
    assert "Nothing can be done here" in words_in(view)


async def test_a_directory_that_fails_is_said_and_back_leads_to_the_form(
    office: Office,
) -> None:
    """Ruth's reason is still there when she comes back and tries again."""
    await office.connects()
    view = await opens_form(office, about="@dana")
    office.entra.faults.error(
        400, "Request_BadRequest", "Odd.", times=-1, path="/users"
    )
    await office.submits(RUTH, reason="Leaves on Friday")
    problem = await office.sees_modal(RUTH, "Odd.", "Next:")
    assert problem["close"]["text"] == "Back"

    office.entra.faults.off("error")
    await office.slack.close_view(RUTH, problem["id"])
    back = office.modal(RUTH)
    assert back["id"] == view["id"]
    assert back["state"]["values"]["reason"]["offboard.reason"]["value"] == (
        "Leaves on Friday"
    )

    await office.submits(RUTH)
    await office.sees_modal(RUTH, "Show every step", "CRM Users")


async def test_every_mistake_is_said_under_its_field(office: Office) -> None:
    await office.connects()
    await opens_form(office, about="@dana")

    missing = await office.submits(RUTH, when="At a date and time")
    past = await office.submits(RUTH, when="At a date and time", run_at=1_700_000_000)
    both = await office.submits(RUTH, when="Now", run_at=1_900_000_000)

    assert missing.errors == {"run_at": "Choose the date and time."}
    assert "passed" in past.errors["run_at"]
    assert "clear this date" in both.errors["run_at"]


async def test_all_steps_can_be_paged_through_before_asking(office: Office) -> None:
    await office.connects()
    tenant, dana = office.entra.tenant, user_id("dana")
    for number in range(60):
        group = next(iter(tenant.groups.values())) | {
            "id": f"00000000-0000-4000-8000-{number:012}",
            "displayName": f"Project {number:02}",
        }
        tenant.groups[group["id"]] = group
        tenant.members[group["id"]] = [dana]
        tenant.group_owners[group["id"]] = []
    await reviews(office)

    await office.presses_in_modal(RUTH, "Show every step")
    first = await office.sees_modal(RUTH, "Steps 1 to 40")
    await office.presses_in_modal(RUTH, "Next page")
    second = await office.sees_modal(RUTH, "Steps 41 to")

    assert "Previous page" in buttons_in(second)
    said = words_in(first) + words_in(second)
    assert all(f"Project {number:02}" in said for number in range(60))


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


async def test_a_consent_given_just_before_the_review_counts(office: Office) -> None:
    """Ada grants what was missing; the plan made a second later knows of it."""
    await office.connects()
    before = await reviews(office)
    allows_methods(office)
    await office.slack.close_view(RUTH, before["id"], everything=True)

    after = await reviews(office)

    assert "UserAuthenticationMethod.ReadWrite.All" in words_in(before)
    assert "UserAuthenticationMethod.ReadWrite.All" not in words_in(after)
    assert "Remove 5 authentication methods" in words_in(after)
