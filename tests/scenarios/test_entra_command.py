"""What `/entra` and its words tell, and checking again."""

import asyncio

import pytest

from bot.domain.audit import AuditAction
from sandbox.graph.portal import Portal
from tests.scenarios.office import Office
from tests.scenarios.people import ADA, ALERTS, AMIR, GUS, LEE, RUTH
from tests.scenarios.screen import words_in
from tests.scenarios.tenant_desk import the_tenant, written_down


@pytest.mark.parametrize("typed", ["/entra", "/entra help", "/entra HELP"])
async def test_help_says_what_can_be_typed(office: Office, typed: str) -> None:
    """Alone."""
    await office.types(LEE, typed)

    await office.is_told(LEE, "/entra connect", "/entra sync", "/offboard")
    assert office.messages(ALERTS, RUTH) == []


async def test_an_unknown_word_gets_the_help_alone(office: Office) -> None:
    """With the word, made harmless."""
    await office.types(ADA, "/entra frobnicate <!channel>")

    await office.is_told(ADA, "`frobnicate` is not a command", "/entra status")
    assert office.messages(ALERTS, RUTH) == []


@pytest.mark.parametrize("word", ["status", "permissions", "rotate", "settings"])
async def test_without_a_tenant_the_next_click_is_named(
    office: Office, word: str
) -> None:
    """Instead of an empty list."""
    await office.types(ADA, f"/entra {word}")

    await office.is_told(ADA, "No tenant is connected yet.", "/entra connect")


async def test_status_tells_what_matters(connected: Office) -> None:
    """State, what is missing, own credential, what ends next, scans."""
    await connected.types(LEE, "/entra status")

    said = await connected.is_told(LEE, "*Contoso*: connected", "Ends next:")
    assert "*Missing:* `UserAuthenticationMethod.ReadWrite.All`" in said
    assert "(44 days left)" in said
    assert "client secret of `Badge Printer`" in said
    assert "Last complete scan" in said


async def test_status_of_a_name_that_is_not_there(connected: Office) -> None:
    """Says so, instead of showing another tenant."""
    await connected.types(ADA, "/entra status Fabrikam")

    await connected.is_told(ADA, "begins with `Fabrikam`", "/entra status")


async def test_guests_are_told_nothing(connected: Office) -> None:
    """Not even which tenants there are."""
    words = ("status", "permissions", "sync", "secrets", "consent")
    for word in words:
        await connected.types(GUS, f"/entra {word}")

    def refusals() -> int:
        return connected.told_alone(GUS).count("full members of this workspace only")

    await connected.sees(lambda: refusals() == len(words))
    assert "Contoso Ltd" not in connected.told_alone(GUS)
    refused = await written_down(connected, AuditAction.REFUSED)
    assert [each.actor for each in refused] == [GUS] * len(words)


async def test_permissions_show_each_with_its_purpose(connected: Office) -> None:
    """Granted and missing, as at the last check."""
    await connected.types(LEE, "/entra permissions cont")

    await connected.is_told(LEE, "`User.Read.All`", "find the leaver", ":x:")


async def test_sync_says_what_is_read_and_scans_on_demand(connected: Office) -> None:
    """A scan is not a sync: it has a button of its own."""
    await connected.types(ADA, "/entra sync")
    await connected.is_told(ADA, "Sync now", "Last complete scan")
    before = (await the_tenant(connected)).last_scan_at
    message = [m for m in connected.messages(ALERTS) if m.get("is_ephemeral")][-1]

    await connected.presses(ADA, "Scan now", message)

    await connected.is_told(ADA, "is being scanned")
    async with asyncio.timeout(10):
        while (await the_tenant(connected)).last_scan_at == before:  # noqa: ASYNC110 - no event tells that a row changed
            await asyncio.sleep(0.1)


async def test_check_again_updates_the_channels_message(connected: Office) -> None:
    """Consent given in the portal shows at once, in place, with the time."""
    message = await connected.sees_message(ALERTS, ":x: `UserAuthentication")
    grant = {"grant": ["UserAuthenticationMethod.ReadWrite.All"]}
    Portal(connected.entra).consent(grant)

    await connected.presses(AMIR, "Check again", message)

    now = await connected.sees_message(ALERTS, "everything needed is granted")
    assert now["ts"] == message["ts"]
    await connected.is_told(AMIR, "Checked just now", "connected; everything")
    (entry,) = await written_down(connected, AuditAction.TENANT_CHECKED)
    assert entry.actor == AMIR


async def test_a_sign_in_that_fails_now_is_said_everywhere(connected: Office) -> None:
    """To the clicker, in the message, and as an alert; and is over when it works."""
    message = await connected.sees_message(ALERTS, "find the leaver and prove")
    connected.entra.faults.login_error(7000222)

    await connected.presses(ADA, "Check again", message)

    await connected.is_told(ADA, "The client secret has expired", "Add a new secret")
    await connected.sees_message(ALERTS, "*Sign-in fails.*", "/entra rotate", "expired")
    await connected.types(ADA, "/entra status")
    await connected.is_told(ADA, "sign-in fails.")

    connected.entra.faults.clear()
    message = await connected.sees_message(ALERTS, "*Sign-in fails.*", "*Why*")
    await connected.presses(ADA, "Check again", message)
    now = await connected.sees_message(ALERTS, "Connected; permissions")
    assert "has expired" not in words_in(now)


async def test_check_again_on_a_status_of_ones_own(connected: Office) -> None:
    """A message that one person sees cannot be updated, so another follows."""
    await connected.types(LEE, "/entra status")
    status = await connected.sees_message(ALERTS, "Ends next", who=LEE)

    await connected.presses(LEE, "Check again", status)

    await connected.is_told(LEE, "find the leaver and prove each change")


@pytest.mark.parametrize("word", ["rotate", "disconnect", "settings"])
async def test_only_administrators_change_tenants(connected: Office, word: str) -> None:
    """Ruth is told whom to ask, and that she asked is written down."""
    await connected.types(RUTH, f"/entra {word}")

    await connected.is_told(RUTH, "Only Gatehouse administrators", "owner or admin")
    assert connected.modals(RUTH) == []
    (entry,) = await written_down(connected, AuditAction.REFUSED)
    assert entry.actor == RUTH
