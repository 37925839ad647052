"""Alert cards, the replies in their threads, and what a clicker is told alone."""

from collections.abc import Sequence
from enum import StrEnum
from typing import Any
from uuid import UUID

from bot.domain.alerts import Alert, AlertKind, AlertStatus
from bot.domain.credentials import days_left
from bot.domain.ids import ClientId
from bot.domain.tenants import Tenant
from bot.graph.clouds import api_permissions_link, credentials_link
from bot.views.alert_words import (
    explanation,
    fact_pairs,
    headline,
    instructions,
    time_left,
)
from bot.views.rows import as_many_as_fit, row_sections
from bot.views.text import (
    Drawing,
    actions,
    button,
    context,
    count,
    day,
    escape,
    facts,
    foreign,
    header,
    link_button,
    person,
    section,
    when,
)

DIGEST_CHARS = 6_000  # some sixty rows


class ActionId(StrEnum):
    """Buttons of an alert's card."""

    ACKNOWLEDGE = "alert.acknowledge"
    SNOOZE = "alert.snooze"
    CHECK_AGAIN = "alert.check_again"
    SHOW_IN_ENTRA = "alert.show_in_entra"


def alert_message(alert: Alert, tenant: Tenant) -> Drawing:
    """The one card of an alert, as it stands now.

    Days left are counted from the last scan that saw the fact, which the card names.
    """
    if alert.status is AlertStatus.RESOLVED:
        return _resolved_message(alert, tenant)
    title = headline(alert)
    blocks = [
        header(title),
        *([section(words)] if (words := explanation(alert)) else []),
        facts(fact_pairs(alert, tenant)),
        section(_numbered(instructions(alert))),
        context(_status_line(alert)),
        actions(*_buttons(alert, tenant)),
    ]
    return Drawing(f"{escape(title)} · {foreign(tenant.name)}", blocks)


def escalation_message(alert: Alert, tenant: Tenant, detail: str) -> Drawing:
    """A reply in the alert's thread when the fact became worse.

    Args:
        detail: the stage reached, or the permissions newly missing, one a line; what
            is drawn is how it stands now.
    """
    if alert.status is AlertStatus.RESOLVED:
        line = (
            f":white_check_mark: Resolved meanwhile: {foreign(alert.resolution or '')}"
        )
        return Drawing(line, [section(line)])
    line = f"{_sign(alert)} *{escape(headline(alert))}* in {foreign(tenant.name)}."
    if alert.kind is AlertKind.CONSENT_MISSING:
        newly = ", ".join(foreign(each) for each in detail.split("\n"))
        line = f"{line} Newly missing: {newly}."
    owners = alert.facts.get("owners", "").replace("\n", ", ")
    extra = f"\nOwners: {foreign(owners, 300)}" if owners else ""
    return Drawing(line, [section(f"{line}{extra}\nWhat to do stands above.")])


def digest_message(waiting: Sequence[Alert], tenant: Tenant) -> Drawing:
    """What one scan found beyond the most urgent, which have cards.

    Args:
        waiting: those of them that are open and still without a card, soonest first.
    """
    if not waiting:
        line = ":white_check_mark: All of these are resolved or have their own cards."
        return Drawing(line, [section(line)])
    title = f"{count(len(waiting), 'more credential')} near the end"
    rows = as_many_as_fit([_digest_row(alert) for alert in waiting], DIGEST_CHARS)
    hidden = len(waiting) - len(rows)
    rest = f"… and {hidden} more: type `/entra secrets`. " if hidden else ""
    blocks = [
        header(title),
        *row_sections(rows),
        context(f"{rest}Each gets a card of its own when it comes nearer."),
    ]
    return Drawing(f"{escape(title)} · {foreign(tenant.name)}", blocks)


def check_text(alert: Alert, problems: Sequence[str]) -> str:
    """What the person who pressed "Check again" is told alone.

    Args:
        problems: what the check just made could not read.
    """
    if alert.status is AlertStatus.RESOLVED:
        return f":white_check_mark: Resolved: {foreign(alert.resolution or '', 300)}"
    if problems:
        first, *others = (foreign(problem, 300) for problem in problems)
        more = f" ({count(len(others), 'more problem')})" if others else ""
        return (
            ":warning: The check could not be finished, so this stays open. "
            f"{first}{more}"
        )
    left = time_left(alert)
    return f":warning: Still there: {left or escape(headline(alert))}."


