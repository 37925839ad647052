"""The answers of /entra secrets and /entra consent."""

from datetime import UTC, datetime, timedelta

import pytest

from bot.domain.errors import BotError
from bot.domain.overviews import (
    EndingCredential,
    SecretsOverview,
    TenantConsent,
    WatchedTenant,
)
from bot.domain.permissions import NEEDS, PermissionReport
from bot.views.secrets import consent_message, secrets_message
from bot.views.text import Drawing
from sandbox.slack.blocks.judge import judge_message
from tests.watching import NOW, a_credential, a_tenant

pytestmark = pytest.mark.quick

HOSTILE = "&<!here>`" * 30


def said(drawing: Drawing) -> str:
    """All lines of the sections and context blocks."""
    judge_message(drawing.blocks)
    lines = [block["text"]["text"] for block in drawing.blocks if "text" in block]
    small = [b["elements"][0]["text"] for b in drawing.blocks if b["type"] == "context"]
    return "\n".join([*lines, *small])


def overview(*endings: EndingCredential, more: int = 0) -> SecretsOverview:
    """An overview of Contoso, read an hour ago."""
    tenant = a_tenant(last_scan_at=NOW - timedelta(hours=1))
    return SecretsOverview([WatchedTenant(tenant)], endings, more, NOW)


def test_rows_name_app_credential_time_left_and_tenant() -> None:
    """Expired ones are marked, Gatehouse's own is named, "never" is no date."""
    own = a_credential("Gatehouse", days=45)
    tenant = a_tenant(credential_key_id=own.key_id)
    text = said(
        secrets_message(
            overview(
                EndingCredential(tenant, a_credential("Old", days=-3)),
                EndingCredential(tenant, a_credential("Soon", days=0.5)),
                EndingCredential(tenant, own),
                EndingCredential(
                    tenant,
                    a_credential("Ever", ends_at=datetime(2299, 1, 1, tzinfo=UTC)),
                ),
                more=7,
            )
        )
    )
    rows = [line for line in text.splitlines() if line.startswith("•")]
    assert ":red_circle: *expired* <!date^" in rows[0]
    assert "*Soon*: client secret `Secret one`, `aB3`… · *less than a day left*" in text
    assert "*45 days left*" in rows[2]
    assert "Gatehouse signs in with it" in rows[2]
    assert "no end" in rows[3]
    assert "… and 7 more" in text
    assert "Contoso: as of <!date^" in text


def test_a_tenant_whose_last_scan_failed_says_so() -> None:
    """Old knowledge is never shown as fresh."""
    failing = WatchedTenant(a_tenant(), ("Graph failed.",))
    text = said(secrets_message(SecretsOverview([failing], [], 0, NOW)))
    assert ":warning: Contoso: not read to the end so far" in text
    assert "The last scan failed: Graph failed." in text
    assert "No credential with an end date is known." in text


def test_without_tenants_the_way_to_connect_is_told() -> None:
    """An empty list would say nothing."""
    assert "/entra connect" in secrets_message(SecretsOverview([], [], 0, NOW)).text
    assert "/entra connect" in consent_message([]).text


def test_of_twenty_hostile_rows_as_many_as_fit_are_shown() -> None:
    """The longest names, every character written as an entity."""
    tenant = a_tenant(name=HOSTILE[:60])
    row = EndingCredential(
        tenant,
        a_credential(app=HOSTILE, display_name=HOSTILE, hint=HOSTILE, days=5),
    )
    watched = [WatchedTenant(tenant, (HOSTILE,) * 3)] * 30
    drawing = secrets_message(SecretsOverview(watched, [row] * 20, 0, NOW))
    text = said(drawing)
    shown = text.count("*5 days left*")
    assert 10 < shown < 20
    assert f"… and {20 - shown} more" in text
    assert "<!here>" not in text


def test_consent_by_feature_with_what_is_missing_and_wrong() -> None:
    """Granted, missing and delegated, or why it could not be read."""
    granted = frozenset({"Application.Read.All", "Organization.Read.All"})
    delegated = frozenset({"User.Read.All", "User.RevokeSessions.All"})
    text = said(
        consent_message(
            [
                TenantConsent(a_tenant(), PermissionReport(granted, delegated)),
                TenantConsent(a_tenant(name="Blind"), PermissionReport(granted)),
                TenantConsent(
                    a_tenant(name="Lost"), problem=BotError("No token.", remedy="Fix.")
                ),
            ]
        )
    )
    assert ":white_check_mark: Watch: 1 of 1 granted" in text
    assert ":warning: Deprovisioning: 0 of 7 granted; missing `User.Read.All`" in text
    assert "Requested as Delegated, not Application: `User.Read.All`" in text
    assert "What the registration requests could not be read." in text
    assert "*Lost*\n:warning: Could not be read now. No token.\n*Next:* Fix." in text


def test_consent_of_many_tenants_fits() -> None:
    """Beyond what a message holds the rest is counted."""
    everything = frozenset(str(need.role) for need in NEEDS)
    one = TenantConsent(
        a_tenant(name=HOSTILE[:60]), PermissionReport(frozenset(), everything)
    )
    text = said(consent_message([one] * 20))
    shown = text.count("Provisioning: 0 of")
    assert 5 <= shown < 20
    assert f"… and {20 - shown} tenants more." in text
