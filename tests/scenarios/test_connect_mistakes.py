"""Connecting a tenant: the mistakes people make, and what they see then."""

import asyncio
from typing import Any
from uuid import UUID

import pytest

from bot.domain.audit import AuditAction
from bot.domain.clouds import Cloud
from bot.domain.ids import ChannelId, ClientId, SlackUserId, TenantId, WorkspaceId
from bot.domain.tenants import AppCredential, ConnectInput, SignInKind
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
    SECRET,
    SECRET_ID,
    TENANT_ID,
)
from tests.scenarios.screen import words_in
from tests.scenarios.tenant_desk import (
    CONNECTED,
    fills_in,
    flagged,
    initial,
    opens,
    written_down,
)


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


async def test_graph_that_does_not_answer_is_no_connection(office: Office) -> None:
    """Nothing is stored, and nothing to blame on a field."""
    office.entra.faults.network_down()

    await fills_in(office)

    view = await office.sees_modal(ADA, "Not connected.", "cannot reach")
    assert flagged(view) is None
    assert await office.bot.core.services.tenants.list_connected() == []
