"""Alerts of every kind for tests of drawings, and reading what was drawn."""

from datetime import timedelta
from typing import Any

from bot.domain.alerts import Alert
from bot.domain.credentials import Credential
from bot.domain.findings import (
    consent_findings,
    expiry_findings,
    own_credential_finding,
    scan_finding,
    sign_in_finding,
)
from bot.domain.permissions import NEEDS, PermissionReport
from bot.views.text import Drawing
from sandbox.slack.blocks.judge import judge_message
from tests.watching import NOW, a_credential, a_tenant, an_alert

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
    judge_message(drawing.blocks)
    assert 0 < len(drawing.text) <= 1500
    assert "<!" not in drawing.text.replace("<!date^", "")
