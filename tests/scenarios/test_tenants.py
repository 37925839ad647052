"""After connecting: status, checking again, rotating, settings, disconnecting."""

import asyncio
from typing import Any

import pytest

from bot.domain.audit import AuditAction
from bot.domain.errors import NotFoundError
from bot.domain.ids import ConnectionId
from bot.domain.tenants import AppCredential, SignInKind, Tenant
from sandbox.graph.portal import Portal
from sandbox.slack.acts.outcomes import Outcome
from store import tenants
from tests.scenarios.offboarding import asks
from tests.scenarios.office import Office
from tests.scenarios.people import (
    ADA,
    ALERTS,
    AMIR,
    APPROVALS,
    CLIENT_ID,
    GENERAL,
    GUS,
    LEE,
    NORA,
    RUTH,
    SECRET,
)
from tests.scenarios.screen import Json, button, buttons_in, words_in
from tests.scenarios.test_connect import flagged, initial, opens, written_down


@pytest.fixture
async def connected(office: Office) -> Office:
    """Contoso is connected and scanned."""
    await office.connects()
    await office.sees_modal(ADA, "Tenant connected")
    await office.sees(lambda: office.messages(ALERTS)[5:], what="the first alerts")
    return office


async def the_tenant(office: Office) -> Tenant:
    """The one tenant as it is stored."""
    (tenant,) = await office.bot.core.services.tenants.list_connected()
    return tenant


async def stored_credential(office: Office) -> AppCredential:
    """What would sign in now."""
    core, tenant = office.bot.core, await the_tenant(office)
    async with core.database.sessions() as session:
        return await tenants.credential_of(session, tenant.id, core.keys)


def add_secret(office: Office, days: float = 365) -> str:
    """Ada makes a new secret in the portal."""
    wanted = {"app": CLIENT_ID, "add_secret": {"displayName": "2027", "days": days}}
    return str(Portal(office.entra).app(wanted)["secretText"])


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


# /entra and its words


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


# Checking again


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


# Rotating


async def test_a_new_secret_is_proven_and_put_in(connected: Office) -> None:
    """Then its end is the one that is watched."""
    fresh = add_secret(connected)
    await connected.types(ADA, "/entra rotate")
    view = await connected.sees_modal(ADA, "Only when it works")
    assert "Tenant" not in [b["label"]["text"] for b in view["blocks"] if "label" in b]

    await connected.submits(ADA, secret=fresh)

    await connected.sees_modal(ADA, "now signs in with the new credential", fresh[:3])
    assert (await stored_credential(connected)).value == fresh
    tenant = await the_tenant(connected)
    assert tenant.credential_hint == fresh[:3]
    (entry,) = await written_down(connected, AuditAction.TENANT_ROTATED)
    assert fresh not in str(entry)
    await connected.sees_message(ALERTS, f"begins with `{fresh[:3]}`")


async def test_a_secret_that_fails_leaves_the_old_one(connected: Office) -> None:
    """The form says why, wants the secret again, and the old one still works."""
    await connected.types(ADA, "/entra rotate")
    await connected.sees_modal(ADA, "Only when it works")

    await connected.submits(ADA, secret="xyz8Q~wrong-secret-value-0123456789012345")

    view = await connected.sees_modal(ADA, "Not replaced.", "Copy the Value")
    assert flagged(view) == "Client secret value"
    assert (await stored_credential(connected)).value == SECRET
    (entry,) = await written_down(connected, AuditAction.TENANT_ROTATE_FAILED)
    assert entry.facts["aadsts"] == "7000215"


async def test_the_same_secret_again_is_no_rotation(connected: Office) -> None:
    """Somebody who pastes the old one would wait for its end in vain."""
    await connected.types(ADA, "/entra rotate")
    await connected.sees_modal(ADA, "Only when it works")

    await connected.submits(ADA, secret=SECRET)

    view = await connected.sees_modal(ADA, "signs in with this one already")
    assert flagged(view) == "Client secret value"


async def test_a_credential_that_no_longer_opens_can_be_replaced(
    connected: Office,
) -> None:
    """With its encryption key lost, even the same secret is good to be pasted."""
    database = connected.bot.core.database
    async with database.engine.begin() as connection:
        await connection.exec_driver_sql(
            "UPDATE tenant SET credential_encrypted = 'v1.000000000000.AAAA'"
        )
    await connected.types(ADA, "/entra rotate")
    await connected.sees_modal(ADA, "Only when it works")

    await connected.submits(ADA, secret=SECRET)

    await connected.sees_modal(ADA, "now signs in with the new credential")
    assert (await stored_credential(connected)).value == SECRET


