"""Connecting a tenant: the mistakes people make, and what they see then."""

import asyncio
import json
from collections.abc import Callable
from itertools import pairwise
from typing import Any
from uuid import UUID

import pytest

from bot.domain.audit import AuditAction, AuditEntry
from bot.domain.clouds import Cloud
from bot.domain.ids import (
    ChannelId,
    ClientId,
    SlackUserId,
    TenantId,
    WorkspaceId,
)
from bot.domain.tenants import AppCredential, ConnectInput, SignInKind
from sandbox.graph.control_view import bot_app
from sandbox.graph.portal import Portal
from sandbox.slack.acts.outcomes import Submission
from store import audit
from tests.scenarios.office import CONNECTION, Office
from tests.scenarios.people import (
    ADA,
    ALERTS,
    AMIR,
    APPROVALS,
    CLIENT_ID,
    GENERAL,
    GUS,
    NORA,
    RUTH,
    SECRET,
    SECRET_ID,
    TENANT_ID,
)
from tests.scenarios.screen import Json, button, buttons_in, input_labelled, words_in

CONNECTED = "Tenant connected"


async def opens(office: Office, who: str = ADA) -> Json:
    """Somebody types the command and looks at the form."""
    await office.types(who, "/entra connect")
    return await office.sees_modal(who, "Sign in with")


async def fills_in(office: Office, **changes: Any) -> Submission:
    """Ada opens the form and submits it with some fields other than right."""
    await opens(office)
    return await office.submits(ADA, **{**CONNECTION, **changes})


async def written_down(office: Office, *actions: AuditAction) -> list[AuditEntry]:
    """The audit entries of these actions, oldest first."""
    async with office.bot.core.database.snapshots() as session:
        return [
            entry
            async for entry in audit.entries(session, WorkspaceId("T0CONTOSO"))
            if entry.action in actions
        ]


def initial(view: Json, label: str) -> Any:
    """What a field shows before anybody types."""
    element = input_labelled(view, label)["element"]
    for name, value in element.items():
        if name.startswith("initial_"):
            return value["text"]["text"] if name == "initial_option" else value
    return None


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


@pytest.mark.parametrize(
    ("changes", "block", "words"),
    [
        ({"tenant_id": "contoso"}, "tenant_id", "not a GUID"),
        ({"client_id": "Gatehouse"}, "client_id", "not a GUID"),
        ({"client_id": TENANT_ID}, "client_id", "are the same"),
        ({"secret": SECRET_ID}, "secret", "This is the Secret ID"),
        ({"secret": "two words"}, "secret", "without spaces"),
        ({"name": " \u200b "}, "name", "Give the tenant a name"),
        ({"name": f"Contoso {SECRET}"}, "name", "looks like a client secret value"),
    ],
)
async def test_wrong_shapes_are_named_under_their_field(
    office: Office, changes: dict[str, str], block: str, words: str
) -> None:
    """At once, and Entra is never asked."""
    answer = await fills_in(office, **changes)

    assert answer.outcome == "errors"
    assert words in answer.errors[block]
    assert list(answer.errors) == [block]


async def test_white_space_pasted_along_does_no_harm(office: Office) -> None:
    """Around the IDs, and around the secret."""
    await fills_in(
        office,
        tenant_id=f"  {TENANT_ID.upper()}\t",
        client_id=f" {CLIENT_ID} ",
        secret=f" {SECRET} ",
    )

    await office.sees_modal(ADA, CONNECTED)


@pytest.mark.parametrize(
    ("aadsts", "label", "words"),
    [
        (7000215, "Client secret value", "Copy the Value of the secret"),
        (7000222, "Client secret value", "has expired"),
        (700016, "Application (client) ID", "does not know this app"),
        (90002, "Directory (tenant) ID", "no such tenant"),
        (900382, "Cloud", "another national cloud"),
        (7000112, None, "switched off"),
        (53003, None, "Conditional Access"),
        (999999, None, "AADSTS999999"),
    ],
)
async def test_a_refused_sign_in_is_shown_where_it_was_typed(
    office: Office, aadsts: int, label: str | None, words: str
) -> None:
    """The form again, filled in but for the secret, with a flag under the field."""
    office.entra.faults.login_error(aadsts)

    await fills_in(office)

    view = await office.sees_modal(ADA, "Not connected.", words, f"AADSTS{aadsts}")
    assert flagged(view) == label
    assert initial(view, "Name") == "Contoso"
    assert initial(view, "Directory (tenant) ID") == TENANT_ID
    assert initial(view, "Application (client) ID") == CLIENT_ID
    assert initial(view, "Cloud") == "Global"
    assert initial(view, "Alerts channel") == ALERTS
    assert initial(view, "Approvers") == [AMIR, NORA]
    assert initial(view, "Client secret value") is None
    assert "must be pasted again" in words_in(view)
    (entry,) = await written_down(office, AuditAction.TENANT_CONNECT_FAILED)
    assert entry.facts["aadsts"] == str(aadsts)

    office.entra.faults.clear()
    await office.submits(ADA, secret=SECRET)
    await office.sees_modal(ADA, CONNECTED)


