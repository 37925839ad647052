"""What the plan of an offboarding says before anybody asks for approval."""

from sandbox.graph.directory_roles import ROLE_IDS
from sandbox.graph.portal import Portal
from tests.scenarios.offboarding import allows_methods, opens_form, reviews, user_id
from tests.scenarios.office import Office
from tests.scenarios.people import RUTH
from tests.scenarios.screen import buttons_in, words_in


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
