"""Alert cards: what they say, and which buttons they have."""

from dataclasses import replace

import pytest

from bot.domain.alerts import Alert, AlertStatus
from bot.domain.clouds import Cloud
from bot.domain.ids import SlackUserId
from bot.views.alerts import (
    acknowledged_text,
    alert_message,
    check_text,
    digest_message,
    escalation_message,
    snoozed_text,
)
from tests.drawn_alerts import (
    REFUSED,
    TENANT,
    UNFINISHED,
    address,
    assert_slack_takes,
    buttons,
    consent,
    expiry,
    own,
    words,
)
from tests.watching import NOW, a_tenant

pytestmark = pytest.mark.quick


def test_an_expiry_card_says_everything_one_needs() -> None:
    """App, client ID, credential, end, days left, owners, tenant, what to do."""
    alert = expiry(app="Payroll", owners=("Omar Haddad", "Nora Lind"))
    drawing = alert_message(alert, TENANT)
    text = words(drawing)
    for expected in (
        "Payroll: client secret ends in 3 days",
        alert.facts["client_id"],
        "Client secret `Secret one` beginning with `aB3`",
        "(3 days left)",
        "<!date^",
        "Omar Haddad\nNora Lind",
        "Contoso (Contoso Ltd)",
        "1. Add a new client secret",
    ):
        assert expected in text
    assert drawing.text == "Payroll: client secret ends in 3 days · Contoso"
    assert_slack_takes(drawing)


@pytest.mark.parametrize(
    ("days", "title"),
    [
        (1.5, "Payroll: client secret ends in 1 day"),
        (0.5, "Payroll: client secret ends in less than a day"),
        (-40, "Payroll: client secret has expired"),
    ],
)
def test_headlines_by_time_left(days: float, title: str) -> None:
    """Words for the last day and for what is over."""
    assert alert_message(expiry(days=days), TENANT).blocks[0]["text"]["text"] == title


def test_buttons_follow_the_state() -> None:
    """All four while open; no second "Acknowledge"; only the link once resolved."""
    alert = expiry()
    assert buttons(alert_message(alert, TENANT)) == [
        "Acknowledge",
        "Snooze",
        "Check again",
        "Show in Entra",
    ]
    acknowledged = replace(
        alert,
        status=AlertStatus.ACKNOWLEDGED,
        acknowledged_by=SlackUserId("UADA"),
        acknowledged_at=NOW,
    )
    drawing = alert_message(acknowledged, TENANT)
    assert buttons(drawing) == ["Snooze", "Check again", "Show in Entra"]
    assert "Acknowledged by <@UADA>" in words(drawing)
    resolved = replace(
        acknowledged,
        status=AlertStatus.RESOLVED,
        resolved_at=NOW,
        resolution="It was removed from the app registration.",
    )
    drawing = alert_message(resolved, TENANT)
    assert buttons(drawing) == ["Show in Entra"]
    assert "*Resolved.* It was removed" in words(drawing)
    assert drawing.text.startswith("Resolved: Payroll: client secret")


def test_what_is_told_from_memory_says_so() -> None:
    """The tenant could not be read; the end is known from before."""
    alert = expiry()
    remembered = replace(alert, facts={**alert.facts, "from_memory": "yes"})
    text = words(alert_message(remembered, TENANT))
    assert "this is what it read last" in text
    assert "(3 days left)" in text


def test_a_snooze_is_shown_with_who_and_until_when() -> None:
    """Others should know why it is quiet."""
    alert = replace(expiry(), snoozed_by=SlackUserId("UADA"), snoozed_until=NOW)
    assert "Snoozed by <@UADA> until <!date^" in words(alert_message(alert, TENANT))
    assert snoozed_text(alert).startswith("Snoozed until <!date^")


def test_own_credential_says_rotate() -> None:
    """Only /entra rotate makes Gatehouse use a new one."""
    text = words(alert_message(own(), TENANT))
    assert "/entra rotate" in text
    assert "Client secret that Gatehouse signs in with ends in 2 days" in text


def test_consent_cards_name_revoked_and_delegated_permissions() -> None:
    """Each missing permission with its purpose and what is odd about it."""
    core = consent(before=frozenset({"Organization.Read.All"}))[0]
    text = words(alert_message(core, TENANT))
    assert "Consent revoked for core" in text
    assert "`Organization.Read.All` *revoked*" in text
    assert "requested as Delegated" in text
    assert "read the tenant's name and verified domains" in text
    assert "Snooze" not in buttons(alert_message(core, TENANT))


def test_failures_say_what_happened_and_what_to_do() -> None:
    """Entra's code and the remedy; and that nothing is called resolved meanwhile."""
    refused = words(alert_message(REFUSED, TENANT))
    assert "AADSTS7000222" in refused
    assert "1. Add one." in refused
    unfinished = words(alert_message(UNFINISHED, TENANT))
    assert "*Not read to the end:* app registrations." in unfinished
    assert "nothing that it could not see is called resolved" in unfinished


def test_show_in_entra_leads_to_the_page_of_the_right_cloud() -> None:
    """Credentials of the app concerned, or the API permissions of ours."""
    alert = expiry()
    assert address(alert_message(alert, TENANT)).endswith(
        f"/Credentials/appId/{alert.facts['client_id']}"
    )
    china = a_tenant(cloud=Cloud.CHINA)
    link = address(alert_message(consent()[0], china))
    assert link.startswith("https://portal.azure.cn/")
    assert link.endswith(f"/CallAnAPI/appId/{china.client_id}")


def test_a_digest_names_what_waits_for_a_card() -> None:
    """As many as fit, the rest counted; and an end when none is left."""
    few = digest_message([expiry(), expiry(app="Other")], TENANT)
    assert "2 more credentials near the end" in words(few)
    assert "• Payroll: client secret ends in 3 days · <!date^" in words(few)
    many = digest_message([hostile_expiry()] * 40, TENANT)
    assert_slack_takes(many)
    shown = words(many).count("•")
    assert 10 < shown < 40
    assert f"… and {40 - shown} more: type `/entra secrets`" in words(many)
    assert "resolved or have their own cards" in digest_message([], TENANT).text


def hostile_expiry() -> Alert:
    """An app whose name is nothing but markup."""
    return expiry(app="&" * 200)


def test_replies_in_the_thread_are_one_short_paragraph() -> None:
    """How it stands now, and whose it is; resolved meanwhile says so."""
    drawing = escalation_message(expiry(), TENANT, "3")
    assert "*Payroll: client secret ends in 3 days* in Contoso" in drawing.text
    assert "Owners: Omar Haddad" in words(drawing)
    grown = escalation_message(consent()[0], TENANT, "User.Read.All")
    assert "Newly missing: User.Read.All" in grown.text
    over = replace(expiry(), status=AlertStatus.RESOLVED, resolution="It is gone.")
    assert escalation_message(over, TENANT, "3").text.endswith("It is gone.")


def test_what_the_clicker_is_told() -> None:
    """Still there, resolved, or not to be told; never silence."""
    assert check_text(expiry(), []) == ":warning: Still there: 3 days left."
    assert "Still there: Gatehouse cannot sign in" in check_text(REFUSED, [])
    assert "could not be finished" in check_text(expiry(), ["Graph failed."])
    over = replace(expiry(), status=AlertStatus.RESOLVED, resolution="It is gone.")
    assert check_text(over, []) == ":white_check_mark: Resolved: It is gone."
    assert "nothing to acknowledge" in acknowledged_text(over)
    assert "nothing to snooze" in snoozed_text(over)
