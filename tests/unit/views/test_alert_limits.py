"""Every alert drawing stays within Slack's limits, whatever a directory says."""

from dataclasses import replace

import pytest

from bot.domain.alerts import Alert, AlertStatus, Finding
from bot.domain.ids import SlackUserId
from bot.views.alerts import (
    alert_message,
    escalation_message,
)
from tests.drawn_alerts import (
    HOSTILE,
    REFUSED,
    UNFINISHED,
    assert_slack_takes,
    consent,
    expiry,
    own,
    words,
)
from tests.watching import NOW, a_tenant, an_alert

pytestmark = pytest.mark.quick


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