async def test_from_secret_to_certificate(connected: Office) -> None:
    """Rotating may change the kind as well."""
    await connected.types(ADA, "/entra rotate")
    view = await connected.sees_modal(ADA, "Only when it works")
    (block,) = [b for b in view["blocks"] if b.get("block_id") == "sign_in"]
    await connected.slack.click(
        ADA,
        block["element"]["action_id"],
        view_id=view["id"],
        block_id="sign_in",
        type="radio_buttons",
        selected_option=block["element"]["options"][1],
    )
    await connected.sees_modal(ADA, "Certificate and private key (PEM)")

    pem = connected.entra.tenant.bot_certificate_pem
    await connected.submits(ADA, certificate=pem)

    await connected.sees_modal(ADA, "Certificate, ends on")
    tenant = await the_tenant(connected)
    assert tenant.sign_in_kind is SignInKind.CERTIFICATE
    assert tenant.credential_hint is None


@pytest.mark.parametrize("word", ["rotate", "disconnect", "settings"])
async def test_only_administrators_change_tenants(connected: Office, word: str) -> None:
    """Ruth is told whom to ask, and that she asked is written down."""
    await connected.types(RUTH, f"/entra {word}")

    await connected.is_told(RUTH, "Only Gatehouse administrators", "owner or admin")
    assert connected.modals(RUTH) == []
    (entry,) = await written_down(connected, AuditAction.REFUSED)
    assert entry.actor == RUTH


# Settings


async def test_settings_change_name_channels_and_approvers(connected: Office) -> None:
    """Filled in with what is; saved as one."""
    await connected.types(ADA, "/entra settings")
    view = await connected.sees_modal(ADA, "Its members may ask")
    assert initial(view, "Name") == "Contoso"
    assert initial(view, "Approvers") == [AMIR, NORA]

    await connected.submits(ADA, name="Contoso production", approvers=[NORA, RUTH])

    await connected.sees_modal(ADA, "The settings of Contoso production are saved")
    tenant = await the_tenant(connected)
    assert (tenant.name, tenant.approvers) == ("Contoso production", (NORA, RUTH))
    assert tenant.granted, "nothing else is lost"
    (entry,) = await written_down(connected, AuditAction.TENANT_SETTINGS_CHANGED)
    assert entry.facts == {
        "name": "Contoso -> Contoso production",
        "approvers": f"{AMIR}, {NORA} -> {NORA}, {RUTH}",
    }


async def test_settings_that_cannot_be_keep_what_was_typed(connected: Office) -> None:
    """The channel is to blame; the new name is not lost."""
    await connected.types(ADA, "/entra settings")
    await connected.sees_modal(ADA, "Its members may ask")

    await connected.submits(ADA, name="Contoso production", alerts=GENERAL)

    view = await connected.sees_modal(ADA, "/invite @Gatehouse in it")
    assert flagged(view) == "Alerts channel"
    assert initial(view, "Name") == "Contoso production"
    assert (await the_tenant(connected)).name == "Contoso"


# Disconnecting


async def disconnects(office: Office, typed: str = "Contoso") -> None:
    """Ada asks to disconnect and types a name to confirm."""
    await office.types(ADA, "/entra disconnect")
    await office.sees_modal(ADA, "stops all watching at once")
    await office.submits(ADA, **{"Name, to confirm": typed})


async def test_disconnecting_removes_data_and_keeps_the_trail(
    connected: Office,
) -> None:
    """The message says so; it can be connected again."""
    tenant = await the_tenant(connected)

    await disconnects(connected)

    await connected.sees_modal(ADA, "Contoso is disconnected", "audit trail")
    await connected.sees_message(ALERTS, "*Disconnected.*", "/entra connect")
    card = await connected.sees_message(ALERTS, "Over: the tenant was disconnected")
    assert buttons_in(card) == []
    core = connected.bot.core
    with pytest.raises(NotFoundError):
        await core.services.tenants.get(tenant.id)
    assert await left_over(connected, tenant.id) == (0, 0, "")
    assert await written_down(connected, AuditAction.TENANT_CONNECTED)
    (entry,) = await written_down(connected, AuditAction.TENANT_DISCONNECTED)
    assert entry.facts["name"] == "Contoso"

    await connected.connects()
    await connected.sees_modal(ADA, "Tenant connected")
    assert (await the_tenant(connected)).id != tenant.id


async def left_over(office: Office, key: ConnectionId) -> tuple[Any, ...]:
    """Credential rows, alert rows, and the stored ciphertext of a connection."""
    database = office.bot.core.database
    async with database.engine.connect() as connection:
        counts = [
            (
                await connection.exec_driver_sql(
                    f"SELECT {what} FROM {table} WHERE {column} = '{key}'"  # noqa: S608 - a test's own words
                )
            ).scalar_one()
            for what, table, column in (
                ("count(*)", "credential", "connection_id"),
                ("count(*)", "alert", "connection_id"),
                ("credential_encrypted", "tenant", "id"),
            )
        ]
    return tuple(counts)


