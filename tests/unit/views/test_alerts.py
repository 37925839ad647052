"""Alert cards: what they say, which buttons they have, and Slack's limits."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from bot.domain.alerts import Alert, AlertStatus, Finding
from bot.domain.clouds import Cloud
from bot.domain.credentials import Credential
from bot.domain.findings import (
    consent_findings,
    expiry_findings,
    own_credential_finding,
    scan_finding,
    sign_in_finding,
)
from bot.domain.ids import SlackUserId
from bot.domain.permissions import NEEDS, PermissionReport
from bot.views.alerts import (
    acknowledged_text,
    alert_message,
    check_text,
    escalation_message,
    snoozed_text,
)
from bot.views.text import Drawing
from sandbox.slack.blocks.judge import find_faults
from sandbox.slack.blocks.spots import Surface
from tests.watching import NOW, a_credential, a_tenant, an_alert

pytestmark = pytest.mark.quick

HOSTILE = "<!channel> & *bold* `code`\n> \u202eeurt <https://x|y>" * 8
TENANT = a_tenant()


def expiry(**changes: Any) -> Alert:
    """The alert of a secret with 3.5 days left."""
    credential: Credential = a_credential(**{"days": 3.5} | changes)
    (finding,) = expiry_findings(
        [credential], own=None, told=[told_key(credential)], now=NOW
    )
    return an_alert(finding)


def told_key(credential: Credential) -> str:
    """The fact key, so that long expired ones are found too."""
    return f"credential:{credential.app_object_id}:{credential.key_id}"


def own() -> Alert:
    """The alert of Gatehouse's own secret."""
    tenant = a_tenant(credential_ends_at=NOW + timedelta(days=2), credential_hint="gh8")
    finding = own_credential_finding(tenant, now=NOW)
    assert finding is not None
    return an_alert(finding)


def consent(before: frozenset[str] = frozenset()) -> list[Alert]:
    """Alerts of every feature, with everything missing."""
    everything = frozenset(str(need.role) for need in NEEDS)
    report = PermissionReport(frozenset(), everything, everything)
    found = consent_findings(report, before=before, alerts=[])
    return [an_alert(finding) for finding in found]


REFUSED = an_alert(
    sign_in_finding("The secret expired (AADSTS7000222).", "Add one.", code=7000222)
)
UNFINISHED = an_alert(
    scan_finding("app registrations", "Graph failed.", "Wait.", code="unavailable")
)


def words(drawing: Drawing) -> str:
    """Everything that the blocks say."""
    return "\n".join(_texts(drawing.blocks))


def _texts(node: Any) -> list[str]:
    if isinstance(node, list):
        return [text for each in node for text in _texts(each)]
    if isinstance(node, dict):
        own_text = [node["text"]] if isinstance(node.get("text"), str) else []
        return own_text + [text for each in node.values() for text in _texts(each)]
    return []


def buttons(drawing: Drawing) -> list[str]:
    """Labels of the buttons, in order."""
    return [
        element["text"]["text"]
        for block in drawing.blocks
        if block["type"] == "actions"
        for element in block["elements"]
    ]


def address(drawing: Drawing) -> str:
    """Where "Show in Entra" leads."""
    return str(drawing.blocks[-1]["elements"][-1]["url"])


def assert_slack_takes(drawing: Drawing) -> None:
    """Hold a drawing to Slack's limits, and its line to what a notification shows."""
    assert find_faults(drawing.blocks, Surface.MESSAGE) == []
    assert 0 < len(drawing.text) <= 1500
    assert "<!" not in drawing.text.replace("<!date^", "")


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
    assert "Consent revoked for the basics" in text
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
    assert "Reading app registrations did not come to its end" in unfinished
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


def hostile(finding: Finding) -> Alert:
    """The finding with the worst text in every fact that a stranger may write."""
    free = {"app_name", "display_name", "hint", "message", "remedy", "part"}
    facts = {k: HOSTILE if k in free else v for k, v in finding.facts.items()}
    return an_alert(
        replace(finding, facts=facts | {"owners": "\n".join([HOSTILE] * 9)})
    )


@pytest.mark.parametrize("status", AlertStatus)
@pytest.mark.parametrize(
    "alert",
    [expiry(), expiry(days=-1), own(), *consent(), REFUSED, UNFINISHED],
    ids=lambda alert: alert.kind.value,
)
def test_every_card_stays_within_slacks_limits(
    alert: Alert, status: AlertStatus
) -> None:
    """Whatever is written in the directory."""
    finding = Finding(
        alert.kind, alert.fact_key, alert.facts, alert.stage, alert.ends_at
    )
    full = replace(
        hostile(finding),
        status=status,
        acknowledged_by=SlackUserId("UADA"),
        acknowledged_at=NOW,
        snoozed_by=SlackUserId("UADA"),
        snoozed_until=NOW,
        resolved_at=NOW,
        resolution=HOSTILE,
    )
    tenant = a_tenant(name=HOSTILE[:60], display_name=HOSTILE)
    for drawing in (
        alert_message(full, tenant),
        escalation_message(full, tenant, "7"),
    ):
        assert_slack_takes(drawing)
        # The header is plain_text, where nothing is parsed.
        assert "<!channel>" not in words(replace(drawing, blocks=drawing.blocks[1:]))
        assert "\u202e" not in words(drawing)