def flagged(view: Json) -> str | None:
    """The label of the field under which a red flag stands."""
    blocks = view["blocks"]
    for before, block in pairwise(blocks):
        if ":triangular_flag_on_post:" in words_in(block):
            return str(before["label"]["text"])
    return None


async def test_a_secret_of_odd_shape_gets_a_hint(office: Office) -> None:
    """Half a secret looks like an old one, so it is tried, then doubted."""
    await fills_in(office, secret=SECRET[:20])

    view = await office.sees_modal(ADA, "The client secret is wrong", "copied whole")
    assert flagged(view) == "Client secret value"


@pytest.mark.parametrize(
    ("changes", "label", "words"),
    [
        ({"alerts": GENERAL}, "Alerts channel", "/invite @Gatehouse"),
        ({"approvals": GENERAL}, "Approvals channel", "/invite @Gatehouse"),
        ({"approvers": [AMIR, GUS]}, "Approvers", "cannot approve"),
    ],
)
async def test_channels_and_approvers_are_checked_with_slack(
    office: Office, changes: dict[str, Any], label: str, words: str
) -> None:
    """A channel the bot cannot post to, or a guest who should approve."""
    await fills_in(office, **changes)

    view = await office.sees_modal(ADA, "Not connected.", words)
    assert flagged(view) == label


async def test_an_archived_channel_is_refused(office: Office) -> None:
    """It went to the archive while Ada was typing."""
    await opens(office)
    channel = office.slack.channels.find(ALERTS)
    assert channel is not None
    channel.is_archived = True

    await office.submits(ADA, **CONNECTION)

    view = await office.sees_modal(ADA, "This channel is archived")
    assert flagged(view) == "Alerts channel"


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


async def test_the_same_app_cannot_be_connected_twice(office: Office) -> None:
    """Until it is disconnected."""
    await office.connects()

    await fills_in(office, name="Contoso again")

    view = await office.sees_modal(ADA, "already connected", "/entra rotate")
    assert flagged(view) is None


async def test_of_two_who_connect_at_once_one_wins(office: Office) -> None:
    """Both prove it; the database lets one through, the other is told."""
    service = office.bot.core.services.tenants
    wanted = ConnectInput(
        workspace_id=WorkspaceId("T0CONTOSO"),
        name="Contoso",
        cloud=Cloud.GLOBAL,
        tenant_id=TenantId(UUID(TENANT_ID)),
        client_id=ClientId(UUID(CLIENT_ID)),
        credential=AppCredential(SignInKind.SECRET, SECRET),
        alerts_channel=ChannelId(ALERTS),
        approvals_channel=ChannelId(APPROVALS),
        approvers=(SlackUserId(AMIR),),
    )

    outcomes = await asyncio.gather(
        *(service.connect(wanted, by=SlackUserId(who)) for who in (ADA, NORA)),
        return_exceptions=True,
    )

    assert sorted(type(each).__name__ for each in outcomes) == [
        "AlreadyConnectedError",
        "Tenant",
    ]
    assert len(await service.list_connected()) == 1


async def test_two_tenants_cannot_have_one_name(office: Office) -> None:
    """People pick them by it."""
    await office.connects()

    await fills_in(office, name="contoso", client_id=SECRET_ID)

    view = await office.sees_modal(ADA, "called Contoso already")
    assert flagged(view) == "Name"


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


def typed_in(view: Json, label: str) -> str:
    """What stands in a text field."""
    block = input_labelled(view, label)
    state = view["state"]["values"][block["block_id"]]
    return str(state[block["element"]["action_id"]]["value"])


async def test_who_closes_the_modal_hears_by_direct_message(office: Office) -> None:
    """The wait is not a trap: the outcome follows."""
    office.entra.faults.slow(700)
    await fills_in(office)
    view = await office.sees_modal(ADA, "Checking …")
    await office.slack.close_view(ADA, view["id"])

    await office.is_told(ADA, "Contoso Ltd", "Check again")


async def test_graph_that_does_not_answer_is_no_connection(office: Office) -> None:
    """Nothing is stored, and nothing to blame on a field."""
    office.entra.faults.network_down()

    await fills_in(office)

    view = await office.sees_modal(ADA, "Not connected.", "cannot reach")
    assert flagged(view) is None
    assert await office.bot.core.services.tenants.list_connected() == []


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