async def test_the_wrong_name_disconnects_nothing(connected: Office) -> None:
    """The modal asks again, with the field marked."""
    await disconnects(connected, "Contozo")

    view = await connected.sees_modal(ADA, "This is not the tenant's name")
    assert flagged(view) == "Name, to confirm"
    assert (await the_tenant(connected)).is_connected

    await connected.submits(ADA, **{"Name, to confirm": " contoso "})
    await connected.sees_modal(ADA, "Contoso is disconnected")


async def test_requests_that_wait_are_voided_and_told(connected: Office) -> None:
    """The card loses its buttons, and the requester hears why."""
    await asks(connected, RUTH)

    await disconnects(connected)

    await connected.sees_modal(ADA, "Voided offboarding requests: 1")
    card = await connected.sees_message(
        APPROVALS, "Dana Cole", "the tenant was disconnected"
    )
    assert "Approve" not in buttons_in(card)
    await connected.is_told(RUTH, "the tenant was disconnected")
    (entry,) = await written_down(connected, AuditAction.REQUEST_VOIDED)
    assert entry.actor == ADA


# Several tenants, and the Home tab


async def test_with_several_tenants_one_is_chosen(connected: Office) -> None:
    """In the modal of a rotation, by a button for permissions, by name anywhere."""
    await also_connected(connected, "Fabrikam")

    await connected.types(ADA, "/entra permissions")
    await connected.is_told(ADA, "Which tenant's permissions?", "Fabrikam")
    await connected.types(ADA, "/entra rotate")
    await connected.sees_modal(ADA, "Choose a tenant", "Fabrikam")
    fresh = add_secret(connected)
    await connected.submits(ADA, tenant="Contoso", secret=fresh)
    await connected.sees_modal(ADA, "Contoso now signs in")

    await connected.types(ADA, "/entra settings fab")
    view = await connected.sees_modal(ADA, "Its members may ask")
    assert initial(view, "Name") == "Fabrikam"


async def test_settings_of_another_tenant_are_not_mixed_up(connected: Office) -> None:
    """What was typed for one is not saved for the other."""
    await also_connected(connected, "Fabrikam")
    await connected.types(ADA, "/entra settings")
    view = await connected.sees_modal(ADA, "Its members may ask")
    assert initial(view, "Name") == "Contoso"
    (block,) = [b for b in view["blocks"] if b.get("block_id") == "tenant"]
    await connected.slack.click(
        ADA,
        block["element"]["action_id"],
        view_id=view["id"],
        block_id="tenant",
        state=connected.filled(view, {"name": "Typed for Contoso"})["values"],
        type="static_select",
        selected_option=block["element"]["options"][1],
    )
    view = await connected.sees(
        lambda: (
            initial(connected.modal(ADA), "Name") == "Fabrikam" and connected.modal(ADA)
        )
    )

    await connected.submits(ADA, name="Fabrikam GmbH")

    await connected.sees_modal(ADA, "The settings of Fabrikam GmbH are saved")
    names = await connected.bot.core.services.tenants.list_connected()
    assert sorted(tenant.name for tenant in names) == ["Contoso", "Fabrikam GmbH"]


async def also_connected(office: Office, name: str) -> None:
    """A second registration of the same tenant, stored as if it had been connected."""
    core, first = office.bot.core, await the_tenant(office)
    facts = vars(first) | {
        "id": ConnectionId(first.tenant_id),
        "client_id": first.id,
        "name": name,
    }
    credential = AppCredential(
        SignInKind.SECRET, "any8Q~thing-that-is-never-tried-here"
    )
    async with core.database.sessions.begin() as session:
        await tenants.add(session, Tenant(**facts), credential, core.keys)


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


async def test_home_of_others_offers_what_they_may(connected: Office) -> None:
    """No administrator's buttons; whom to ask; and offboarding."""
    await connected.slack.open_home(RUTH)

    home = await sees_home(connected, RUTH, "*1 tenant* watched", "ask an owner")
    assert buttons_in(home) == ["Offboard someone", "Check again", "Permissions"]

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


async def test_an_old_button_after_a_disconnect(connected: Office) -> None:
    """A status message that is still on the screen says what has become of it."""
    await connected.types(LEE, "/entra status")
    status = await connected.sees_message(ALERTS, "Ends next", who=LEE)
    await disconnects(connected)
    await connected.sees_modal(ADA, "Contoso is disconnected")

    await connected.presses(LEE, "Check again", status)

    await connected.is_told(LEE, "not connected (any more)")


async def test_connect_form_opens_over_a_finished_one(connected: Office) -> None:
    """A second connect starts from an empty form."""
    view = await opens(connected)

    assert initial(view, "Name") is None
