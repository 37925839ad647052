"""Connecting a tenant: ways to the form, what is checked, what is told."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from bot.domain.audit import AuditAction
from sandbox.graph.control_view import bot_app
from sandbox.graph.portal import Portal
from tests.scenarios.office import CONNECTION, Office
from tests.scenarios.people import ADA, ALERTS, CLIENT_ID, GUS, RUTH, SECRET, TENANT_ID
from tests.scenarios.screen import button, buttons_in, input_labelled, words_in
from tests.scenarios.tenant_desk import (
    CONNECTED,
    fills_in,
    initial,
    opens,
    typed_in,
    written_down,
)


async def test_an_administrator_connects_a_tenant(office: Office) -> None:
    """Ada fills in the form; she and the alerts channel see what Gatehouse may do."""
    message = await office.connects()

    outcome = await office.sees_modal(ADA, "Contoso Ltd", "contoso.example")
    said = words_in(message)
    assert "see when app secrets and certificates end" in said
    assert "begins with `gh7`, ends on" in said
    assert ":x: `UserAuthenticationMethod.ReadWrite.All` (requested" in said
    assert "*Next:* have a Privileged Role Administrator press" in said
    link = button(message, "Open API permissions")["url"]
    assert link.startswith("https://entra.microsoft.com/#view/")
    assert CLIENT_ID in link
    assert "Grant admin consent" not in buttons_in(message), "no redirect registered"
    assert words_in(outcome["blocks"]) == words_in(message["blocks"])
    (entry,) = await written_down(office, AuditAction.TENANT_CONNECTED)
    assert (entry.actor, entry.facts["tenant_id"]) == (ADA, TENANT_ID)


async def test_the_shortcut_opens_the_same_form(office: Office) -> None:
    """From anywhere in Slack, without a command."""
    await office.slack.shortcut(ADA, "connect_global")

    view = await office.sees_modal(ADA, "Client secret value")
    assert view["submit"]["text"] == "Connect"


async def test_connect_form_opens_over_a_finished_one(connected: Office) -> None:
    """A second connect starts from an empty form."""
    view = await opens(connected)

    assert initial(view, "Name") is None


async def test_a_first_scan_follows_at_once(office: Office) -> None:
    """Nobody waits six hours for the first alert."""
    await office.connects()

    await office.sees_message(ALERTS, "HR Onboarding Portal")


@pytest.mark.parametrize("who", [RUTH, GUS])
async def test_others_are_told_alone_who_may(office: Office, who: str) -> None:
    """No form for Ruth of HR, nor for a guest; both refusals are written down."""
    await office.types(who, "/entra connect")

    await office.is_told(who, "an owner or admin of this workspace")
    assert office.modals(who) == []
    (entry,) = await written_down(office, AuditAction.REFUSED)
    assert (entry.actor, entry.facts["wanted"]) == (who, "connect a tenant")


async def test_white_space_pasted_along_does_no_harm(office: Office) -> None:
    """Around the IDs, and around the secret."""
    await fills_in(
        office,
        tenant_id=f"  {TENANT_ID.upper()}\t",
        client_id=f" {CLIENT_ID} ",
        secret=f" {SECRET} ",
    )

    await office.sees_modal(ADA, CONNECTED)


async def test_signed_in_but_nothing_consented(office: Office) -> None:
    """It connects, says so first of all, and Check again finds the consent given."""
    everything = bot_app(office.entra.tenant)["granted"]
    portal = Portal(office.entra)
    portal.consent({"revoke": everything})

    await fills_in(office)

    view = await office.sees_modal(ADA, "Signed in, but nothing is consented.")
    assert view["title"]["text"] == "Consent is missing"
    await office.sees_message(ALERTS, "nothing is consented")

    portal.consent({"grant": everything})
    await office.presses_in_modal(ADA, "Check again")

    await office.sees_modal(ADA, CONNECTED, "Contoso Ltd")
    await office.sees_message(ALERTS, "Contoso Ltd", "read the tenant's name")


async def test_permissions_chosen_as_delegated_are_named(office: Office) -> None:
    """The classic mistake: right names, wrong kind."""
    portal = Portal(office.entra)
    portal.consent({"revoke": ["User.Read.All"], "delegated": ["User.Read.All"]})

    message = await office.connects()

    said = words_in(message)
    assert "*Delegated instead of Application:* `User.Read.All`" in said
    assert "add the same names under *Application permissions*" in said


async def test_a_certificate_signs_in_as_well(office: Office) -> None:
    """Ada switches, what she typed stays, and the certificate's own end is shown."""
    await opens(office)
    await chooses_certificate(office)
    view = await office.sees_modal(ADA, "Certificate and private key (PEM)")
    assert "Client secret value" not in words_in(view)
    assert typed_in(view, "Name") == "Typed before"

    pem = office.entra.tenant.bot_certificate_pem
    fields = {**CONNECTION, "certificate": pem}
    del fields["secret"]
    await office.submits(ADA, **fields)

    await office.sees_modal(ADA, CONNECTED, "Certificate, ends on")