def acknowledged_text(alert: Alert) -> str:
    """What somebody is told who acknowledges what is taken care of already."""
    if alert.status is AlertStatus.RESOLVED:
        return "This alert is resolved already; there is nothing to acknowledge."
    if alert.acknowledged_by is None or alert.acknowledged_at is None:
        return "This alert is open."
    by, at = person(alert.acknowledged_by), when(alert.acknowledged_at)
    return f"{by} acknowledged this already, {at}."


def snoozed_text(alert: Alert) -> str:
    """What the person who snoozed an alert is told alone."""
    if alert.status is AlertStatus.RESOLVED or alert.snoozed_until is None:
        return "This alert is resolved already; there is nothing to snooze."
    return (
        f"Snoozed until {when(alert.snoozed_until)}. It speaks up sooner when at most "
        "a day is left."
    )


def _digest_row(alert: Alert) -> str:
    end = f" · {day(alert.ends_at)}" if alert.ends_at else ""
    return f"• {foreign(headline(alert), 90)}{end}"


def _resolved_message(alert: Alert, tenant: Tenant) -> Drawing:
    title = f"Resolved: {headline(alert, over=True)}"
    line = f":white_check_mark: *Resolved.* {foreign(alert.resolution or '', 300)}"
    at = f"Resolved {when(alert.resolved_at)}" if alert.resolved_at else "Resolved"
    blocks = [
        header(title),
        section(line),
        facts(fact_pairs(alert, tenant)),
        context(f"{at} · opened {when(alert.opened_at)}"),
        actions(_show_in_entra(alert, tenant)),
    ]
    return Drawing(f"{escape(title)} · {foreign(tenant.name)}", blocks)


def _buttons(alert: Alert, tenant: Tenant) -> list[dict[str, Any]]:
    key = str(alert.id)
    buttons = []
    if alert.status is AlertStatus.OPEN:
        buttons.append(button("Acknowledge", ActionId.ACKNOWLEDGE, key))
    if alert.stage is not None:
        buttons.append(button("Snooze", ActionId.SNOOZE, key))
    buttons.append(button("Check again", ActionId.CHECK_AGAIN, key))
    return [*buttons, _show_in_entra(alert, tenant)]


def _show_in_entra(alert: Alert, tenant: Tenant) -> dict[str, Any]:
    return link_button("Show in Entra", ActionId.SHOW_IN_ENTRA, _address(alert, tenant))


def _address(alert: Alert, tenant: Tenant) -> str:
    if alert.kind in _SHOWN_IN_PERMISSIONS:
        return api_permissions_link(tenant.cloud, tenant.client_id)
    if alert.kind is AlertKind.CREDENTIAL_EXPIRY:
        return credentials_link(tenant.cloud, ClientId(UUID(alert.facts["client_id"])))
    return credentials_link(tenant.cloud, tenant.client_id)


_SHOWN_IN_PERMISSIONS = frozenset(
    {AlertKind.CONSENT_MISSING, AlertKind.SCAN_FAILING, AlertKind.SYNC_FAILING}
)


def _status_line(alert: Alert) -> str:
    parts = [f"{_sign(alert)} Open since {when(alert.opened_at)}"]
    if alert.acknowledged_by is not None and alert.acknowledged_at is not None:
        by, at = person(alert.acknowledged_by), when(alert.acknowledged_at)
        parts = [f"{_sign(alert)} Acknowledged by {by}, {at}"]
    if alert.snoozed_until is not None and alert.snoozed_by is not None:
        until = when(alert.snoozed_until)
        parts.append(f"Snoozed by {person(alert.snoozed_by)} until {until}")
    return " · ".join([*parts, f"As of {when(alert.seen_at)}"])


def _sign(alert: Alert) -> str:
    if alert.ends_at is None:
        return ":red_circle:"
    left = days_left(alert.ends_at, now=alert.seen_at)
    return ":red_circle:" if left < 1 else ":large_orange_circle:"


def _numbered(steps: Sequence[str]) -> str:
    lines = [f"{number}. {step}" for number, step in enumerate(steps, 1)]
    return "\n".join(["*What to do*", *lines])
