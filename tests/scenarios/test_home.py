"""The Home tab, as administrators, others and guests see it."""

from sandbox.graph.portal import Portal
from sandbox.slack.acts.outcomes import Outcome
from tests.scenarios.office import Office
from tests.scenarios.people import ADA, GUS, RUTH
from tests.scenarios.screen import Json, button, buttons_in, words_in


async def presses_at_home(office: Office, who: str, label: str) -> Outcome:
    """Somebody presses a button of their Home tab."""
    home = office.home(who)
    pressed = button(home, label)
    return await office.slack.click(
        who,
        pressed["action_id"],
        view_id=home["id"],
        block_id=pressed["block_id"],
        value=pressed["value"],
        type="button",
    )


async def sees_home(office: Office, who: str, *words: str) -> Json:
    """Wait until somebody's Home tab says all of these words."""

    def look() -> Json:
        home = office.home(who)
        said = words_in(home)
        assert all(word in said for word in words), said
        return home

    home: Json = await office.sees(look, what=f"Home tab with {words}")
    return home


async def test_home_is_an_administrators_dashboard(connected: Office) -> None:
    """Numbers, each tenant, and every button an administrator needs."""
    await connected.slack.open_home(ADA)

    home = await sees_home(connected, ADA, "*1 tenant* watched", "Badge Printer")
    assert buttons_in(home)[:2] == ["Connect a tenant", "Offboard someone"]
    assert {"Rotate credential", "Settings", "Disconnect"} <= set(buttons_in(home))

    await presses_at_home(connected, ADA, "Connect a tenant")
    await connected.sees_modal(ADA, "Sign in with")


async def test_home_checks_again_in_place(connected: Office) -> None:
    """And tells a failure too."""
    await connected.slack.open_home(ADA)
    await sees_home(connected, ADA, "permissions are missing")
    grant = {"grant": ["UserAuthenticationMethod.ReadWrite.All"]}
    Portal(connected.entra).consent(grant)

    await presses_at_home(connected, ADA, "Check again")
    await sees_home(connected, ADA, "everything needed is granted")

    connected.entra.faults.login_error(7000222)
    await presses_at_home(connected, ADA, "Check again")
    await sees_home(connected, ADA, "sign-in fails")
    await connected.is_told(ADA, "The client secret has expired")


async def test_home_leads_to_how_each_part_of_a_directory_stands(
    connected: Office,
) -> None:
    """Its line counts three; the button under it tells all."""
    await connected.slack.open_home(RUTH)
    await sees_home(connected, RUTH, "*Directory:* ")

    await presses_at_home(connected, RUTH, "Directory")

    await connected.is_told(RUTH, "Group memberships", "Sync now")


async def test_home_of_others_offers_what_they_may(connected: Office) -> None:
    """No administrator's buttons; whom to ask; and offboarding."""
    await connected.slack.open_home(RUTH)

    home = await sees_home(connected, RUTH, "*1 tenant* watched", "ask an owner")
    seen = ["Offboard someone", "Check again", "Permissions", "Directory"]
    assert buttons_in(home) == seen

    await presses_at_home(connected, RUTH, "Offboard someone")
    await connected.sees_modal(RUTH, "Leaver")


async def test_home_of_a_guest_is_closed(connected: Office) -> None:
    """Friendly, and without a word on tenants."""
    await connected.slack.open_home(GUS)

    home = await sees_home(connected, GUS, "Guests cannot use it")
    assert "Contoso Ltd" not in words_in(home)


async def test_home_before_anything_is_connected(office: Office) -> None:
    """The first thing to press is there, and leads to the form."""
    await office.slack.open_home(ADA)
    await sees_home(office, ADA, "No tenant is connected yet")

    await presses_at_home(office, ADA, "Connect a tenant")

    await office.sees_modal(ADA, "Sign in with")