async def test_half_a_certificate_is_refused_under_its_field(office: Office) -> None:
    """Without its key it proves nothing."""
    await opens(office)
    await chooses_certificate(office)
    await office.sees_modal(ADA, "Certificate and private key (PEM)")
    pem = office.entra.tenant.bot_certificate_pem
    begins = pem.index("-----BEGIN CERTIFICATE-----")
    half = pem[begins : pem.index("-----END CERTIFICATE-----") + 25]

    answer = await office.submits(ADA, **{**without_secret(), "certificate": half})

    assert "The private key is missing" in answer.errors["certificate"]


def without_secret() -> dict[str, Any]:
    """The right form, but for the credential."""
    return {name: value for name, value in CONNECTION.items() if name != "secret"}


async def chooses_certificate(office: Office) -> None:
    """Ada, who has typed a name, switches to the certificate."""
    view = office.modal(ADA)
    block = input_labelled(view, "Sign in with")
    element = block["element"]
    await office.slack.click(
        ADA,
        element["action_id"],
        view_id=view["id"],
        block_id=block["block_id"],
        state=office.filled(view, {"name": "Typed before"})["values"],
        type="radio_buttons",
        selected_option=element["options"][1],
    )


async def test_who_closes_the_modal_hears_by_direct_message(office: Office) -> None:
    """The wait is not a trap: the outcome follows."""
    office.entra.faults.slow(700)
    await fills_in(office)
    view = await office.sees_modal(ADA, "Checking …")
    await office.slack.close_view(ADA, view["id"])

    await office.is_told(ADA, "Contoso Ltd", "Check again")


async def test_the_secret_is_found_nowhere(
    office: Office, capfd: pytest.CaptureFixture[str]
) -> None:
    """Not in what Slack was sent or shows, nor in any file, nor in any log line."""
    wrong = SECRET[:-4] + "oops"
    await fills_in(office, secret=wrong)
    await office.sees_modal(ADA, "must be pasted again")
    await office.submits(ADA, secret=SECRET)
    await office.sees_modal(ADA, CONNECTED)
    await office.sees_message(ALERTS, "HR Onboarding Portal")

    places = {
        "calls": json.dumps([call.to_json() for call in office.slack.log.calls]),
        "views": json.dumps(office.modals(ADA)),
        "log": "".join(capfd.readouterr()),
        **{
            path.name: path.read_bytes().decode("latin-1")
            for path in office.settings.data_dir.rglob("*")
            if path.is_file()
        },
    }
    assert {"calls", "views", "log", "gatehouse.db"} <= set(places)
    assert "Contoso" in places["gatehouse.db"] + places["gatehouse.db-wal"]
    leaks = [name for name, text in places.items() if has(text, SECRET, wrong)]
    assert leaks == []


def has(text: str, *secrets: str) -> bool:
    """Whether any secret, or its telling half, is in a text."""
    find: Callable[[str], bool] = text.__contains__
    return any(find(secret) or find(secret[5:30]) for secret in secrets)
