"""Gatehouse's own consent, sign-in, secret and scans: told and resolved likewise."""

from bot.domain.ids import SlackUserId
from sandbox.graph.portal import Portal
from tests.scenarios.alert_channel import METHODS, card, cards, press, set_days, watched
from tests.scenarios.office import Office
from tests.scenarios.people import ADA, LEE, OMAR
from tests.scenarios.screen import button, buttons_in


async def test_consent_that_is_granted_resolves_and_revoked_alerts_anew(
    office: Office,
) -> None:
    """A fresh token each time: no waiting for an old one to end."""
    await watched(office)
    missing = await card(office, "Consent missing for deprovisioning", METHODS)
    portal = Portal(office.entra)
    portal.consent({"grant": [METHODS]})
    await office.presses(ADA, "Check again", missing)
    await card(office, "Resolved: Consent for deprovisioning", "is granted")

    portal.consent({"revoke": ["Application.Read.All"]})
    await press(office, ADA, "Check again", "Status Page")
    watch = await card(office, "Consent revoked for watch", "*revoked*")
    assert "/CallAnAPI/" in button(watch, "Show in Entra")["url"]
    assert cards(office, "Resolved: Status Page") == []


async def test_a_refused_sign_in_is_told_with_entras_code_and_its_end_too(
    office: Office,
) -> None:
    """The secret expired at Entra; nothing else is called resolved meanwhile."""
    await watched(office)
    page = await card(office, "Status Page")
    office.entra.faults.login_error(7000222)
    await office.presses(OMAR, "Check again", page)
    await office.is_told(OMAR, "The check could not be finished", "AADSTS7000222")
    failing = await card(
        office, "Gatehouse cannot sign in", "AADSTS7000222", "/entra rotate"
    )
    assert "Snooze" not in buttons_in(failing)
    assert cards(office, "Resolved") == []

    office.entra.faults.off("login_error")
    await office.presses(OMAR, "Check again", failing)
    await office.is_told(OMAR, "Resolved: Gatehouse signs in again.")
    await card(office, "Resolved: Sign-in")


async def test_a_scan_that_fails_is_an_alert_never_silence(office: Office) -> None:
    """The lists say so as well, and go on showing what was known."""
    await watched(office)
    page = await card(office, "Status Page")
    office.entra.faults.set("error", -1, path="/applications", status=500)
    await office.presses(OMAR, "Check again", page)
    failed = await card(
        office, "A check could not be finished", "app registrations", "What to do"
    )
    await office.types(LEE, "/entra secrets")
    await office.is_told(LEE, "The last scan failed", "Status Page")

    office.entra.faults.off("error")
    await office.presses(OMAR, "Check again", failed)
    await card(office, "Resolved: Check")


async def test_consent_is_read_live_and_told_to_the_asker_alone(
    office: Office,
) -> None:
    """What was granted a second ago counts; what cannot be read says so."""
    await watched(office)
    await office.types(LEE, "/entra consent")
    await office.is_told(LEE, "Deprovisioning: 6 of 7 granted", METHODS)
    Portal(office.entra).consent({"grant": [METHODS]})
    await office.types(OMAR, "/entra consent")
    await office.is_told(OMAR, "Deprovisioning: 7 of 7 granted")
    office.entra.faults.login_error(7000222)
    await office.types(ADA, "/entra consent")
    await office.is_told(ADA, "Could not be read now", "AADSTS7000222")


async def test_own_secret_says_rotate_and_is_told_before_it_ends(
    office: Office,
) -> None:
    """The bot's own outage is the one nobody else would announce."""
    await watched(office)
    set_days(office, "Gatehouse", 6.5)
    await press(office, ADA, "Check again", "Status Page")
    await card(
        office,
        "Client secret that Gatehouse signs in with ends in 6 days",
        "/entra rotate",
    )


async def test_a_rotation_resolves_the_alert_of_our_own_secret(
    office: Office,
) -> None:
    """The scan that follows a rotation sees that another one signs in."""
    await watched(office)
    set_days(office, "Gatehouse", 2.5)
    await press(office, ADA, "Check again", "Status Page")
    await card(office, "Client secret that Gatehouse signs in with ends in 2 days")
    added = Portal(office.entra).app({"app": "Gatehouse", "add_secret": {"days": 300}})

    await office.types(ADA, "/entra rotate")
    await office.sees_modal(ADA, "Only when it works")
    await office.submits(ADA, secret=added["secretText"])
    await card(
        office,
        "Resolved: Client secret that Gatehouse signs in with",
        "Gatehouse now signs in with another credential.",
    )


async def test_alerts_of_a_disconnected_tenant_lead_nowhere_and_say_so(
    office: Office,
) -> None:
    """A card that still stands in the channel when its tenant is gone."""
    await watched(office)
    page = await card(office, "Status Page")
    tenants = await office.bot.core.services.tenants.list_connected()
    await office.bot.core.services.tenants.disconnect(
        tenants[0].id, by=SlackUserId(ADA)
    )
    await office.presses(OMAR, "Acknowledge", page)
    await office.is_told(OMAR, "its tenant was disconnected", "/entra status")
